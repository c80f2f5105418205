import { crc32, deflateRawSync } from 'node:zlib';

export interface Entry {
  /** ASCII */
  name: string;
  body: Buffer;
}

/** A .zip of a few small files, as one piece. `at`: the time that all of them bear. */
export function zip(entries: readonly Entry[], at: Date): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const packed = deflateRawSync(entry.body);
    const facts = factsOf(entry, packed, at);
    const name = Buffer.from(entry.name, 'ascii');
    const head = Buffer.concat([LOCAL, facts, name]);
    directory.push(Buffer.concat([CENTRAL, facts, Buffer.alloc(10), number(offset, 4), name]));
    parts.push(head, packed);
    offset += head.length + packed.length;
  }
  const central = Buffer.concat(directory);
  const count = number(entries.length, 2);
  const end = Buffer.concat([END, count, count, number(central.length, 4), number(offset, 4), number(0, 2)]);
  return Buffer.concat([...parts, central, end]);
}

const LOCAL = Buffer.from('504b0304', 'hex');
// Made by and for version 2.0.
const CENTRAL = Buffer.from('504b01021400', 'hex');
const END = Buffer.from('504b050600000000', 'hex');

/** What stands in front of a file and in the directory alike: deflated, names in UTF-8. */
function factsOf({ name, body }: Entry, packed: Buffer, at: Date): Buffer {
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  const day = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  return Buffer.concat([
    ...[number(20, 2), number(0x800, 2), number(8, 2), number(time, 2), number(day, 2)],
    ...[number(crc32(body), 4), number(packed.length, 4), number(body.length, 4), number(name.length, 2), number(0, 2)],
  ]);
}

function number(value: number, bytes: 2 | 4): Buffer {
  const buffer = Buffer.alloc(bytes);
  if (bytes === 2) buffer.writeUInt16LE(value);
  else buffer.writeUInt32LE(value);
  return buffer;
}
