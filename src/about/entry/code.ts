import { createHmac, randomInt } from 'node:crypto';
import { newId } from '../../kernel/id.ts';
import * as outbox from '../../outbox/outbox.ts';
import type { PortalDb } from '../../tenancy/handles.ts';
import type { Services } from '../../web/services.ts';
import * as sql from './sql.ts';
import { CODES_A_DAY } from './throttle.ts';

export const CODE_MINUTES = 10;
export const MOST_ATTEMPTS = 5;

/**
 * Sends a new code to the number and answers its id. Whether anybody knows the number is not even asked: a code goes to whoever
 * wants one, as often as the throttle lets it, so that neither the words nor the time of the answer can tell. `words` makes the SMS.
 */
export async function sendCode(
  db: PortalDb,
  { secrets }: Pick<Services, 'secrets'>,
  { phone, now, words }: { phone: string; now: Date; words: (code: string) => string },
): Promise<string> {
  const id = newId();
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  const expiresAt = new Date(now.getTime() + CODE_MINUTES * 60_000);
  await db.execute(sql.insertCode(id, db.keyOfPhone(phone), hashOf(secrets.sessionSecret, id, code), now, expiresAt));
  await outbox.postSms(db, { to: phone, text: words(code), expiresAt });
  return id;
}

/** How many codes the portal sends a day, to all numbers together. */
export async function codesADay({ tenancy }: Pick<Services, 'tenancy'>): Promise<number> {
  const [row] = await tenancy.inPortal((db) => db.query<{ most: number }>(sql.codesADay()));
  return row?.most ?? CODES_A_DAY;
}

/** `over`: it was used, is too old, or was tried too often; else how many tries are left after this wrong one. */
export type Tried = 'right' | 'over' | { left: number };

export async function tryCode(
  db: PortalDb,
  { secrets }: Pick<Services, 'secrets'>,
  { id, code, now }: { id: string; code: string; now: Date },
): Promise<Tried> {
  const hash = hashOf(secrets.sessionSecret, id, code);
  const [tried] = await db.query<sql.Tried>(sql.tryCode(id, hash, MOST_ATTEMPTS, now));
  if (!tried) return 'over';
  if (tried.right) return 'right';
  const left = MOST_ATTEMPTS - Number(tried.attempts);
  return left > 0 ? { left } : 'over';
}

/** A million codes are quickly tried against a plain hash: this one needs the secret too. */
const hashOf = (secret: string, id: string, code: string): string =>
  createHmac('sha256', secret).update(`about code ${id} ${code}`).digest('hex');
