import type { Sql } from '../../platform/db.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import type { Channel, State } from '../states.ts';
import { fallBack } from './fallback.ts';
import * as sql from './sql.ts';
import type { Fate, News } from './told.ts';

export type { Fate, News } from './told.ts';

/** A delivery that rose in rank. */
export interface Heard {
  id: string;
  campaignId: string;
  customerId: string | null;
  channel: Channel;
  address: string | null;
  addressKey: string | null;
  from: State;
  to: Fate;
  errorCode: string | null;
}

/**
 * Takes what the provider tells, by callbacks or by the reconciler, in any order and as often as it comes: a state only rises in rank,
 * and a last word stays the last word. Answers what changed. What has failed for good on another channel goes on by SMS, where the
 * campaign wants that.
 */
export async function hear(db: CompanyDb, news: readonly News[]): Promise<Heard[]> {
  if (news.length === 0) return [];
  const rows = await db.query<sql.HeardRow>(sql.hear(news));
  await fallBack(
    db,
    rows.filter(({ to }) => to === 'failed' || to === 'undelivered').map(({ id }) => id),
    newest(news),
  );
  return rows.map(({ campaign_id, customer_id, address_key, error_code, ...row }) => ({
    ...row,
    campaignId: campaign_id,
    customerId: customer_id,
    addressKey: address_key,
    errorCode: error_code,
  }));
}

const newest = (news: readonly News[]) => new Date(Math.max(...news.map(({ at }) => at.getTime())));

/**
 * Whoever has the number said no: what has not been called yet is skipped, in all campaigns. Answers how many are being called at this
 * moment: only when there are none, after the suppression was committed, nothing more will reach the number.
 */
export async function silence(db: CompanyDb, addressKey: string, reason: 'stop' | 'blocked' = 'stop'): Promise<number> {
  await db.execute(sql.silence(addressKey, reason));
  const [row] = await db.query<{ open: number }>(sql.openOf(addressKey));
  return row?.open ?? 0;
}

/** These customers are erased: what was to be sent to them is skipped, and of what was sent remains that it was. */
export async function forget(db: CompanyDb, customerIds: readonly string[]): Promise<void> {
  await forgetAll(db, sql.ofCustomers(customerIds));
}

/** The same of whatever went to one number. */
export async function forgetNumber(db: CompanyDb, addressKey: string): Promise<void> {
  await forgetAll(db, sql.ofNumber(addressKey));
}

async function forgetAll(db: CompanyDb, which: Sql): Promise<void> {
  await db.execute(sql.forgetLetters(which));
  await db.execute(sql.forget(which));
}
