import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where a program of the system lies: the first of the names found on PATH or in `places`; null: nowhere. */
export function findProgram(names: readonly string[], places: readonly string[] = []): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...places];
  return candidates.find(isExecutable) ?? null;
}

/** The browser of the browser tests. */
export function findChromium(): string {
  const found = findProgram(
    ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
    ],
  );
  if (!found) throw new Error('The tests need Chromium: install the package chromium');
  return found;
}

export function findRedis(): string {
  const found = findProgram(['redis-server', 'valkey-server']);
  if (!found) throw new Error('The tests need a Redis server: install the package redis-server');
  return found;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
