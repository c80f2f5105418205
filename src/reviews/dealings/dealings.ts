import { dayOf } from '../../kernel/time.ts';
import type { CompanyDb, PortalDb } from '../../tenancy/handles.ts';
import * as sql from './sql.ts';

/** Who pushed what is being stored, and when. */
export interface Source {
  /** by the portal's key: it always counts. By a company's own key, within the day's budget. */
  portal: boolean;
  now: Date;
}

/**
 * Notes with which numbers (E.164) the company really dealt, in one statement: that opens to it what others wrote about them, and
 * lets it write. `brought`: of orders, and of messages that customers wrote; `lost`: what such an arrival named before. Needs the
 * evidence stored, and `lock` of identity.
 */
export async function settleDealings(
  db: CompanyDb,
  { brought, lost }: { brought: Iterable<string>; lost: Iterable<string> },
  { portal, now }: Source,
): Promise<void> {
  const fresh = new Set(brought);
  const rows = [...new Set([...fresh, ...lost])].map((phone) => row(db, phone, fresh.has(phone)));
  if (rows.length === 0) return;
  const { id: companyId, timezone } = db.company;
  const portalUntil = portal ? 'infinity' : '-infinity';
  const day = dayOf(now, timezone);
  await db.execute(sql.settle({ companyId, phones: JSON.stringify(rows), portalUntil, day, timezone }));
}

const row = (db: CompanyDb, phone: string, brought: boolean) => ({ phone, phone_key: db.keyOfPhone(phone), brought });

/** Whether numbers of the company wait for `keyPhones`. */
export const hasUnkeyed = async (db: CompanyDb): Promise<boolean> =>
  (await db.query(sql.unkeyed(db.company.id, 1))).length > 0;

/** Before this moment everything came by the portal's key. null: the company has no key of its own. */
export async function firstOwnKey(db: PortalDb, companyId: string): Promise<Date | null> {
  const [row] = await db.query<{ at: Date | null }>(sql.firstOwnKey(companyId));
  return row?.at ?? null;
}

const CHUNK = 1000;

/**
 * Gives up to a thousand numbers that were stored by an earlier version their keys, and notes the dealings with them, each within
 * the budget of the day it first came. Answers how many there were; 0: it is done. Needs `lock` of identity.
 */
export async function keyPhones(db: CompanyDb, ownKeySince: Date | null): Promise<number> {
  const { id: companyId, timezone } = db.company;
  const waiting = await db.query<{ value: string }>(sql.unkeyed(companyId, CHUNK));
  if (waiting.length === 0) return 0;
  const phones = JSON.stringify(waiting.map(({ value }) => row(db, value, true)));
  const portalUntil = ownKeySince?.toISOString() ?? 'infinity';
  await db.execute(sql.setKeys(companyId, phones));
  await db.execute(sql.settle({ companyId, phones, portalUntil, day: null, timezone }));
  return waiting.length;
}
