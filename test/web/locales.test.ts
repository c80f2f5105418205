import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { rootPath } from '../../src/platform/root.ts';

type Words = { [key: string]: string | Words };

const read = (locale: string) => flatten(JSON.parse(readFileSync(rootPath('locales', `${locale}.json`), 'utf8')));
const english = read('en');
const ukrainian = read('uk');

const PLURAL = /_(zero|one|few|many|other)$/;
const bare = (key: string) => key.replace(PLURAL, '');

const sources = [...filesBelow('src'), ...filesBelow('jobs'), ...filesBelow('views')]
  .filter((file) => ['.ts', '.hbs'].includes(extname(file)) && !file.includes('generated'))
  .map((file) => ({ file, text: withoutComments(readFileSync(rootPath(file), 'utf8')) }));

describe('the words', () => {
  test('are the same in every language', () => {
    const keys = (words: Map<string, string>) => [...new Set([...words.keys()].map(bare))].sort();
    // What only programs read is English.
    const shown = (key: string) => !key.startsWith('web.problem.');
    expect(keys(ukrainian).filter(shown)).toEqual(keys(english).filter(shown));
  });

  test('take the same values in every language', () => {
    // The count may be told in words.
    const values = (text = '') =>
      [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name))]
        .filter((name) => name !== 'count')
        .sort();
    for (const [key, text] of ukrainian) {
      const twin = english.get(key) ?? english.get(`${bare(key)}_other`);
      expect([key, values(text)]).toEqual([key, values(twin)]);
    }
  });

  test('have every plural form of their language', () => {
    const forms = { en: ['one', 'other'], uk: ['one', 'few', 'many', 'other'] };
    for (const [words, wanted] of [
      [english, forms.en],
      [ukrainian, forms.uk],
    ] as const) {
      const plurals = new Set([...words.keys()].filter((key) => PLURAL.test(key)).map(bare));
      for (const key of plurals) {
        const there = wanted.filter((form) => words.has(`${key}_${form}`));
        expect([key, ...there]).toEqual([key, ...wanted]);
      }
    }
  });

  test('that the program asks for are all there', () => {
    const known = new Set([...english.keys()].map(bare));
    const missing = sources.flatMap(({ file, text }) =>
      asked(text)
        .filter((key) => !known.has(key))
        .map((key) => `${file}: ${key}`),
    );
    expect(missing).toEqual([]);
  });

  test('that are there are all asked for', () => {
    const literals = new Set(sources.flatMap(({ text }) => strings(text)));
    const patterns = sources.flatMap(({ text }) => templates(text));
    const unused = [...new Set([...english.keys()].map(bare))].filter(
      (key) => !literals.has(key) && !titles.has(key) && !patterns.some((pattern) => pattern.test(key)),
    );
    expect(unused).toEqual([]);
  });
});

// The title of a page without a title of its own (see src/web/views.ts).
const titles = new Set(
  filesBelow('views').map(
    (file) =>
      `${file
        .replace(/^views\//, '')
        .replace(/\.hbs$/, '')
        .replaceAll('/', '.')}.title`,
  ),
);

/** Keys in `t('…')`, `{{t "…"}}` and `(t "…")`. */
function asked(text: string): string[] {
  return [...text.matchAll(/\bt\(\s*'([^'$]+)'|[({]t "([^"]+)"/g)].map(([, code, template]) => code ?? template ?? '');
}

/** Every text that may be a key: schemas carry keys as messages, the menu as labels. */
function strings(text: string): string[] {
  return [...text.matchAll(/['"]([\w-]+(?:\.[\w-]+)+)['"]/g)].map(([, key]) => key ?? '');
}

/** `` `auth.role.${role}.name` `` as a pattern. A template that begins with a value could be any key, and counts for none. */
function templates(text: string): RegExp[] {
  return [...text.matchAll(/`([\w-]+\.[\w.-]*\$\{[^`]*)`/g)].map(([, template = '']) => {
    const parts = template.split(/\$\{(?:[^{}]|\{[^}]*\})*\}/).map((part) => part.replace(/[.*+?^$()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${parts.join('.+')}$`);
  });
}

function withoutComments(text: string): string {
  return text.replace(/\/\*\*.*?\*\//gs, '').replace(/^\s*\/\/.*$/gm, '');
}

function filesBelow(folder: string): string[] {
  return readdirSync(rootPath(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(rootPath().length + 1));
}

function flatten(words: Words, prefix = ''): Map<string, string> {
  const entries = Object.entries(words).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[prefix + key, value]] : [...flatten(value, `${prefix}${key}.`)],
  );
  return new Map(entries);
}
