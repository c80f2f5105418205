import * as audit from '../../../audit/audit.ts';
import * as consents from '../../../consents/consents.ts';
import { eraseArrivals, erase as eraseCustomers, forgetLater, remove } from '../../../customers/customers.ts';
import { forgetUnproved, lock, recompute } from '../../../identity/identity.ts';
import { newId } from '../../../kernel/id.ts';
import * as ledger from '../../../ledger/ledger.ts';
import * as notices from '../../../notices/notices.ts';
import type { Sql } from '../../../platform/db.ts';
import type { CompanyDb } from '../../../tenancy/handles.ts';
import { count, leftOf, type Outcome } from '../found/count.ts';
import * as found from '../found/sql.ts';
import { type Theirs, theirs } from '../found/theirs.ts';
import { forgetImported, hasSample, rowsNaming } from '../imported/imported.ts';
import * as sql from './sql.ts';

export interface Wanted {
  requestId: string;
  /** E.164 */
  phone: string;
  askedAt: Date;
}

/**
 * Takes out of one company everything that itself names the number: name, contacts, addresses and texts of those orders, messages
 * and feedback, the number on the customer's card, and rows of imported files. Other orders of a merged customer stay, and with them
 * what they prove; so does what may be about somebody else who has or had the number. A second time it finds what the first one
 * noted, and changes nothing. null: there is nothing of the number here.
 */
export async function erase(db: CompanyDb, wanted: Wanted): Promise<Outcome | null> {
  const { requestId, phone, askedAt } = wanted;
  const [before] = await db.query<{ counts: Record<string, number> }>(found.noted('person.erased', requestId, askedAt));
  if (before) return noted(db, before.counts);
  if (!(await isHere(db, wanted))) {
    await forgetWritten(db, phone);
    await db.execute(sql.dropProposals(['phone'], [phone]));
    if ((await db.query(sql.filesThatWait())).length > 0) await later(db, phone, [], []);
    return null;
  }
  await lock(db);
  const here = await look(db, wanted);
  const left = leftOf(db.company.name, here);
  if (here.shared || (left && here.arrivals.length === 0)) return { counts: null, left };
  await forgetWritten(db, phone);
  const rows = await forgetImported(db, phone);
  if (rows === 0 && !isAny(here)) return left && { counts: null, left };
  await forget(db, phone, here);
  const counts = count(here.arrivals);
  counts.imported = Math.max(counts.imported, rows);
  await notices.post(db, { userId: null, kind: 'person-erased', data: { count: here.arrivals.length || rows } });
  await audit.write(db, {
    userId: null,
    action: 'person.erased',
    subject: { request: requestId, ...counts, ...(left && { left: left.count }) },
  });
  return { counts, left };
}

/** What was sent to the number, and what was said about writing to it. That it said STOP stays, as a key. */
async function forgetWritten(db: CompanyDb, phone: string): Promise<void> {
  const key = db.keyOfPhone(phone);
  await ledger.forgetNumber(db, key);
  await consents.forget(db, [key]);
}

function noted(db: CompanyDb, { left = 0, ...counts }: Record<string, number>): Outcome {
  return {
    counts: { ...count([]), ...counts },
    left: leftOf(db.company.name, { shared: false, former: left }),
  };
}

interface Here extends Theirs {
  /** customers whose card has the number, also of those that were deleted */
  cards: string[];
  /** customers whose history has it */
  told: string[];
}

const isAny = ({ arrivals, cards, told }: Here) => arrivals.length + cards.length + told.length > 0;

/** Whether it is worth holding up those who decide here who is who. */
async function isHere(db: CompanyDb, wanted: Wanted): Promise<boolean> {
  const here = await look(db, wanted);
  if (here.shared || here.former > 0 || isAny(here)) return true;
  return (await rowsNaming(db, wanted.phone)).length > 0 || (await hasSample(db, wanted.phone));
}

async function look(db: CompanyDb, { phone, askedAt }: Wanted): Promise<Here> {
  const here = await theirs(db, phone, askedAt);
  if (here.shared) return { ...here, cards: [], told: [] };
  const ids = async (statement: Sql) => (await db.query<{ id: string }>(statement)).map(({ id }) => id);
  const told = await ids(sql.inHistory(phone));
  // A card that proves a former owner's orders stays theirs.
  if (here.former > 0) return { ...here, cards: [], told };
  const owners = here.contact ? [here.contact.customer_id, here.contact.origin_id] : [];
  return { ...here, cards: [...owners, ...(await ids(sql.inTrash(phone)))], told };
}

async function forget(db: CompanyDb, phone: string, { arrivals, cards, told, former }: Here): Promise<void> {
  const ids = arrivals.map((row) => row.id);
  const family = await db.query<sql.MemberRow>(
    sql.withMerged([...cards, ...arrivals.flatMap((row) => row.customer_id ?? [])]),
  );
  const names = (await db.query<{ name: string }>(sql.namesOf(ids))).map((row) => row.name);
  const lost = [...(await db.query<sql.EvidenceRow>(sql.evidence(ids))), { kind: 'phone' as const, value: phone }];
  await eraseArrivals(db, ids);
  if (ids.length > 0) await giveToNobody(db, ids);
  if (former === 0) await db.execute(sql.dropContact(phone));
  const losers = await forgetUnproved(db, lost, []);
  await later(db, phone, await goneOf(db, lost), names);
  const touched = [...new Set([...family.map((row) => row.id), ...losers])];
  const bare = await db.query<sql.BareRow>(sql.bare(touched));
  const nameless = family.filter((row) => bare.some(({ id }) => id === row.id)).map((row) => row.name);
  await scrub(db, { lost, names: [...names, ...nameless], family: [...new Set([...touched, ...told])] });
  await forgetMerged(
    db,
    bare.filter((row) => row.merged).map((row) => row.id),
  );
  await recompute(db, touched);
  await forgetCards(
    db,
    bare.filter((row) => !row.merged),
  );
}

/** Files, and whatever was typed in. Only what came with the number is looked for: an e-mail that others prove too stays theirs. */
function later(
  db: CompanyDb,
  phone: string,
  lost: readonly sql.EvidenceRow[],
  names: readonly string[],
): Promise<void> {
  const emails = lost.filter(({ kind }) => kind === 'email').map(({ value }) => value);
  return forgetLater(db, { phones: [phone], emails, accounts: [], names }, { customerIds: [], reviews: false });
}

async function giveToNobody(db: CompanyDb, ids: string[]): Promise<void> {
  const nobody = newId();
  await db.execute(sql.insertNobody(nobody));
  await db.execute(sql.giveToNobody(ids, nobody));
}

interface Forgotten {
  /** contacts that were named with the number: those that nobody has any more go everywhere */
  lost: sql.EvidenceRow[];
  names: string[];
  family: string[];
}

const goneOf = (db: CompanyDb, lost: readonly sql.EvidenceRow[]) =>
  db.query<sql.EvidenceRow>(
    sql.gone(
      lost.map(({ kind }) => kind),
      lost.map(({ value }) => value),
    ),
  );

/** What is forgotten, wherever else it was noted: proofs of merges, decisions, proposals, the history, the trash. */
async function scrub(db: CompanyDb, { lost, names, family }: Forgotten): Promise<void> {
  const gone = await goneOf(db, lost);
  const [kinds, values] = [gone.map(({ kind }) => kind), gone.map(({ value }) => value)];
  for (const blank of [sql.blankMergeProofs, sql.blankDuplicateProofs, sql.dropShares, sql.dropProposals]) {
    await db.execute(blank(kinds, values));
  }
  await db.execute(sql.dropTrash(family, kinds, values));
  const texts = new Set([...values, ...names.filter((name) => name !== '')]);
  await rewrite(db, await db.query<sql.Note>(sql.notes(family)), texts);
}

/** One statement for each column that something is taken out of. */
async function rewrite(db: CompanyDb, notes: readonly sql.Note[], texts: ReadonlySet<string>): Promise<void> {
  const changed = notes.flatMap((note) => {
    const json = without(note.json, texts);
    return JSON.stringify(json) === JSON.stringify(note.json) ? [] : [{ ...note, json }];
  });
  for (const source of new Set(changed.map((note) => note.source))) {
    const ofSource = changed.filter((note) => note.source === source);
    await db.execute(sql.rewrite(source, JSON.stringify(ofSource)));
  }
}

/** The JSON without these texts: elements of lists that are one, or hold one as their `value`, go; others become empty. */
export function without(json: unknown, texts: ReadonlySet<string>): unknown {
  if (typeof json === 'string') return texts.has(json) ? '' : json;
  if (Array.isArray(json)) return json.filter((each) => !isOne(each, texts)).map((each) => without(each, texts));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, without(value, texts)]));
}

function isOne(value: unknown, texts: ReadonlySet<string>): boolean {
  if (typeof value === 'string') return texts.has(value);
  return typeof value === 'object' && value !== null && 'value' in value && texts.has(String(value.value));
}

/** A merge that is undone must not bring the name back; nor does the survivor keep one that came with it. */
async function forgetMerged(db: CompanyDb, ids: string[]): Promise<void> {
  for (const statement of [sql.takeNameBack, sql.forgetGiven, sql.blankMerged, sql.dropChanges]) {
    await db.execute(statement(ids));
  }
}

/** Cards of which nothing but typed words would be left were about this person alone: they are forgotten as a whole. */
async function forgetCards(db: CompanyDb, cards: sql.BareRow[]): Promise<void> {
  const listed = cards.filter((row) => !row.deleted).map((row) => row.id);
  await remove(db, listed, null);
  const all = cards.map((row) => row.id);
  await eraseCustomers(db, all, null);
}
