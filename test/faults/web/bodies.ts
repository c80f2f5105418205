import { gzipSync } from 'node:zlib';
import type { Flood } from './pour.ts';

const MEGABYTE = 1024 * 1024;

/** Where a body is sent, and what the head says besides. */
export interface Door {
  name: string;
  path: string;
  type: string;
  headers: Record<string, string>;
  /** what the body begins with, and one unit of what it is full of */
  begin: string;
  unit: string;
}

/** A body and the answers that are right for it. */
export interface Case {
  name: string;
  flood: Flood;
  right: readonly number[];
}

/** Everything that is too much, at one door. `most`: megabytes of the largest. */
export function casesFor(door: Door, most: number): Case[] {
  const sizes = [1, 16, 256, 1024].filter((size) => size < most).concat(most);
  return [
    ...sizes.map((size) => ({ name: `${size} MB without a length`, flood: endless(door, size), right: TOO_MUCH })),
    { name: `${most} MB, and says so`, flood: declared(door, most), right: TOO_MUCH },
    { name: '100,000 fields', flood: whole(door, fields(door, 100_000)), right: TOO_MUCH },
    { name: 'packed', flood: whole(door, bomb(door), { 'Content-Encoding': 'gzip' }), right: [413, 415, ...REFUSED] },
    { name: 'a header of 1 MB', flood: wideHeader(door), right: CUT },
    { name: '100,000 headers', flood: manyHeaders(door), right: CUT },
    ...(door.type === 'application/json' ? deep(door) : []),
  ];
}

// What was small enough to be read is refused for what it says: a form without its token, an item that is none.
const REFUSED = [400, 401, 403, 422];
// Whoever goes on writing may find the connection cut before the answer was read.
const CUT = [431, 0];
const TOO_MUCH = [413, ...REFUSED];

const headOf = ({ path, type, headers }: Door, more: Record<string, string>): string =>
  [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    `Content-Type: ${type}`,
    ...Object.entries({ ...headers, ...more }).map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ].join('\r\n');

const PIECE = 64 * 1024;
const filled = ({ unit }: Door): string => unit.repeat(Math.ceil(PIECE / unit.length));
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

const endless = (door: Door, megabytes: number): Flood => ({
  head: headOf(door, { 'Transfer-Encoding': 'chunked' }) + chunk(door.begin),
  piece: Buffer.from(chunk(filled(door))),
  bytes: megabytes * MEGABYTE,
  end: '0\r\n\r\n',
});

const declared = (door: Door, megabytes: number): Flood => ({
  head: headOf(door, { 'Content-Length': String(megabytes * MEGABYTE) }) + door.begin,
  piece: Buffer.from(filled(door)),
  bytes: megabytes * MEGABYTE - door.begin.length,
});

const whole = (door: Door, body: Buffer, more: Record<string, string> = {}): Flood => ({
  head: headOf(door, { ...more, 'Content-Length': String(body.length) }),
  piece: body,
  bytes: body.length,
});

function fields({ type, begin }: Door, count: number): Buffer {
  const names = Array.from({ length: count }, (_, n) => `field${n}`);
  if (type === 'application/json')
    return Buffer.from(JSON.stringify({ orders: [Object.fromEntries(names.map((name) => [name, 1]))] }));
  if (!type.startsWith('multipart/')) return Buffer.from(names.map((name) => `${name}=1`).join('&'));
  const [boundary = ''] = begin.split('\r\n');
  return Buffer.from(
    `${names.map((name) => `${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n1\r\n`).join('')}${boundary}--\r\n`,
  );
}

/** A gigabyte for a thousandth of it, or as much of one as fits into the memory of whoever sends it. */
const bomb = ({ begin, unit }: Door): Buffer =>
  gzipSync(Buffer.from(begin + unit.repeat(Math.ceil((64 * MEGABYTE) / unit.length))));

const wideHeader = (door: Door): Flood => whole(door, Buffer.from('x'), { 'X-Wide': 'x'.repeat(MEGABYTE) });

const manyHeaders = (door: Door): Flood =>
  whole(door, Buffer.from('x'), Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`X-${n}`, '1'])));

const deep = (door: Door): Case[] => {
  const most = 9 * MEGABYTE;
  const item = (inside: string) => Buffer.from(`{"orders":[${inside}]}`);
  const [half, third] = [most / 2, Math.floor(most / 3)];
  return [
    { name: 'lists in lists', flood: whole(door, item('['.repeat(half) + ']'.repeat(half))), right: REFUSED },
    { name: 'objects in objects', flood: whole(door, item('{"a":'.repeat(third / 2))), right: REFUSED },
    { name: 'empty lists', flood: whole(door, item(`${'[],'.repeat(third)}[]`)), right: REFUSED },
  ];
};
