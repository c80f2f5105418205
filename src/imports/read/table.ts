import { buffer } from 'node:stream/consumers';
import type { StoredFile } from '../../platform/files.ts';
import { csvRows } from './csv.ts';
import { type Delimiter, detectDelimiter } from './delimiter.ts';
import { decode, detectEncoding, type Encoding } from './encoding.ts';
import { FileError } from './file-error.ts';
import { MAX_COLUMNS, MAX_ROWS } from './limits.ts';
import type { TableRow } from './row.ts';
import { xlsxRows } from './xlsx.ts';

export type Format = 'csv' | 'xlsx';

/** How a file is read. Of an .xlsx only `heading` matters. */
export interface Reading {
  encoding: Encoding;
  delimiter: Delimiter;
  quotes: boolean;
  /** the first row names the columns */
  heading: boolean;
}

/** By what the file is, whatever its name says. Throws FileError for what is neither text nor an .xlsx. */
export function formatOf(head: Buffer): Format {
  if (head.length === 0) throw new FileError('empty');
  if (head.subarray(0, 4).equals(ZIP)) return 'xlsx';
  if (head.subarray(0, 4).equals(OLE)) throw new FileError('oldExcel');
  if (OTHERS.some((magic) => head.subarray(0, magic.length).equals(magic))) throw new FileError('notTable');
  return 'csv';
}

const ZIP = Buffer.from([0x50, 0x4b, 0x03, 0x04]);
const OLE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);
const OTHERS = [
  Buffer.from('%PDF'),
  Buffer.from([0x89, 0x50, 0x4e, 0x47]),
  Buffer.from([0xff, 0xd8, 0xff]),
  Buffer.from('GIF8'),
  Buffer.from('{\\rtf'),
  Buffer.from([0x1f, 0x8b]),
];

/** Encoding and delimiter of a text file, from its first bytes. */
export function detect(head: Buffer, country: string): Omit<Reading, 'heading'> {
  const encoding = detectEncoding(head, country);
  const sample = new TextDecoder(encoding).decode(head, { stream: true });
  return { encoding, delimiter: detectDelimiter(sample), quotes: true };
}

/** The rows of the file that say something, the heading among them. Throws FileError. */
export async function* tableRows(file: StoredFile, format: Format, reading: Reading): AsyncGenerator<TableRow> {
  let rows = 0;
  for await (const row of format === 'xlsx' ? sheetRows(file) : textRows(file, reading)) {
    if (row.cells.every((cell) => cell.trim() === '') && Object.keys(row.faults).length === 0) continue;
    if (row.cells.length > MAX_COLUMNS) throw new FileError('tooWide', row.line);
    // The heading is none of them.
    if (++rows > MAX_ROWS + 1) throw new FileError('tooManyRows', row.line);
    yield row;
  }
  if (rows === 0) throw new FileError('empty');
}

async function* sheetRows(file: StoredFile): AsyncGenerator<TableRow> {
  // The directory of a zip stands at its end. The upload is small enough to be held.
  yield* xlsxRows(await buffer(file.stream));
}

async function* textRows(file: StoredFile, reading: Reading): AsyncGenerator<TableRow> {
  try {
    yield* csvRows(decode(file.stream, reading.encoding), reading);
  } finally {
    file.stream.destroy();
  }
}
