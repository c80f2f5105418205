import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { COLUMNS, type RawLine } from './line.ts';

/** The lines of a .csv or .csv.gz, one by one. Throws when it cannot be read or has not the columns of Online Retail. */
export async function* readFile(file: string): AsyncGenerator<RawLine> {
  await access(file);
  const parser = parse({
    columns: checkHeader,
    bom: true,
    relaxColumnCount: true,
    relaxQuotes: true,
    skipEmptyLines: true,
  });
  const source = createReadStream(file);
  // The error of any part ends the parser, and with it the loop below.
  const ended = (error: NodeJS.ErrnoException | null) => void (error && parser.destroy(error));
  if (file.endsWith('.gz')) pipeline(source, createGunzip(), parser, ended);
  else pipeline(source, parser, ended);
  yield* parser as AsyncIterable<RawLine>;
}

function checkHeader(header: string[]): string[] {
  const missing = COLUMNS.filter((column) => !header.includes(column));
  if (missing.length > 0) throw new Error(`not a file of Online Retail: it has no column ${missing.join(', ')}`);
  return header;
}
