import { existsSync, readFileSync } from 'node:fs';

/** The text of a file of the data folder beside the repository; null for those who have only the repository. */
export function sharedData(name: string): string | null {
  const file = new URL(`../../../shared/data/${name}`, import.meta.url);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
