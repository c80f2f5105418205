import { newId } from '../kernel/id.ts';
import { phoneTraits } from '../kernel/phone.ts';
import type { CompanyDb, CompanyReader } from '../tenancy/handles.ts';
import { type Contact, type ContactKind, columnsOf, keyOf } from './contacts.ts';
import { fingerprintOf } from './decisions/fingerprint.ts';
import { carryOver } from './decisions/given/given.ts';
import { isAnyDecided, type LinkRow, links, restQuestions, settleDuplicates } from './decisions/sql.ts';
import { type Assignment, type Incoming, type Known, type Meeting, type Resolution, resolve } from './resolve.ts';
import * as sql from './sql.ts';

export { type Contact, type ContactKind, keyOf } from './contacts.ts';
export { type Drift, drift, rebuildRollup, recompute } from './counters/counters.ts';
export {
  type Decided,
  DecisionError,
  keepApart,
  MAX_MERGED,
  merge,
  move,
  rehearse,
  settle,
  settleDecided,
  share,
  split,
  undo,
  unshare,
} from './decisions/decisions.ts';
export { clearNumbers, hasUnreadNumbers, planNumbers, readNumbers } from './numbers/numbers.ts';
export type { Assignment, Because, Incoming } from './resolve.ts';

/** Until the end of the transaction nobody else decides in this company who is who. Take it before looking anything up. */
export async function lock(db: CompanyDb): Promise<void> {
  await db.query(sql.lockCompany(db.company.id));
}

export interface Identified {
  /** by arrival id; null: no usable contact */
  assignments: Map<string, Assignment | null>;
  /** by the id of each customer that was merged */
  survivors: Map<string, string>;
  /** customers to `recompute` */
  touched: string[];
  /** of these those that got a contact or took others in */
  changed: string[];
}

/**
 * Finds or makes the customer of each arrival, merging where the company wants that. Needs `lock`. The caller stores the
 * arrivals, then calls `recompute` with `touched`.
 */
export async function identify(db: CompanyDb, incoming: readonly Incoming[]): Promise<Identified> {
  const contacts = incoming.flatMap((arrival) => arrival.contacts);
  const resolution = resolve(incoming, await lookUp(db, incoming, contacts), db.company.identity, newId);
  await store(db, resolution);
  const assigned = [...resolution.assignments.values()].flatMap((assignment) => assignment?.customerId ?? []);
  const survivors = new Map(resolution.merges.map((merge) => [merge.otherId, merge.customerId]));
  const changed = [...resolution.contacts.map(({ customerId }) => customerId), ...survivors.values()];
  const touched = [...new Set([...assigned, ...survivors.keys()])];
  return { assignments: resolution.assignments, survivors, touched, changed };
}

interface ContactRow {
  kind: ContactKind;
  value: string;
  customer_id: string;
  shared: boolean;
  created_at: Date;
}

async function lookUp(db: CompanyDb, incoming: readonly Incoming[], contacts: Contact[]): Promise<Known> {
  const wanted = [...new Map(contacts.map((contact) => [keyOf(contact), contact])).values()];
  const rows =
    wanted.length > 0 ? await db.query<ContactRow>(sql.knownContacts(db.company.id, ...columnsOf(wanted))) : [];
  const { apart, moves, targets } = await linksOf(
    db,
    incoming,
    rows.map((row) => row.customer_id),
  );
  return {
    apart,
    moves,
    contacts: new Map(rows.map((row) => [keyOf(row), { customerId: row.customer_id, shared: row.shared }])),
    customers: [...rows.map((row) => ({ id: row.customer_id, createdAt: row.created_at })), ...targets],
  };
}

/** What people decided about the customers and arrivals of this batch. */
export async function linksOf(db: CompanyReader, incoming: readonly Incoming[], customerIds: string[]) {
  const [known] = await db.query<{ decided: boolean }>(isAnyDecided(db.company.id));
  if (!known?.decided) return { apart: [], moves: new Map<string, string>(), targets: [] };
  const ids = incoming.map(({ id }) => id);
  const prints = incoming.map(({ contacts, name }) => fingerprintOf(contacts, name));
  const rows = await db.query<LinkRow>(links(db.company.id, [...new Set(customerIds)], ids, prints));
  const of = (what: LinkRow['what']) =>
    rows.flatMap((row) => (row.what === what ? [[row.one, row.other] as const] : []));
  const targets = rows.flatMap(({ other: id, created_at: createdAt }) => (createdAt ? [{ id, createdAt }] : []));
  return { apart: of('apart'), moves: new Map(of('move')), targets };
}

async function store(db: CompanyDb, { created, merges, contacts, duplicates }: Resolution): Promise<void> {
  if (created.length > 0) await db.execute(sql.insertCustomers(db.company.id, created));
  if (merges.length > 0) await mergeAll(db, merges);
  if (contacts.length > 0) {
    const rows = contacts.map(({ customerId, ...contact }, n) => ({
      ...contact,
      customer_id: customerId,
      ...(contact.kind === 'phone' ? { phone_key: db.keyOfPhone(contact.value), ...phoneTraits(contact.value) } : {}),
      n,
    }));
    await db.execute(sql.insertContacts(db.company.id, JSON.stringify(rows)));
  }
  if (duplicates.length > 0) {
    const rows = duplicates.map((pair) => ({ ...proof(pair), customer_id: pair.customerId, other_id: pair.otherId }));
    await db.execute(sql.raiseDuplicates(db.company.id, JSON.stringify(rows)));
  }
}

async function mergeAll(db: CompanyDb, merges: Meeting[]): Promise<void> {
  const company = db.company.id;
  const merged = merges.map((meeting) => meeting.otherId);
  const survivors = merges.map((meeting) => meeting.customerId);
  const rows = merges.map((meeting) => ({
    ...proof(meeting),
    survivor_id: meeting.customerId,
    merged_id: meeting.otherId,
  }));
  await db.execute(sql.logMerges(company, JSON.stringify(rows)));
  await db.execute(sql.mergeContacts(company, merged, survivors));
  await db.execute(sql.mergeArrivals(company, merged, survivors));
  await db.execute(sql.mergeCustomers(company, merged, survivors));
  await db.execute(settleDuplicates(company, { one: merged, other: survivors }, 'merged', null));
  await db.execute(restQuestions(company, merged));
  await carryOver(
    db,
    merges.map(({ otherId, customerId }) => ({ from: otherId, to: customerId })),
  );
}

const proof = (meeting: Meeting) => ({
  id: newId(),
  because_kind: meeting.kind,
  because_value: meeting.value,
  arrival_id: meeting.arrivalId,
});

/**
 * After arrivals were stored with other contacts than before: what nothing proves any more is forgotten, and a customer of
 * whom nothing is left leads to the one that took over its arrival, or is no more where nobody did. `moves`: customer before
 * and after. Answers who else lost a contact, to be recomputed too: where a person is asked, an arrival can prove what another
 * customer owns.
 */
export async function forgetUnproved(
  db: CompanyDb,
  lost: readonly { kind: ContactKind; value: string }[],
  moves: readonly { from: string; to: string | null }[],
): Promise<string[]> {
  const dropped =
    lost.length > 0 ? await db.query<Owner>(sql.dropUnprovedContacts(db.company.id, ...columnsOf(lost))) : [];
  const followed = moves.flatMap(({ from, to }) => (to && to !== from ? [{ from, to }] : []));
  if (followed.length > 0) {
    const [from, to] = [followed.map((move) => move.from), followed.map((move) => move.to)];
    await db.execute(sql.foldEmpty(db.company.id, from, to));
  }
  const losers = [...new Set(dropped.map((contact) => contact.customer_id))];
  const left = [...losers, ...moves.flatMap(({ from, to }) => (to === null ? [from] : []))];
  if (left.length > 0) await db.execute(sql.dropEmpty(db.company.id, left));
  return losers;
}

type Owner = Pick<ContactRow, 'customer_id'>;

/** After customers were deleted or brought back: questions whether they are somebody else rest, or are asked again. Needs `lock`. */
export async function refreshQuestions(db: CompanyDb, customerIds: readonly string[]): Promise<void> {
  await db.execute(restQuestions(db.company.id, customerIds));
}
