import { createHmac, timingSafeEqual } from 'node:crypto';
import { parse, stringify } from 'uuid';

const BYTES = 16;

/** Names a company and one of its deliveries in the address where the provider tells of it; nobody else can make one. */
export function deliveryToken(secret: string, companyId: string, deliveryId: string): string {
  const named = Buffer.concat([parse(companyId), parse(deliveryId)]);
  return Buffer.concat([named, seal(secret, named)]).toString('base64url');
}

/** null: it is none of ours */
export function readDeliveryToken(secret: string, token: string): { companyId: string; deliveryId: string } | null {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== 3 * BYTES || bytes.toString('base64url') !== token) return null;
  const named = bytes.subarray(0, 2 * BYTES);
  if (!timingSafeEqual(bytes.subarray(2 * BYTES), seal(secret, named))) return null;
  return { companyId: stringify(named.subarray(0, BYTES)), deliveryId: stringify(named.subarray(BYTES)) };
}

const seal = (secret: string, named: Buffer): Buffer =>
  createHmac('sha256', secret).update('delivery ').update(named).digest().subarray(0, BYTES);
