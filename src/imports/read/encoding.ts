import { FileError } from './file-error.ts';

/** Names as `TextDecoder` knows them; all are in the Unicode data that Node brings along. */
export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1251', 'windows-1252', 'windows-1250'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** What a text file is probably written in, from its first bytes. `country`: of the company, for what bytes alone do not say. */
export function detectEncoding(head: Uint8Array, country: string): Encoding {
  const [a, b, c] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  const wide = withoutMark(head);
  if (wide) return wide;
  return isMostlyUtf8(head) ? 'utf-8' : oneByte(head, country);
}

/** UTF-16 without a mark: every other byte of what stands in ASCII is zero. */
function withoutMark(head: Uint8Array): Encoding | null {
  let [even, odd] = [0, 0];
  for (const [at, byte] of head.entries()) {
    if (byte !== 0) continue;
    if (at % 2 === 0) even++;
    else odd++;
  }
  // Delimiters and digits are there in any language. A few zeros are no alphabet but a broken file.
  if (odd > head.length / 10 && even < odd / 10) return 'utf-16le';
  return even > head.length / 10 && odd < even / 10 ? 'utf-16be' : null;
}

/** A few broken bytes among many good ones are a broken file, not another encoding. */
function isMostlyUtf8(head: Uint8Array): boolean {
  if (attempt(() => new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })) !== null) return true;
  const text = new TextDecoder('utf-8').decode(head, { stream: true });
  const broken = text.match(/\uFFFD/g)?.length ?? 0;
  const good = text.match(/[^\0-\x7f\uFFFD]/gu)?.length ?? 0;
  return good > 2 * broken;
}

/** Cyrillic is written in whole words above 127; of a Latin word only the letters with accents are. */
function oneByte(head: Uint8Array, country: string): Encoding {
  let [high, beside] = [0, 0];
  for (const [at, byte] of head.entries()) {
    if (byte < 0x80) continue;
    high++;
    if ((head[at + 1] ?? 0) >= 0x80 || (head[at - 1] ?? 0) >= 0x80) beside++;
  }
  if (beside > high / 2) return 'windows-1251';
  return CENTRAL.has(country) ? 'windows-1250' : 'windows-1252';
}

const CENTRAL = new Set(['PL', 'CZ', 'SK', 'HU', 'RO', 'SI', 'HR']);

/** The text of the file, piece by piece, without a byte order mark. Throws FileError where bytes are no text, with the line. */
export async function* decode(bytes: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<string> {
  const strict = new TextDecoder(encoding, { fatal: true });
  // Only to find the place: it goes on where the strict one stops.
  const lenient = new TextDecoder(encoding);
  let lines = 1;
  let afterCr = false;
  const piece = (chunk: Uint8Array | undefined): string => {
    const loose = lenient.decode(chunk, { stream: chunk !== undefined });
    const text = attempt(() => strict.decode(chunk, { stream: chunk !== undefined }));
    if (text === null) throw new FileError('badText', lines + breaksBefore(loose, loose.indexOf('\uFFFD'), afterCr));
    const nul = text.indexOf('\0');
    if (nul >= 0) throw new FileError('nul', lines + breaksBefore(text, nul, afterCr));
    lines += breaksBefore(text, text.length, afterCr);
    if (text !== '') afterCr = text.endsWith('\r');
    return text;
  };
  for await (const chunk of bytes) yield piece(chunk);
  yield piece(undefined);
}

function attempt(decoded: () => string): string | null {
  try {
    return decoded();
  } catch {
    return null;
  }
}

/** Line breaks of any kind in the text before `end`; a pair of CR and LF is one, also when two pieces share it. */
function breaksBefore(text: string, end: number, afterCr: boolean): number {
  const before = text.slice(0, Math.max(end, 0));
  const found = before.match(/\r\n|\r|\n/g)?.length ?? 0;
  return afterCr && before.startsWith('\n') ? found - 1 : found;
}
