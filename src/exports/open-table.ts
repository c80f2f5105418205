import type { Column } from './columns.ts';
import { csvTable } from './csv.ts';
import type { Format, Kind } from './sql.ts';
import type { Out, Table } from './table.ts';

interface Sheet<Row> {
  columns: readonly Column<Row>[];
  /** of its sums */
  currency: string;
  /** name of the sheets of a workbook */
  title: string;
}

/** A file of either kind, to be filled row by row. */
export async function openTable<Row>(out: Out, format: Format, sheet: Sheet<Row>): Promise<Table<Row>> {
  if (format === 'csv') return csvTable(out, sheet.columns, sheet.currency);
  // The writer of workbooks is big: a process that makes none starts sooner without it.
  const { xlsxTable } = await import('./xlsx.ts');
  return xlsxTable(out, sheet);
}

export const TYPES: Readonly<Record<Kind, string>> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
  person: 'application/zip',
};
