import * as customers from '../customers/customers.ts';
import { keyOf } from '../identity/identity.ts';
import { isId } from '../kernel/id.ts';
import { enqueue } from '../queue/enqueue.ts';
import type { CompanyDb, CompanyReader } from '../tenancy/handles.ts';
import type { Services } from '../web/services.ts';
import { followers } from './follow.ts';
import * as near from './near/sql.ts';
import * as sql from './sql.ts';

export { findNear } from './near/find.ts';
export type { SearchRow } from './near/sql.ts';

/** Has every company looked through, each by a job of its own. */
export async function askEverywhere({ tenancy }: Pick<Services, 'tenancy'>): Promise<void> {
  for (const company of await tenancy.companiesOfOperator()) await tenancy.inCompany(company, askSearch);
}

/** Has this company looked through, after the transaction; not while that is still to come anyway. */
export async function askSearch(db: CompanyDb): Promise<void> {
  const touched = await db.execute(near.asked(db.company.id));
  if (touched > 0) await enqueue(db, 'duplicates.find', {});
}

/** When the company was last looked through, and what that found; null: never yet. */
export async function lastSearch(db: CompanyReader): Promise<near.SearchRow | null> {
  return (await db.query<near.SearchRow>(near.search()))[0] ?? null;
}

export interface Question {
  reason: sql.Reason | null;
  /** those that were put off */
  later: boolean;
  /** id of the last one of the page before */
  before: string | null;
}

/** Open questions whether two customers are one, newest first. */
export async function list(db: CompanyReader, { reason, later, before }: Question, per: number) {
  const rows = await db.query<sql.PairRow>(sql.list(reason, later, before, per + 1));
  return { pairs: rows.slice(0, per), more: rows.length > per };
}

export interface Counts {
  all: number;
  later: number;
  of: Record<sql.Reason, number>;
}

export async function counts(db: CompanyReader): Promise<Counts> {
  const rows = await db.query<{ reason: sql.Reason; later: boolean; count: bigint }>(sql.counts());
  const sum = (wanted: typeof rows) => wanted.reduce((total, { count }) => total + Number(count), 0);
  const waiting = rows.filter(({ later }) => !later);
  const of = (reason: sql.Reason) => sum(waiting.filter((row) => row.reason === reason));
  return {
    all: sum(waiting),
    later: sum(rows.filter(({ later }) => later)),
    of: { arrival: of('arrival'), digit: of('digit'), name: of('name'), typed: of('typed') },
  };
}

/** null: there is none of that id here */
export async function order(db: CompanyReader, id: string): Promise<sql.OrderRow | null> {
  return (await db.query<sql.OrderRow>(sql.orders([id])))[0] ?? null;
}

/** Contacts that seem to be many people's, and about which nobody has said anything yet; those of most names first. */
export const proposals = (db: CompanyReader, most: number) => db.query<sql.ProposalRow>(sql.proposals(most));

/** false: there is no such proposal here, or it has been answered */
export async function dismissProposal(db: CompanyDb, id: string, userId: string): Promise<boolean> {
  return (await db.execute(sql.dismissProposal(id, userId))) > 0;
}

export type NamedContact = sql.SharedRow & { shared: boolean };

/** null: nobody here has this contact */
export async function contact(
  db: CompanyReader,
  kind: sql.SharedRow['kind'],
  value: string,
): Promise<NamedContact | null> {
  return (await db.query<NamedContact>(sql.contact(kind, value)))[0] ?? null;
}

/** Contacts that identify nobody. */
export const shared = (db: CompanyReader, most: number) => db.query<sql.SharedRow>(sql.shared(most));

/** null: there is no such open question here */
export async function one(db: CompanyReader, id: string): Promise<sql.PairRow | null> {
  return (await db.query<sql.PairRow>(sql.one(id)))[0] ?? null;
}

/** Puts a question off: it goes to those for later. false: there is no such open question here */
export async function postpone(db: CompanyDb, id: string, userId: string): Promise<boolean> {
  return (await db.execute(sql.postpone(id, userId))) > 0;
}

/** Keys of the contacts that leave with an earlier customer: what came with it, and what came with that since. */
export async function leavingWith(db: CompanyReader, customerId: string, mergedId: string): Promise<string[]> {
  const own = await db.query<sql.ContactRow>(sql.contacts([customerId]));
  const leaving = own.filter((each) => each.origin_id === mergedId && !each.shared).map(keyOf);
  const since = await db.query<Pick<sql.ContactRow, 'kind' | 'value'>>(sql.contactsSince(customerId, mergedId));
  if (since.length === 0) return leaving;
  const proofs = new Map<string, string[]>();
  const identifying = new Set(own.filter(({ shared }) => !shared).map(keyOf));
  for (const row of await db.query<sql.ProofRow>(sql.broughtSince(customerId, mergedId))) {
    if (identifying.has(keyOf(row))) proofs.set(row.arrival_id, [...(proofs.get(row.arrival_id) ?? []), keyOf(row)]);
  }
  return [...leaving, ...followers(new Set(leaving), new Set(since.map(keyOf)), [...proofs.values()])];
}

/** Answers a question with no. It may have been asked about customers who are part of these two by now. */
export const dismiss = (db: CompanyDb, id: string, userId: string) => db.execute(sql.dismiss(id, userId));

/** Who the customers of these ids are now, each once; foreign, deleted and unknown ones are left out. */
export async function present(db: CompanyReader, ids: readonly string[]): Promise<string[]> {
  const known = ids.filter(isId);
  if (known.length === 0) return [];
  return (await db.query<{ id: string }>(sql.present(known))).map(({ id }) => id);
}

/** Customers found by the search of the list, the first few; nobody without a search. */
export async function search(db: CompanyReader, q: string, now: Date): Promise<readonly customers.CustomerRow[]> {
  if (q.trim() === '') return [];
  const { state } = customers.parseListState(new URLSearchParams({ q }), db.company);
  return (await customers.list(db, state, now)).rows;
}
