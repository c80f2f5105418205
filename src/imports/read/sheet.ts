import { FileError } from './file-error.ts';
import { MAX_COLUMNS, MAX_ROW_BYTES } from './limits.ts';
import type { CellFault, TableRow } from './row.ts';
import { readXml, type XmlReader } from './xml.ts';

interface Cell {
  column: number;
  type: string;
  style: number;
  /** of `v`, or of the runs of an inline text */
  text: string;
  valued: boolean;
  formula: boolean;
}

/**
 * The rows of a sheet. Nothing is evaluated: of a formula its last result is taken, as it was shown, and where the file holds
 * none, that is a fault of the cell.
 */
export async function* sheetRows(
  bytes: AsyncIterable<Uint8Array>,
  texts: readonly string[],
  dates: readonly boolean[],
): AsyncGenerator<TableRow> {
  const rows: TableRow[] = [];
  for await (const _ of readXml(bytes, reader(rows, texts, dates))) {
    yield* rows.splice(0);
  }
}

function reader(rows: TableRow[], texts: readonly string[], dates: readonly boolean[]): XmlReader {
  let line = 0;
  let row: (TableRow & { faults: Record<number, CellFault> }) | null = null;
  let cell: Cell | null = null;
  let [inText, spoken] = [false, false];
  return {
    open: (name, attributes) => {
      if (name === 'row') {
        line = Number(attributes.r ?? line + 1);
        row = { line, cells: [], faults: {} };
      } else if (name === 'c' && row) {
        cell = openCell(attributes, row.cells.length, line);
      } else if (name === 'f' && cell) cell.formula = true;
      else if (name === 'rPh') spoken = true;
      else if ((name === 'v' || (name === 't' && !spoken)) && cell) {
        inText = true;
        cell.valued = true;
      }
    },
    text: (piece) => {
      if (!inText || !cell) return;
      cell.text += piece;
      if (cell.text.length > MAX_ROW_BYTES) throw new FileError('rowTooLong', line);
    },
    close: (name) => {
      if (name === 'v' || name === 't') inText = false;
      else if (name === 'rPh') spoken = false;
      else if (name === 'c' && cell && row) {
        place(row, cell, texts, dates);
        cell = null;
      } else if (name === 'row' && row) {
        rows.push(row);
        row = null;
      }
    },
  };
}

/** A cell without an address stands right of the one before. */
function openCell({ r, t = 'n', s = '0' }: Readonly<Record<string, string>>, next: number, line: number): Cell {
  const column = r === undefined ? next : columnOf(r);
  if (!(column < MAX_COLUMNS)) throw new FileError('tooWide', line);
  return { column, type: t, style: Number(s), text: '', valued: false, formula: false };
}

/** `B7` → 1 */
function columnOf(address: string): number {
  const letters = /^\$?([A-Z]{1,3})\$?\d+$/.exec(address)?.[1];
  if (!letters) throw new FileError('sheetBroken');
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

function place(
  row: TableRow & { faults: Record<number, CellFault> },
  cell: Cell,
  texts: readonly string[],
  dates: readonly boolean[],
): void {
  while (row.cells.length < cell.column) row.cells.push('');
  const { text, fault } = contentOf(cell, texts, dates);
  row.cells[cell.column] = text;
  if (fault) row.faults[cell.column] = fault;
}

interface Content {
  text: string;
  fault?: CellFault;
}

function contentOf(cell: Cell, texts: readonly string[], dates: readonly boolean[]): Content {
  if (cell.formula && !cell.valued) return { text: '', fault: 'formula' };
  if (!cell.valued) return { text: '' };
  switch (cell.type) {
    case 's':
      return { text: shared(texts, cell.text) };
    case 'inlineStr':
    case 'str':
      return { text: unescaped(cell.text) };
    case 'b':
      return { text: cell.text.trim() === '1' ? 'TRUE' : 'FALSE' };
    case 'e':
      return { text: cell.text, fault: 'cellError' };
    case 'd':
      return { text: cell.text, fault: 'date' };
    default:
      return number(cell.text.trim(), dates[cell.style] ?? false);
  }
}

function shared(texts: readonly string[], index: string): string {
  const text = texts[Number(index)];
  if (text === undefined) throw new FileError('sheetBroken');
  return unescaped(text);
}

/** Signs that XML cannot hold are written as `_x0007_`; an underscore that would look like one as `_x005F_`. */
const unescaped = (text: string) =>
  text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

// A spreadsheet keeps 15 digits: what is longer has lost its end.
const EXACT = 1e15;

/** Digits as they were typed: programs write the same number as 380501234567, 380501234567.0 or 3.80501234567E11. */
function number(given: string, isDate: boolean): Content {
  const value = Number(given);
  if (given === '' || !Number.isFinite(value)) throw new FileError('sheetBroken');
  if (isDate) return { text: given, fault: 'date' };
  if (Math.abs(value) >= EXACT) return { text: given, fault: 'digitsLost' };
  return { text: String(value) };
}
