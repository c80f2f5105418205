import { expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csvCell, uncsvCell } from '../../src/kernel/csv.ts';

const readRow = (row: string): string[] => parse(`${row}\r\n`, { recordDelimiter: '\r\n' })[0] ?? [];

test.each([
  ['=1+1', "'=1+1"],
  ['-3.50', "'-3.50"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', `"'\r=1"`],
  ['+1+cmd', "'+1+cmd"],
  ['+380671234567', '+380671234567'],
  ['+380 67 123', "'+380 67 123"],
  ['+380671234567\n', `"'+380671234567\n"`],
  ['=HYPERLINK("http://x";"y")', `"'=HYPERLINK(""http://x"";""y"")"`],
  ["'=1", "''=1"],
  ["'quoted'", "'quoted'"],
  ['a,b', '"a,b"'],
  ['a "b"', '"a ""b"""'],
  ['two\nlines', '"two\nlines"'],
  ['Олена', 'Олена'],
  ['', ''],
])('%j is written %j', (text, cell) => {
  expect(csvCell(text)).toBe(cell);
});

const formulaLike = fc
  .tuple(fc.stringMatching(/^'{0,3}$/), fc.constantFrom('=', '+', '-', '@', '\t', '\r', '+380671234567'), fc.string())
  .map((parts) => parts.join(''));

test('every text comes back from a file that another program reads', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), formulaLike);
  fc.assert(
    fc.property(text, text, (a, b) => {
      // A BOM at the very start belongs to the file, hence the first cell.
      const [, ...cells] = readRow(['id', csvCell(a), csvCell(b)].join(','));
      expect(cells.map(uncsvCell)).toEqual([a, b]);
    }),
    { numRuns: 1000 },
  );
});

test('no cell starts as a formula unless it is a phone number', () => {
  fc.assert(
    fc.property(formulaLike, (text) => {
      const [cell = ''] = readRow(`${csvCell(text)},`);
      expect(/^\+[1-9]\d{1,14}$/.test(cell) || !/^[=+\-@\t\r]/.test(cell)).toBe(true);
    }),
  );
});
