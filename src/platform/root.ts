import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A path inside the project: `rootPath('views')`. The same from the sources (`src/`) and from the build (`dist/src/`),
 * because what is read at run time (views, public, locales, migrations) lies in neither.
 */
export function rootPath(...parts: string[]): string {
  return join(root, ...parts);
}

const root = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('No package.json above the program: it was moved out of its project');
  return findRoot(parent);
}
