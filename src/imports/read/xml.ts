import { SaxesParser } from 'saxes';
import { FileError } from './file-error.ts';
import { MAX_ROW_BYTES } from './limits.ts';

export interface XmlReader {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  text(text: string): void;
  close(name: string): void;
}

/**
 * Reads a part of an .xlsx piece by piece, yielding after each. Names come without their prefix: programs choose prefixes
 * as they like. Entities other than XML's own are refused by the parser, so that nothing small can grow.
 */
export async function* readXml(bytes: AsyncIterable<Uint8Array>, reader: XmlReader): AsyncGenerator<void> {
  const parser = new SaxesParser();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let silent = 0;
  const heard = () => {
    silent = 0;
  };
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    heard();
    reader.open(local(name), withoutPrefixes(attributes));
  });
  parser.on('text', (text) => {
    heard();
    reader.text(text);
  });
  parser.on('cdata', (text) => {
    heard();
    reader.text(text);
  });
  parser.on('closetag', ({ name }) => {
    heard();
    reader.close(local(name));
  });
  for await (const chunk of bytes) {
    parse(() => parser.write(decoder.decode(chunk, { stream: true })));
    // A text without end would be collected until the memory is full.
    silent += chunk.length;
    if (silent > 4 * MAX_ROW_BYTES) throw new FileError('rowTooLong');
    yield;
  }
  parse(() => parser.write(decoder.decode()).close());
  yield;
}

function parse(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    throw error instanceof FileError ? error : new FileError('sheetBroken');
  }
}

const local = (name: string) => name.slice(name.indexOf(':') + 1);

// `id` and `r:id` are two: of those with a prefix only the one that relations use is told, as `rel`.
function withoutPrefixes(attributes: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name.endsWith(':id') ? 'rel' : name, String(value)]),
  );
}
