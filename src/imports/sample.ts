import type { FileStore } from '../platform/files.ts';
import { looksLikeHeading } from './columns.ts';
import { FileError } from './read/file-error.ts';
import type { TableRow } from './read/row.ts';
import { type Format, type Reading, tableRows } from './read/table.ts';

/** How a file is read, and its first rows read that way: pages show them without opening the file again. */
export interface Sampled extends Reading {
  /** cells of the widest row seen, or of the heading */
  width: number;
  rows: TableRow[];
}

const ROWS = 7;
const LONGEST_CELL = 300;

/**
 * The first rows of a file. `heading: null`: whether the first one names the columns is found out. Throws FileError; a file of which only
 * the heading is there is one too.
 */
export async function sample(
  files: FileStore,
  key: string,
  format: Format,
  reading: Omit<Reading, 'heading'> & { heading: boolean | null },
): Promise<Sampled> {
  const rows = await firstRows(files, key, format, { ...reading, heading: false });
  const heading = reading.heading ?? looksLikeHeading(rows[0]?.cells ?? []);
  if (rows.length < (heading ? 2 : 1)) throw new FileError('noRows');
  const width = heading ? (rows[0]?.cells.length ?? 0) : Math.max(...rows.map(({ cells }) => cells.length));
  return { ...reading, heading, width, rows };
}

async function firstRows(files: FileStore, key: string, format: Format, reading: Reading): Promise<TableRow[]> {
  const file = await files.open(key);
  if (!file) throw new FileError('gone');
  const rows: TableRow[] = [];
  try {
    for await (const { line, cells, faults } of tableRows(file, format, reading)) {
      rows.push({ line, cells: cells.map((cell) => shown(cell)), faults });
      if (rows.length === ROWS) break;
    }
  } finally {
    file.stream.destroy();
  }
  return rows;
}

/** What can be kept and shown: a first piece, without what PostgreSQL cannot hold. */
const shown = (cell: string) => [...cell.slice(0, LONGEST_CELL)].join('').replace(/\0|\p{Surrogate}/gu, '\uFFFD');
