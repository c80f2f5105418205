import { csvCell } from '../kernel/csv.ts';
import { type Column, decimals } from './columns.ts';
import type { CustomerRow } from './sql.ts';
import { drained, type Out, type Table } from './table.ts';

/** UTF-8 with a byte order mark, by which spreadsheets know it; lines as in RFC 4180. */
export function csvTable({ sink, broken }: Out, columns: readonly Column[], currency: string): Table {
  const cells = columns.map((column) => cellOf(column, currency));
  sink.write(`\uFEFF${columns.map(({ header }) => csvCell(header)).join(',')}\r\n`);
  return {
    add: async (rows) => {
      if (!sink.write(lines(rows, cells))) await drained(sink, broken);
    },
    end: async () => {
      sink.end();
    },
  };
}

type Cell = (row: CustomerRow) => string;

function cellOf({ kind, read }: Column, currency: string): Cell {
  // Digits are no formula, whatever their sign: only texts are looked through.
  if (kind === 'text') return (row) => csvCell(read(row) ?? '');
  if (kind === 'money') return (row) => decimals(read(row) ?? '0', currency);
  return (row) => read(row) ?? '';
}

function lines(rows: readonly CustomerRow[], cells: readonly Cell[]): string {
  let text = '';
  for (const row of rows) {
    let separator = '';
    for (const cell of cells) {
      text += separator + cell(row);
      separator = ',';
    }
    text += '\r\n';
  }
  return text;
}
