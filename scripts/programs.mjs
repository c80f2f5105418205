import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs of the system that the tests use, by the names they go by, and the package that brings them. */
export const PROGRAMS = {
  redis: {
    names: ['redis-server', 'valkey-server'],
    packages: { 'apt-get': 'redis-server', dnf: 'valkey', apk: 'redis' },
  },
  chromium: {
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    packages: { 'apt-get': 'chromium', dnf: 'chromium', apk: 'chromium' },
  },
};

/** Programs that attack the portal (`npm run attack`); their packages bear their names. */
export const ATTACKERS = Object.fromEntries(
  ['sqlmap', 'wapiti', 'ffuf', 'slowhttptest'].map((name) => [name, { names: [name], packages: {} }]),
);

/** Where a program lies; null: it is not installed. */
export function findProgram({ names }) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...MAC];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable) ?? null;
}

const MAC = ['/opt/homebrew/bin', '/Applications/Chromium.app/Contents/MacOS'];

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
