import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

/** All our own files of these folders that end so. */
const read = (folders: readonly string[], end: RegExp) =>
  folders
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)).replaceAll('\\', '/')),
    )
    .filter((path) => end.test(path) && !path.startsWith('src/generated/'))
    .map((path) => [path, readFileSync(path, 'utf8').replace(/^\s*(?:\/\/|\*|\/\*\*).*$/gm, '')] as const);

const sources = read(['src', 'jobs'], /\.ts$/);
const having = (files: readonly (readonly [string, string])[], what: RegExp) =>
  files.filter(([, text]) => what.test(text)).map(([path]) => path);

describe('the program', () => {
  test('runs no code out of text', () => {
    expect(having(sources, /\beval\(|new Function\(|node:vm|\bimport\((?!'[^']+'\))|setTimeout\('/)).toEqual([]);
    expect(having(read(['public'], /\.js$/), /\beval\(|new Function\(/)).toEqual([]);
    // Templates are our own files, compiled once at start.
    expect(having(sources, /handlebars|Handlebars\.compile/)).toEqual(['src/web/templates.ts']);
  });

  test('starts no program by a shell, nor any with words of a visitor', () => {
    const starting = having(sources, /node:child_process/);
    expect(
      starting.every((path) => /^src\/platform\/(?:children|postgres|postgres-user|embedded)\.ts$/.test(path)),
    ).toBe(true);
    expect(having(sources, /\bexec(?:Sync)?\(\s*['"`]|execFile|shell: true/)).toEqual([]);
  });

  test('builds no pattern of what a visitor sends', () => {
    const building = sources.flatMap(([path, text]) =>
      [...text.matchAll(/new RegExp\(([^)]*)\)?/g)].map(([, of]) => `${path}: ${of}`),
    );
    // Constants of ours, or escaped sign by sign.
    const constant =
      /: (?:word\.replace\(\/\[\.\*\+\?\^|`name="|`\$\{ODD\.source\}|SPACES|BEFORE_PATRONYMIC|INITIALS|`\^\$\{list\}|`\(\?<!\$\{before)/;
    expect(building.filter((each) => !constant.test(each))).toEqual([]);
  });

  test('reads no object out of bytes but JSON, and keeps to strict types and comparisons', () => {
    expect(having(sources, /node:v8|deserialize\(|\.unserialize|yaml/i)).toEqual([]);
    expect(having(sources, /[^=!]==(?!=| null)|!=(?!=| null)/).filter((path) => !/sql\.ts$/.test(path))).toEqual([]);
    const { compilerOptions } = JSON.parse(readFileSync('tsconfig.json', 'utf8'));
    expect(compilerOptions).toMatchObject({
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
    });
    expect(having(sources, /: any\b|as any\b|@ts-ignore|@ts-expect-error/)).toEqual([]);
  });

  test('turns the check of certificates off nowhere', () => {
    expect(having(sources, /rejectUnauthorized|NODE_TLS_REJECT|tls-min|checkServerIdentity/)).toEqual([]);
  });

  test('has no secret in it', () => {
    const everything = [...sources, ...read(['scripts', 'public', 'views', 'locales'], /\.(?:m?js|ts|hbs|json)$/)];
    expect(having(everything, /-----BEGIN|\bAC[0-9a-f]{32}\b|\bclk_[\w-]{20,}|AKIA[0-9A-Z]{16}/)).toEqual([]);
  });
});

describe('our pages', () => {
  const views = read(['views'], /\.hbs$/);

  test('print nothing unescaped', () => {
    const raw = views.flatMap(([path, text]) => [...text.matchAll(/\{\{\{(?!@body\}\}\})|\{\{&/g)].map(() => path));
    expect(raw).toEqual([]);
  });

  test('use HTML, CSS and script of ours, and nothing that browsers have given up', () => {
    expect(having(views, /<(?:object|embed|applet|iframe|frame|marquee)\b/i)).toEqual([]);
    expect(having(views, /(?:src|href|action)="(?:https?:)?\/\//)).toEqual([]);
  });

  test('and their scripts write text as text, keep nothing of people in the browser, and hear no messages of other sites', () => {
    const scripts = read(['public'], /\.js$/);
    expect(
      having(
        scripts,
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|postMessage|addEventListener\('message'|indexedDB|sessionStorage/,
      ),
    ).toEqual([]);
    const kept = scripts.flatMap(([path, text]) =>
      [...text.matchAll(/localStorage\.setItem\(([^;]*)\)/g)].map(([, what]) => `${path}: ${what}`),
    );
    expect(kept).toEqual(["public/moderation.js: STORE, on ? 'on' : 'off'"]);
  });

  test('ask for a password where one is checked, and no question about the person', () => {
    const fields = views
      .filter(([path]) => path.startsWith('views/auth/'))
      .flatMap(([, text]) => [...text.matchAll(/(?:name=|> field name=)"([\w-]+)"/g)].map(([, name]) => name ?? ''));
    const known = ['next', 'email', 'password', 'current', 'username', 'name', 'locale', 'code', 'secret'];
    expect([...new Set(fields)].filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('the image', () => {
  test('is built without the history of the sources, and keeps no secret of the builder', () => {
    const ignored = readFileSync('.dockerignore', 'utf8').split('\n');
    for (const path of ['.git', '.env', '.data', 'test']) expect(ignored).toContain(path);
    const dockerfile = readFileSync('Dockerfile', 'utf8');
    expect(dockerfile.slice(dockerfile.lastIndexOf('FROM'))).not.toMatch(
      /COPY (?:--\S+ )?\. |\.git|ARG .*(?:SECRET|TOKEN|PASSWORD)/,
    );
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^ENV NODE_ENV=production$/m);
  });
});

test('compose.yaml holds no password: each is asked for before anything starts', () => {
  const lines = readFileSync('compose.yaml', 'utf8')
    .split('\n')
    .filter((line) => !/^\s*#/.test(line));
  const secrets = lines.filter((line) => /^\s+\w*(?:PASSWORD|SECRET|KEY|TOKEN)\w*:/.test(line));
  expect(secrets.length).toBeGreaterThanOrEqual(3);
  for (const line of secrets) expect(line).toMatch(/: \$\{\w+:\?[^}]+\}$/);
  expect(lines.filter((line) => /:\/\/[^\s/@]*:(?!\$\{)[^\s/@]+@/.test(line))).toEqual([]);
});
