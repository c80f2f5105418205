import type { Writable } from 'node:stream';
import excel from 'exceljs';
import { exponentOf } from '../kernel/money.ts';
import type { Column } from './columns.ts';
import { drained, type Out, type Table } from './table.ts';
import { xlsxText } from './xlsx-text.ts';

interface Options<Row> {
  columns: readonly Column<Row>[];
  currency: string;
  /** name of the sheets; the second gets a 2 */
  title: string;
  /** a sheet holds 1,048,576 rows, and one of them is the header */
  rowsPerSheet?: number;
}

/** Cells are typed: texts stay texts, numbers and times are such. */
export function xlsxTable<Row>(
  out: Out,
  { columns, currency, title, rowsPerSheet = 1_048_575 }: Options<Row>,
): Table<Row> {
  const workbook = new excel.stream.xlsx.WorkbookWriter({
    stream: out.sink,
    useStyles: true,
    zip: { zlib: { level: 1 } },
  });
  const cells = columns.map((column) => cellOf(column, currency));
  const styles = stylesOf(columns, currency);
  let sheets = 0;
  let left = rowsPerSheet;
  let sheet = nextSheet();

  function nextSheet(): excel.Worksheet {
    sheets++;
    const name = sheets === 1 ? title : `${title} ${sheets}`;
    const made = workbook.addWorksheet(name, { views: [{ state: 'frozen', ySplit: 1 }] });
    made.columns = columns.map(({ header, kind }) => ({ header, width: WIDTHS[kind] }));
    return made;
  }

  return {
    add: async (rows) => {
      for (const row of rows) {
        if (left === 0) {
          sheet.commit();
          sheet = nextSheet();
          left = rowsPerSheet;
        }
        const values = cells.map((cell) => cell(row));
        addRow(sheet, values, styles);
        left--;
      }
      await room(sheet, out.broken);
    },
    end: () => Promise.race([workbook.commit(), failure(out.broken)]),
  };
}

const WIDTHS = { text: 24, count: 10, money: 14, time: 18 };

type Style = Partial<excel.Style>;

/** The same object wherever the style is the same: exceljs knows it again, and would spend half its time on comparing others. */
const PLAIN: Style = {};

function stylesOf(columns: readonly Pick<Column, 'kind'>[], currency: string): Style[] {
  const decimals = exponentOf(currency);
  const styles: Record<Column['kind'], Style> = {
    text: PLAIN,
    count: PLAIN,
    money: { numFmt: decimals === 0 ? '0' : `0.${'0'.repeat(decimals)}` },
    time: { numFmt: 'yyyy-mm-dd hh:mm' },
  };
  return columns.map(({ kind }) => styles[kind]);
}

function addRow(sheet: excel.Worksheet, values: Value[], styles: readonly Style[]): void {
  const row = sheet.addRow(values);
  Object.assign(row, { style: PLAIN });
  for (let index = 0; index < values.length; index++) {
    if (values[index] !== undefined) row.getCell(index + 1).style = styles[index] ?? PLAIN;
  }
  row.commit();
}

/** undefined: no cell at all */
type Value = string | number | Date | excel.CellRichTextValue | undefined;

function cellOf<Row>({ kind, read }: Column<Row>, currency: string): (row: Row) => Value {
  const value = readerOf(kind, currency);
  return (row) => {
    const given = read(row);
    return given === null || given === '' ? undefined : value(given);
  };
}

function readerOf(kind: Column['kind'], currency: string): (given: string) => Value {
  if (kind === 'text') return xlsxText;
  if (kind === 'count') return Number;
  if (kind === 'time') return localTime;
  const unit = 10 ** exponentOf(currency);
  return (given) => Number(given) / unit;
}

/** A spreadsheet's time has no zone: the local one is written as if it were UTC. Read by place, because there are millions. */
function localTime(given: string): Date {
  const two = (at: number) => (given.charCodeAt(at) - ZERO) * 10 + given.charCodeAt(at + 1) - ZERO;
  return new Date(Date.UTC(two(0) * 100 + two(2), two(5) - 1, two(8), two(11), two(14), two(17)));
}

const ZERO = '0'.charCodeAt(0);

/** Bytes that may wait for the zip: with less, packing and writing would take turns instead of going on together. */
const AHEAD = 2 ** 20;

/**
 * Waits until the file has caught up. exceljs hands its text to an entry of the zip without asking whether there is room; the
 * entry, a stream older than `writableLength`, does know.
 */
async function room(sheet: excel.Worksheet, broken: AbortSignal): Promise<void> {
  const { stream } = sheet as unknown as { stream: { pipes: (Writable & { _writableState: { length: number } })[] } };
  for (const entry of stream.pipes) {
    if (entry._writableState.length > AHEAD) await drained(entry, broken);
  }
}

function failure(broken: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    // What has happened already is not told again.
    if (broken.aborted) return reject(broken.reason);
    broken.addEventListener('abort', () => reject(broken.reason), { once: true });
  });
}
