import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { rootPath } from '../../src/platform/root.ts';
import { projectFiles } from './context.ts';

describe.each(projectFiles().filter((path) => path.endsWith('.md')))('%s', (page) => {
  const text = readFileSync(rootPath(page), 'utf8');

  test('names only files and folders that are there', () => {
    expect(namedPaths(page, text).filter((path) => !isThere(path))).toEqual([]);
  });

  test('names only npm commands that are there', () => {
    const { scripts } = JSON.parse(readFileSync(rootPath('package.json'), 'utf8'));
    const named = [...text.matchAll(/npm (?:run (?:-s )?)?([\w:-]+)/g)].map((match) => match[1] ?? '');
    expect(named.filter((name) => !(name in scripts) && !NPM_ITSELF.has(name))).toEqual([]);
  });
});

const NPM_ITSELF = new Set(['ci', 'install', 'run']);

/** Links and pictures, from the page's own folder, and every code span that starts like one of our folders. A `<placeholder>` ends the part that must exist. */
function namedPaths(page: string, text: string): string[] {
  const linked = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map((match) => join(dirname(page), match[1] ?? ''));
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '');
  const files = spans.filter((span) =>
    /^(\.ci|src|jobs|test|views|public|locales|prisma|scripts|docs)(\/|$)/.test(span),
  );
  return [...new Set([...linked, ...files].map((path) => path.replace(/[<*{…].*$/, '').replace(/\/$/, '')))];
}

function isThere(path: string): boolean {
  return existsSync(rootPath(path));
}
