import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { uncsvCell } from '../../kernel/csv.ts';
import { FileError, type FileErrorCode } from './file-error.ts';
import { MAX_ROW_BYTES } from './limits.ts';
import type { TableRow } from './row.ts';

export interface CsvReading {
  delimiter: string;
  /** whether a cell that begins with a quote goes on to the next one, over commas and line breaks; otherwise quotes are text */
  quotes: boolean;
}

/**
 * The rows of a text file, each with the line on which it begins; lines may end in LF, CR LF or CR, also mixed. The apostrophe
 * that our own export puts before what a spreadsheet would run is taken off again. Throws FileError, with the line, where quotes
 * are not closed: what follows could be anything.
 */
export async function* csvRows(text: AsyncIterable<string>, reading: CsvReading): AsyncGenerator<TableRow> {
  // Told before the row can be read: whoever reads slowly still learns where the file breaks.
  let begin = 1;
  const begins: number[] = [];
  const parser = parse({
    delimiter: reading.delimiter,
    quote: reading.quotes ? '"' : null,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    max_record_size: MAX_ROW_BYTES,
    on_record: (cells: string[], { lines }) => {
      begins.push(begin);
      begin = lines + 1;
      return cells;
    },
  });
  const fed = pipeline(text, parser).catch((error: unknown) => error);
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      yield { line: begins.shift() ?? begin, cells: cells.map(uncsvCell), faults: {} };
    }
  } catch (error) {
    throw fileError(error, begin);
  } finally {
    parser.destroy();
  }
  const failure = await fed;
  if (failure) throw fileError(failure, begin);
}

const CODES: Readonly<Record<string, FileErrorCode>> = {
  CSV_QUOTE_NOT_CLOSED: 'quoteOpen',
  CSV_INVALID_CLOSING_QUOTE: 'quoteAfter',
  INVALID_OPENING_QUOTE: 'quoteInside',
  CSV_MAX_RECORD_SIZE: 'rowTooLong',
};

/** `line`: where the row began that could not be read. */
function fileError(error: unknown, line: number): unknown {
  const code = error instanceof CsvError ? CODES[error.code] : undefined;
  return code ? new FileError(code, line) : error;
}
