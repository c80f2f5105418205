import { createHash } from 'node:crypto';
import { type Decided, lock, rehearse } from '../identity/identity.ts';
import type { CompanyDb } from '../tenancy/handles.ts';
import { type Face, faces } from './faces.ts';
import * as sql from './sql.ts';

/** A decision about who is who, ready to be taken. */
export type Act = (db: CompanyDb) => Promise<Decided>;

/** What a decision would change: the customers it touches, before and after, and what would go from one to another. */
export interface Effect {
  before: Face[];
  after: Face[];
  moved: Moved[];
  /** the same as long as nothing of all this changes */
  stamp: string;
}

export interface Moved {
  arrival: sql.ArrivalRow;
  from: string;
  /** null: nothing in it identifies anybody any more */
  to: string | null;
  order: sql.OrderRow | null;
}

/** Orders, messages and feedback that are compared one by one; of a customer with more, the newest. */
const MOST_COMPARED = 10_000;
/** Orders that are named. */
const MOST_NAMED = 20;

/** Takes the decision, looks, and takes it back. `always`: customers to show, changed or not. Takes the lock. */
export async function preview(db: CompanyDb, act: Act, always: readonly string[] = []): Promise<Effect> {
  await lock(db);
  const then = await rehearse(db, async () => {
    const ids = [...new Set([...(await act(db)).touched, ...always])];
    return { ids, faces: await faces(db, ids), arrivals: await arrivals(db, ids) };
  });
  const before = await faces(db, then.ids);
  const moved = await compare(db, await arrivals(db, then.ids), then.arrivals);
  return { before, after: then.faces, moved, stamp: stampOf(before, then.faces, moved) };
}

/** Takes the decision where everything is still as the person saw it; else answers what it would change now. */
export async function carryOut(
  db: CompanyDb,
  act: Act,
  stamp: string,
  always: readonly string[] = [],
): Promise<{ done: Decided } | { changed: Effect }> {
  const effect = await preview(db, act, always);
  return effect.stamp === stamp ? { done: await act(db) } : { changed: effect };
}

async function arrivals(db: CompanyDb, customerIds: string[]): Promise<sql.ArrivalRow[]> {
  return customerIds.length > 0 ? db.query<sql.ArrivalRow>(sql.arrivals(customerIds, MOST_COMPARED)) : [];
}

async function compare(db: CompanyDb, before: sql.ArrivalRow[], after: sql.ArrivalRow[]): Promise<Moved[]> {
  const then = new Map(after.map((arrival) => [arrival.id, arrival]));
  const moved = before.flatMap((arrival) => {
    const now = then.get(arrival.id);
    if (now?.customer_id === arrival.customer_id) return [];
    return [{ arrival: now ?? arrival, from: arrival.customer_id, to: now?.customer_id ?? null }];
  });
  const known = new Set(before.map(({ id }) => id));
  // What belonged to nobody, or to a customer that is not shown, comes back from there.
  const named = moved.filter(({ arrival }) => arrival.kind === 'order').slice(0, MOST_NAMED);
  const found = after
    .filter(({ id }) => !known.has(id))
    .map((arrival) => ({ arrival, from: '', to: arrival.customer_id }));
  const ids = [...named, ...found.filter(({ arrival }) => arrival.kind === 'order')].map(({ arrival }) => arrival.id);
  const rows = ids.length > 0 ? await db.query<sql.OrderRow>(sql.orders(ids.slice(0, MOST_NAMED))) : [];
  const orders = new Map(rows.map((row) => [row.id, row]));
  return [...moved, ...found].map((each) => ({ ...each, order: orders.get(each.arrival.id) ?? null }));
}

/** A customer that the decision makes has another id each time it is tried. */
function stampOf(before: Face[], after: Face[], moved: Moved[]): string {
  const known = new Set(before.map(({ customer }) => customer.id));
  const nameOf = (id: string | null) => (id === null || known.has(id) ? id : 'new');
  const seen = ({ customer: { created_at, ...customer }, contacts, tags, notes }: Face) => [
    { ...customer, id: nameOf(customer.id) },
    contacts.map(({ kind, value, shared }) => [kind, value, shared]),
    tags.map(({ name }) => name),
    notes.map(({ origin, note, other_channels }) => [origin, note, other_channels]),
  ];
  const all = [before.map(seen), after.map(seen), moved.map(({ arrival, from, to }) => [arrival.id, from, nameOf(to)])];
  const text = JSON.stringify(all, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  return createHash('sha256').update(text).digest('base64url');
}
