import { PassThrough, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { columnsFor, decimals } from '../../src/exports/columns.ts';
import { csvTable } from '../../src/exports/csv.ts';
import type { CustomerRow } from '../../src/exports/sql.ts';
import { xlsxTable } from '../../src/exports/xlsx.ts';
import { moneyText } from '../../src/kernel/money.ts';
import { readXlsx } from './make.ts';

const row = (name: string): CustomerRow => ({
  ...{
    name,
    phones: null,
    emails: null,
    accounts: null,
    gender: null,
    region: null,
    tags: null,
    orders: '0',
    messages: '0',
    reviews: '0',
  },
  ...{ sum_all: '0', sum_paid: '0', sum_open: '0', sum_cancelled: '0', unconverted: null },
  ...{ first_activity: null, last_activity: null, last_order: null, created: '2026-11-21 14:05:00.123' },
});
const rows = (count: number) => Array.from({ length: count }, (_, number) => row(`Customer ${number}`));
const columns = columnsFor((key) => key, 'UAH');
const unbroken = new AbortController().signal;

test('more rows than a sheet holds go on in the next one, below a header of its own', async () => {
  const sink = new PassThrough();
  const file = buffer(sink);
  const table = xlsxTable({ sink, broken: unbroken }, { columns, currency: 'UAH', title: 'People', rowsPerSheet: 3 });
  for (const part of [rows(2), rows(4), rows(1)]) await table.add(part);
  await table.end();
  const sheets = await readXlsx(await file);
  expect(sheets.map(({ name, rows }) => [name, rows.length])).toEqual([
    ['People', 4],
    ['People 2', 4],
    ['People 3', 2],
  ]);
  for (const sheet of sheets) expect(sheet.rows[0]?.[0]).toBe('exports.column.name');
  expect(sheets.flatMap((sheet) => sheet.rows.slice(1).map(([name]) => name))).toEqual(
    [rows(2), rows(4), rows(1)].flat().map(({ name }) => name),
  );
});

test('exactly as many rows as a sheet holds need no second one', async () => {
  const sink = new PassThrough();
  const file = buffer(sink);
  const table = xlsxTable({ sink, broken: unbroken }, { columns, currency: 'UAH', title: 'People', rowsPerSheet: 3 });
  await table.add(rows(3));
  await table.end();
  expect((await readXlsx(await file)).map(({ name }) => name)).toEqual(['People']);
});

test.each(['csv', 'xlsx'] as const)(
  'a writer waits where nobody takes what it wrote (.%s), and gives up when nobody will',
  async (format) => {
    const broken = new AbortController();
    const sink = new Writable({ write: () => {}, highWaterMark: 1024 });
    sink.on('error', () => {});
    const out = { sink, broken: broken.signal };
    const table =
      format === 'csv' ? csvTable(out, columns, 'UAH') : xlsxTable(out, { columns, currency: 'UAH', title: 'People' });
    const writing = (async () => {
      for (;;) await table.add(rows(200));
    })();
    const outcome = writing.catch((error: Error) => error.name);
    // Long enough for a writer that does not wait to fill the memory with this.
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
    expect(sink.writableLength).toBeLessThan(2 ** 21);
    broken.abort(new Error('the disk is full'));
    expect(await outcome).toBe('AbortError');
  },
);

test.each(['0', '5', '-5', '99', '100', '-123456', '9000000000000000'])(
  '%s minor units are the same text as money',
  (minor) => {
    for (const currency of ['UAH', 'JPY', 'KWD']) {
      expect(decimals(minor, currency)).toBe(moneyText(BigInt(minor), currency));
    }
  },
);

test('a disk that was full before the last part ends an .xlsx at once: nobody waits for whoever reads no more', async () => {
  const sink = new PassThrough({ highWaterMark: 1 });
  const broken = AbortSignal.abort(new Error('the disk is full'));
  const table = xlsxTable({ sink, broken }, { columns, currency: 'UAH', title: 'People' });
  await expect(table.end()).rejects.toThrow('the disk is full');
});
