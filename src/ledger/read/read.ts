import * as senders from '../../senders/senders.ts';
import type { CompanyReader } from '../../tenancy/handles.ts';
import { STATES, type State } from '../states.ts';
import * as sql from './sql.ts';

/** How many rows of a campaign are in each state. */
export type Counts = Readonly<Record<State, number>>;

/** Always counted from the rows. */
export async function counts(db: CompanyReader, campaignId: string): Promise<Counts> {
  const rows = await db.query<{ state: State; count: number }>(sql.counts(campaignId));
  const found = new Map(rows.map(({ state, count }) => [state, count]));
  return Object.fromEntries(STATES.map((state) => [state, found.get(state) ?? 0])) as Counts;
}

/** Why those in this state are: our word (skipped) or the provider's code, the most frequent first. */
export const reasons = (db: CompanyReader, campaignId: string, state: 'skipped' | 'failed' | 'undelivered') =>
  db.query<{ reason: string | null; count: number }>(sql.reasons(campaignId, state));

/**
 * Of what was called since then: how many have failed, and how many have come to any answer. An answer that told nothing is a failure
 * too; a worker that died is none, nor is what goes on by another channel. Where fewer than `least` have failed, the others are not
 * counted.
 */
export async function failures(db: CompanyReader, campaignId: string, since: Date, least: number) {
  const [row] = await db.query<{ settled: number; failed: number }>(sql.failures(campaignId, since, least));
  return row ?? { settled: 0, failed: 0 };
}

export type { DeliveryRow, SentRow } from './sql.ts';

/** The rows of a campaign in these states (all: none named), in the order of their ids. `before`: the last id of the page before. */
export async function list(
  db: CompanyReader,
  campaignId: string,
  { states = STATES, per, before }: { states?: readonly State[]; per: number; before: string | null },
): Promise<{ deliveries: sql.DeliveryRow[]; more: boolean }> {
  const rows = await db.query<sql.DeliveryRow>(sql.list(campaignId, states, per + 1, before));
  return { deliveries: rows.slice(0, per), more: rows.length > per };
}

/** null: there is none of that id here */
export async function find(db: CompanyReader, id: string): Promise<sql.SentRow | null> {
  return (await db.query<sql.SentRow>(sql.one(id)))[0] ?? null;
}

/** What was sent to a customer, or will be, newest first. `before`: the last id of the page before. */
export async function sentTo(
  db: CompanyReader,
  customerId: string,
  { per, before }: { per: number; before: string | null },
): Promise<{ deliveries: sql.SentRow[]; more: boolean }> {
  const rows = await db.query<sql.SentRow>(sql.sentTo(customerId, per + 1, before));
  return { deliveries: rows.slice(0, per), more: rows.length > per };
}

/** What was called since then has cost this, in millionths of the company's currency, as far as prices are known. */
export async function spentSince(db: CompanyReader, at: Date): Promise<bigint> {
  const [row] = await db.query<{ micros: bigint }>(sql.spentSince(at));
  return row?.micros ?? 0n;
}

/** After so long nobody is asked any more what became of a call. */
const NEWS_DAYS = 7;
const DAY = 24 * 3600_000;

/**
 * What launched campaigns may still cost, in millionths of the company's currency: whatever is not called yet, and SMS to all who may
 * still turn out not to be reached by another channel.
 */
export async function reserved(db: CompanyReader, now: Date): Promise<bigint> {
  const [row] = await db.query<{ micros: bigint }>(sql.reserved());
  const waiting = await db.query<sql.MayFallBackRow>(sql.mayFallBack(new Date(now.getTime() - NEWS_DAYS * DAY)));
  const prices = waiting.length > 0 ? await senders.priceTable(db, now) : [];
  const microsOf = ({ channel, country }: sql.MayFallBackRow) =>
    prices.find((price) => price.channel === channel && price.country === country)?.micros ?? 0n;
  return waiting.reduce((sum, each) => sum + each.parts * microsOf(each), row?.micros ?? 0n);
}
