import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

const page = readFileSync('docs/asvs.md', 'utf8');

interface Row {
  number: string;
  level: number;
  state: string;
  shown: string;
}

const rows: Row[] = page
  .split('\n')
  .filter((line) => /^\| \d+\.\d+\.\d+ \|/.test(line))
  .map((line) => {
    const [number = '', level, , state = '', ...shown] = line.slice(2, -2).split(' | ');
    return { number, level: Number(level), state, shown: shown.join(' | ') };
  });

/** How many the standard has in each chapter, of level 1 and of level 2. */
const STANDARD: Readonly<Record<number, readonly [number, number]>> = {
  1: [8, 19],
  2: [4, 7],
  3: [8, 11],
  4: [2, 8],
  5: [4, 5],
  6: [13, 22],
  7: [6, 12],
  8: [4, 3],
  9: [4, 3],
  11: [3, 11],
  12: [3, 6],
  13: [1, 12],
  14: [2, 7],
  15: [3, 10],
  16: [0, 16],
};

const named = rows.flatMap(({ number, shown }) =>
  [...shown.matchAll(/`(test\/[^`]+)` “([^”]+)”/g)].map(([, file = '', name = '']) => ({ number, file, name })),
);
const complaints = (wrong: readonly { number: string }[]) => wrong.map((row) => row.number);

describe('docs/asvs.md', () => {
  test('has each requirement of levels 1 and 2 once, chapter by chapter', () => {
    const numbers = rows.map(({ number }) => number);
    expect(numbers.filter((number, place) => numbers.indexOf(number) !== place)).toEqual([]);
    const counted = Object.keys(STANDARD).map((chapter) => {
      const own = rows.filter(({ number }) => number.startsWith(`${chapter}.`));
      return [chapter, [1, 2].map((level) => own.filter((row) => row.level === level).length)];
    });
    expect(Object.fromEntries(counted)).toEqual(STANDARD);
    expect(rows).toHaveLength(217);
    const inOrder = [...numbers].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    expect(numbers).toEqual(inOrder);
  });

  test('says at its top how many are met, partly met and not applicable', () => {
    const sum = (state: string) => rows.filter((row) => row.state === state).length;
    expect(page).toContain(
      `217 requirements: ${sum('met')} met with a named test, ${sum('partly')} partly, ${sum('not applicable')} not applicable.`,
    );
    expect(sum('met') + sum('partly') + sum('not applicable')).toBe(217);
  });

  test('names a test for whatever is met, and a reason for whatever is not', () => {
    const tested = new Set(named.map(({ number }) => number));
    expect(complaints(rows.filter(({ number, state }) => state === 'met' && !tested.has(number)))).toEqual([]);
    const reasonOf = ({ shown }: Row) => shown.replace(/ ?Shown: .*$/s, '').trim();
    expect(complaints(rows.filter((row) => row.state !== 'met' && reasonOf(row).length < 12))).toEqual([]);
  });

  test('names only tests that are there', () => {
    const missing = named.filter(({ file, name }) => !existsSync(file) || !holds(readFileSync(file, 'utf8'), name));
    expect(missing.map(({ number, file, name }) => `${number}: ${file} “${name}”`)).toEqual([]);
    expect(named.length).toBeGreaterThan(200);
    expect(holds("  test('is there', () => {});", 'is there')).toBe(true);
    expect(holds("  const text = 'is there';", 'is there')).toBe(false);
  });
});

/** Whether it is the name of a test, of a group of tests, or of a row of a table of them. */
function holds(source: string, name: string): boolean {
  const text = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?:\\b(?:test|describe)\\(|\\)\\(|\\[)\\s*(['"\`])${text}\\1`).test(source);
}
