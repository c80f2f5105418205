/** Why the text of one cell is not what the cell means; the words are `imports.problem.<fault>`. */
export const CELL_FAULTS = ['formula', 'cellError', 'digitsLost', 'date'] as const;
export type CellFault = (typeof CELL_FAULTS)[number];

export interface TableRow {
  /** where it begins in the file; of a sheet, its row */
  line: number;
  cells: string[];
  /** by column: what cannot be read of it */
  faults: Readonly<Record<number, CellFault>>;
}
