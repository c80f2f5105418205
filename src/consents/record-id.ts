import { createHash } from 'node:crypto';
import type { Told } from './channels.ts';

/**
 * The same words told again are the same record: its id is made from them. It begins with the time, as all ids do, so that the newest
 * stand together.
 */
export function recordId({ channel, addressKey, granted, at, source, wording }: Told): string {
  const told = JSON.stringify([channel, addressKey, granted, at.getTime(), source, wording]);
  const digest = createHash('sha256').update(told).digest();
  const bytes = Buffer.alloc(16);
  digest.copy(bytes, 6, 0, 10);
  bytes.writeUIntBE(Math.max(at.getTime(), 0), 0, 6);
  // Version 8 of RFC 9562: made by a rule of our own.
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
