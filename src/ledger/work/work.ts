import { newId } from '../../kernel/id.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import { fallBack } from '../news/fallback.ts';
import type { Channel } from '../states.ts';
import type { Held, Settlement } from './held.ts';
import * as sql from './sql.ts';

export type { Held, Settlement } from './held.ts';

/** Rows that are ours for a while, under a name that whoever writes to them has to know. */
export interface Claim {
  claim: string;
  rows: { id: string; channel: Channel }[];
}

/**
 * Takes the next rows that are due, and those whose worker has not been heard of since its lease ran out, for `seconds`. Never one that
 * was called.
 */
export async function claim(
  db: CompanyDb,
  campaignId: string,
  { limit, seconds, now }: { limit: number; seconds: number; now: Date },
): Promise<Claim> {
  const token = newId();
  return { claim: token, rows: await db.query(sql.claim(campaignId, token, { limit, seconds, now })) };
}

/** One that is to be handed to the provider now, once. */
export interface Call {
  id: string;
  channel: Channel;
  address: string;
  address_key: string | null;
  body: string;
}

/**
 * Marks claimed rows as being called, after the campaign, its expiry, STOP, consent and the cap were asked once more; who may not be
 * written to any more is skipped. What it answers is called after the commit, and whatever happens then, never a second time. null: the
 * campaign is not being sent (any more).
 */
export async function call(
  db: CompanyDb,
  campaignId: string,
  { claim: token, ids }: Held,
  { sender, seconds, now }: { sender: string | null; seconds: number; now: Date },
): Promise<Call[] | null> {
  // Whoever pauses waits for this lock, and whoever calls after that sees it paused.
  const [rules] = await db.query<sql.Rules>(sql.rules(campaignId, now));
  if (!rules) return null;
  if (rules.cap > 0n) await db.query(sql.oneByOne());
  const rows = await db.query<Call & { state: string }>(
    sql.call(campaignId, { claim: token, ids }, rules, { sender, seconds, now }),
  );
  return rows.filter(({ state }) => state === 'calling').map(({ state: _, ...row }) => row);
}

/**
 * Writes what came of calls. Who comes too late changes nothing any more, except that what was unknown by then is known. Answers how
 * many rows it settled. Throws where an answer cannot be true, as an id of the provider's that another row has.
 */
export async function settle(
  db: CompanyDb,
  token: string,
  settlements: readonly Settlement[],
  now: Date,
): Promise<number> {
  if (settlements.length === 0) return 0;
  const rows = await db.query<{ id: string; state: string }>(sql.settle(token, settlements, now));
  await fallBack(
    db,
    rows.filter(({ state }) => state === 'failed').map(({ id }) => id),
    now,
  );
  return rows.length;
}

/** Gives rows back that the provider certainly never took; they are due again at `dueAt`. Answers how many were this claim's. */
export function release(db: CompanyDb, { claim: token, ids }: Held, dueAt: Date | null = null): Promise<number> {
  return db.execute(sql.release(token, ids, dueAt));
}

/** Takes all that is claimed, and not being called, from whoever has it. */
export function releaseAll(db: CompanyDb, campaignId: string): Promise<number> {
  return db.execute(sql.releaseAll(campaignId));
}

/** Skips what has not been called, at most so many. Answers how many: fewer than that are all. */
export function skipRest(
  db: CompanyDb,
  campaignId: string,
  reason: 'expired' | 'cancelled',
  limit: number,
): Promise<number> {
  return db.execute(sql.skipRest(campaignId, reason, limit));
}

/** Calls of which nobody has told the end in time: it is not known what became of them. Answers how many. */
export function lapse(db: CompanyDb, campaignId: string | null = null): Promise<number> {
  return db.execute(sql.lapse(campaignId));
}

/** What is left to do of a campaign. */
export interface Waiting {
  /** when the first of those that nobody holds is due; null: somebody holds all */
  dueAt: Date | null;
  /** so long the first lease still lasts; null: nobody holds any */
  leaseSeconds: number | null;
}

/** null: everything was called or skipped */
export async function next(db: CompanyDb, campaignId: string): Promise<Waiting | null> {
  const [row] = await db.query<{ open: number; due_at: Date | null; lease_seconds: number | null }>(
    sql.next(campaignId),
  );
  return row && row.open > 0 ? { dueAt: row.due_at, leaseSeconds: row.lease_seconds } : null;
}
