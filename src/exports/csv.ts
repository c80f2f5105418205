import { csvCell } from '../kernel/csv.ts';
import { type Column, decimals } from './columns.ts';
import { drained, type Out, type Table } from './table.ts';

/** UTF-8 with a byte order mark, by which spreadsheets know it; lines as in RFC 4180. */
export function csvTable<Row>({ sink, broken }: Out, columns: readonly Column<Row>[], currency: string): Table<Row> {
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

type Cell<Row> = (row: Row) => string;

function cellOf<Row>({ kind, read }: Column<Row>, currency: string): Cell<Row> {
  // Digits are no formula, whatever their sign: only texts are looked through.
  if (kind === 'text') return (row) => csvCell(read(row) ?? '');
  if (kind === 'money') return (row) => decimals(read(row) ?? '0', currency);
  return (row) => read(row) ?? '';
}

function lines<Row>(rows: readonly Row[], cells: readonly Cell<Row>[]): string {
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
