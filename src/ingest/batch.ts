import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { eraseArrivals } from '../customers/customers.ts';
import {
  type Assignment,
  type Because,
  forgetUnproved,
  identify,
  keyOf,
  lock,
  recompute,
  settleDecided,
} from '../identity/identity.ts';
import { newId } from '../kernel/id.ts';
import { type Source, settleDealings } from '../reviews/reviews.ts';
import type { CompanyDb } from '../tenancy/handles.ts';
import { heldBack } from './held.ts';
import type { Person } from './input.ts';
import { type Described, describe } from './person.ts';
import * as sql from './sql.ts';

/** What every posted item has, whatever its kind. */
export interface Posted {
  externalId: string;
  /** null: the last write wins */
  updatedAt: Date | null;
  customer: Person;
}

/** How a kind of arrival is stored. */
export interface Storing<Item extends Posted> {
  kind: sql.ArrivalKind;
  /** when it happened */
  at(item: Item): Date;
  /** Whether the company really dealt with the person in it; null: such a thing never is a dealing. */
  isDealing: ((item: Item) => boolean) | null;
  /** What it says of the person, where that is more than `customer` can hold. */
  describe?(item: Item, country: string): Described;
  /** What proved a customer that was deleted since stays with that one, and the same again is somebody anew. */
  leavesBehind?: boolean;
  /** Stores what is particular to the kind. */
  write(db: CompanyDb, rows: Row<Item>[]): Promise<void>;
}

/** What orders, messages and feedback have in common, and what each adds. */
export interface Kind<Item extends Posted> extends Storing<Item> {
  schema: z.ZodType<Item>;
  /** all moments in it, with their paths: none may lie more than a day ahead */
  moments(item: Item): (readonly [path: string, at: Date | null])[];
  /** what the shape alone cannot say, for instance that a total is no amount of its currency */
  check(item: Item): ItemError[];
}

export interface Row<Item> {
  id: string;
  item: Item;
  /** when the same was said to have happened before; null: it was not posted yet */
  atBefore: Date | null;
}

export interface ItemError {
  path: string;
  message: string;
}

/** The answer for one item, in the order of the call. */
export interface Result {
  externalId: string | null;
  status: 'created' | 'updated' | 'unchanged' | 'rejected';
  id: string | null;
  customerId: string | null;
  errors: ItemError[];
}

/** What is known under an externalId: stored before, or earlier in the same batch. */
interface Latest {
  id: string;
  hash: string;
  /** raised when the same content is posted with a newer one */
  updatedAt: Date | null;
}

interface Stored extends Latest {
  at: Date;
  customerId: string | null;
  because: Because | null;
  /** its customer was deleted */
  gone: boolean;
  /** … and is to be forgotten for good */
  erased: boolean;
}

interface Accepted<Item> extends Row<Item>, Latest {
  described: Described;
  /** what stands of it since it was posted before */
  before: Stored | null;
}

/**
 * Stores parsed items in one transaction, set by set, and answers one result for each, in their order. Posting the same again
 * changes nothing; so does an `updatedAt` older than the one stored (a newer one on the same content is noted). Within one batch the last of the same externalId stays.
 */
export async function storeBatch<Item extends Posted>(
  db: CompanyDb,
  kind: Storing<Item>,
  items: readonly Item[],
  source: Source,
): Promise<Result[]> {
  await lock(db);
  const stored = await known(db, kind, items);
  const { results, accepted, confirmed } = classify(db, kind, items, stored);
  if (confirmed.length > 0) await db.execute(sql.confirmArrivals(db.company.id, JSON.stringify(confirmed)));
  const rows = [...accepted.values()];
  if (rows.length === 0) return results;
  const { customers, survivors } = await write(db, kind, rows, source);
  return results.map((result) => {
    const row = accepted.get(result.externalId ?? '');
    if (row) return { ...result, customerId: customers.get(row.id) ?? null };
    return { ...result, customerId: survivors.get(result.customerId ?? '') ?? result.customerId };
  });
}

async function known<Item extends Posted>(
  db: CompanyDb,
  { kind, leavesBehind = false }: Storing<Item>,
  items: readonly Item[],
): Promise<Map<string, Stored>> {
  const wanted = [...new Set(items.map((item) => item.externalId))];
  const rows = await db.query<Stored & { externalId: string }>(sql.stored(db.company.id, kind, wanted));
  const left = rows.flatMap(({ id, gone }) => (leavesBehind && gone ? [id] : []));
  if (left.length > 0) await db.execute(sql.leaveBehind(db.company.id, left));
  const kept = rows.filter(({ gone }) => !(leavesBehind && gone));
  return new Map(kept.map(({ externalId, ...row }) => [externalId, row]));
}

/** `confirmed`: stored ones that were posted again with nothing new but a newer `updatedAt`. */
function classify<Item extends Posted>(
  { company: { country } }: CompanyDb,
  kind: Storing<Item>,
  items: readonly Item[],
  stored: Map<string, Stored>,
) {
  const accepted = new Map<string, Accepted<Item>>();
  const confirmed = new Set<Stored>();
  const results = items.map((item): Result => {
    const { externalId, updatedAt } = item;
    const [earlier, row] = [accepted.get(externalId), stored.get(externalId)];
    const latest = earlier ?? row;
    const id = latest?.id ?? newId();
    const customerId = row?.gone ? null : (row?.customerId ?? null);
    const answer = (status: Result['status']): Result => ({ externalId, status, id, customerId, errors: [] });
    if (latest && isOlder(updatedAt, latest.updatedAt)) return answer('unchanged');
    const hash = hashOf(item);
    if (latest?.hash === hash) {
      if (updatedAt && latest.updatedAt?.getTime() !== updatedAt.getTime()) {
        latest.updatedAt = updatedAt;
        if (row && !earlier) confirmed.add(row);
      }
      return answer('unchanged');
    }
    const described = kind.describe?.(item, country) ?? describe(item.customer, country);
    const before = row ?? null;
    accepted.set(externalId, { id, item, atBefore: row?.at ?? null, hash, updatedAt, described, before });
    return answer(latest ? 'updated' : 'created');
  });
  return { results, accepted, confirmed: [...confirmed] };
}

const isOlder = (at: Date | null, than: Date | null) => at !== null && than !== null && at < than;

function hashOf(item: { updatedAt: Date | null }): string {
  const { updatedAt: _, ...content } = item;
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url');
}

/** Answers the customer of each stored arrival, and who took in whom. */
async function write<Item extends Posted>(db: CompanyDb, kind: Storing<Item>, rows: Accepted<Item>[], source: Source) {
  const held = await heldBack(db, rows);
  const incoming = rows
    .filter(({ id }) => !held.has(id))
    .map(({ id, described }) => ({ id, contacts: described.contacts, name: described.name }));
  const { assignments, survivors, touched, changed } = await identify(db, incoming);
  const customers = new Map(rows.map(({ id }) => [id, assignments.get(id)?.customerId ?? null]));
  await db.execute(sql.upsertArrivals(db.company.id, kind.kind, JSON.stringify(rows.map(arrivalRow))));
  const lost = await replaceEvidence(db, rows);
  await kind.write(db, rows);
  await eraseArrivals(
    db,
    rows.flatMap(({ id }) => (held.get(id)?.erased ? [id] : [])),
  );
  if (kind.isDealing) {
    const { isDealing } = kind;
    // What was posted before as a dealing, and now is none, names its number still.
    const turned = phones(({ item, before }) => before !== null && !isDealing(item));
    const settled = { brought: phones(({ item }) => isDealing(item)), lost: [...phonesOf(lost), ...turned] };
    await settleDealings(db, settled, source);
  }
  const moves = rows.flatMap(({ id, before }) =>
    before?.customerId ? [{ from: before.customerId, to: customers.get(id) ?? null }] : [],
  );
  const losers = await forgetUnproved(db, lost, moves);
  const concerned = [...touched, ...losers, ...moves.map((move) => move.from)];
  await recompute(db, concerned);
  const others = lost.length > 0 ? [...losers, ...moves.flatMap(({ from, to }) => (to ? [from, to] : [from]))] : [];
  if (await settleDecided(db, concerned, [...changed, ...others]))
    for (const [id, customerId] of await owners(db, incoming)) customers.set(id, customerId);
  return { customers, survivors };

  function phones(wanted: (row: Accepted<Item>) => boolean): string[] {
    return rows.filter(wanted).flatMap(({ described }) => phonesOf(described.contacts));
  }

  function arrivalRow({ id, item, hash, updatedAt, described, before }: Accepted<Item>) {
    const assignment = assignments.get(id);
    const because = held.has(id)
      ? before?.because
      : (stillBecause(before, described, assignment) ?? assignment?.because);
    return {
      id,
      external_id: item.externalId,
      at: kind.at(item),
      customer_id: held.get(id)?.customerId ?? assignment?.customerId ?? null,
      name: described.name,
      gender: described.gender,
      region: described.region,
      given: described.given,
      search: described.search,
      because_kind: because?.kind ?? null,
      because_value: because?.value ?? null,
      because_rule: because?.rule ?? null,
      content_hash: hash,
      source_updated_at: updatedAt,
    };
  }
}

async function owners(db: CompanyDb, rows: readonly { id: string }[]): Promise<[string, string | null][]> {
  const ids = rows.map(({ id }) => id);
  const found = await db.query<{ id: string; customer_id: string | null }>(sql.ownersOf(db.company.id, ids));
  return found.map((row) => [row.id, row.customer_id]);
}

/** What brought it to its customer the first time stays the reason, as long as it is there and still proved by that contact. */
function stillBecause(before: Stored | null, { contacts }: Described, assignment: Assignment | null | undefined) {
  if (!before?.because || before.customerId !== assignment?.customerId) return null;
  const { kind, value } = before.because;
  return contacts.some((contact) => contact.kind === kind && contact.value === value) ? before.because : null;
}

/** Answers what proved something before and does not any more. */
async function replaceEvidence(db: CompanyDb, rows: Accepted<unknown>[]) {
  const again = rows.filter((row) => row.atBefore).map((row) => row.id);
  const old = again.length > 0 ? await db.query<EvidenceRow>(sql.evidenceOf(db.company.id, again)) : [];
  if (old.length > 0) await db.execute(sql.dropEvidence(db.company.id, again));
  const evidence = rows.flatMap(({ id, described }) =>
    described.contacts.map((contact) => ({ arrival_id: id, ...contact })),
  );
  if (evidence.length > 0) await db.execute(sql.insertEvidence(db.company.id, JSON.stringify(evidence)));
  const proved = new Set(evidence.map((each) => `${each.arrival_id} ${keyOf(each)}`));
  return old.filter((each) => !proved.has(`${each.arrival_id} ${keyOf(each)}`));
}

const phonesOf = (contacts: readonly Pick<EvidenceRow, 'kind' | 'value'>[]) =>
  contacts.flatMap(({ kind, value }) => (kind === 'phone' ? [value] : []));

type EvidenceRow = Pick<Described['contacts'][number], 'kind' | 'value'> & { arrival_id: string };
