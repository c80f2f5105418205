import { crc32, createInflateRaw } from 'node:zlib';
import { FileError } from './file-error.ts';

/** One file in a zip. */
export interface ZipEntry {
  readonly name: string;
  /** What it unpacks to, piece by piece; throws FileError when that is more than `most` bytes, or is not what was packed. */
  bytes(most: number): AsyncGenerator<Uint8Array>;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;
const MOST_ENTRIES = 5000;

/** The files of a zip by their names, by its directory at the end, as spreadsheets find them. */
export function openZip(zip: Buffer): Map<string, ZipEntry> {
  try {
    return readDirectory(zip);
  } catch (error) {
    if (error instanceof RangeError) throw new FileError('zipBroken');
    throw error;
  }
}

function readDirectory(zip: Buffer): Map<string, ZipEntry> {
  const end = findEnd(zip);
  const count = zip.readUInt16LE(end + 10);
  if (count > MOST_ENTRIES) throw new FileError('tooBigInside');
  const entries = new Map<string, ZipEntry>();
  let at = zip.readUInt32LE(end + 16);
  for (let n = 0; n < count; n++) {
    if (zip.readUInt32LE(at) !== CENTRAL) throw new FileError('zipBroken');
    const name = zip.toString('utf8', at + 46, at + 46 + zip.readUInt16LE(at + 28));
    // Programs disagree on which of two of the same name is meant.
    if (entries.has(name)) throw new FileError('zipBroken');
    entries.set(name, entry(zip, at, name));
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}

/** The end record stands last; only a comment of at most 65,535 bytes may follow. */
function findEnd(zip: Buffer): number {
  for (let at = zip.length - 22; at >= Math.max(0, zip.length - 22 - 0xffff); at--) {
    if (zip.readUInt32LE(at) === END) return at;
  }
  throw new FileError('zipBroken');
}

function entry(zip: Buffer, at: number, name: string): ZipEntry {
  const [flags, method] = [zip.readUInt16LE(at + 8), zip.readUInt16LE(at + 10)];
  const [checksum, packed, size] = [16, 20, 24].map((field) => zip.readUInt32LE(at + field)) as [
    number,
    number,
    number,
  ];
  const local = zip.readUInt32LE(at + 42);
  return {
    name,
    async *bytes(most) {
      const encrypted = (flags & 1) === 1;
      if (encrypted || (method !== STORED && method !== DEFLATED)) throw new FileError('zipBroken');
      if (size > most) throw new FileError('tooBigInside');
      const data = packedBytes(zip, local, packed);
      let [sum, total] = [0, 0];
      for await (const chunk of method === STORED ? [data] : inflated(data)) {
        total += chunk.length;
        // The size that the directory tells may be a lie.
        if (total > most) throw new FileError('tooBigInside');
        sum = crc32(chunk, sum);
        yield chunk;
      }
      if (total !== size || sum !== checksum) throw new FileError('zipBroken');
    },
  };
}

function packedBytes(zip: Buffer, local: number, packed: number): Buffer {
  if (local + 30 > zip.length || zip.readUInt32LE(local) !== LOCAL) throw new FileError('zipBroken');
  const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  if (begin + packed > zip.length) throw new FileError('zipBroken');
  return zip.subarray(begin, begin + packed);
}

async function* inflated(data: Buffer): AsyncGenerator<Buffer> {
  const inflate = createInflateRaw();
  inflate.end(data);
  try {
    for await (const chunk of inflate) yield chunk;
  } catch {
    throw new FileError('zipBroken');
  } finally {
    inflate.destroy();
  }
}
