import * as audit from '../../../audit/audit.ts';
import { eraseArrivals, erase as eraseCustomers, remove } from '../../../customers/customers.ts';
import { forgetUnproved, lock, recompute } from '../../../identity/identity.ts';
import { newId } from '../../../kernel/id.ts';
import { parsePhone } from '../../../kernel/phone.ts';
import * as notices from '../../../notices/notices.ts';
import type { CompanyDb } from '../../../tenancy/handles.ts';
import { count, type Tally } from '../found/count.ts';
import * as found from '../found/sql.ts';
import * as sql from './sql.ts';

export interface Wanted {
  requestId: string;
  /** E.164 */
  phone: string;
  askedAt: Date;
}

/**
 * Takes out of one company everything that itself names the number: name, contacts, addresses and texts of those orders, messages
 * and feedback, and the number on the customer's card. Other orders of a merged customer stay, and with them what they prove.
 * A second time it finds what the first one noted, and changes nothing. null: there is nothing of the number here.
 */
export async function erase(db: CompanyDb, wanted: Wanted): Promise<Tally | null> {
  const [before] = await db.query<sql.Done>(sql.done(wanted.requestId, wanted.askedAt));
  if (before) return { ...count([]), ...before.counts };
  if (!(await look(db, wanted.phone))) return null;
  await lock(db);
  const here = await look(db, wanted.phone);
  if (!here) return null;
  await forget(db, wanted.phone, here);
  await db.execute(sql.dropDealing(db.keyOfPhone(wanted.phone)));
  const counts = count(here.arrivals);
  await notices.post(db, { userId: null, kind: 'person-erased', data: { count: here.arrivals.length } });
  await audit.write(db, {
    userId: null,
    action: 'person.erased',
    subject: { request: wanted.requestId, ...counts },
  });
  return counts;
}

interface Here {
  arrivals: found.Found[];
  /** customers whose card has the number, also of those that were deleted */
  cards: string[];
}

async function look(db: CompanyDb, phone: string): Promise<Here | null> {
  const arrivals = await db.query<found.Found>(found.found(phone));
  const [contact] = await db.query<found.ContactRow>(found.contact(phone));
  const trash = await db.query<{ id: string }>(sql.inTrash(phone));
  const cards = [...(contact ? [contact.customer_id, contact.origin_id] : []), ...trash.map((row) => row.id)];
  return arrivals.length > 0 || cards.length > 0 ? { arrivals, cards } : null;
}

async function forget(db: CompanyDb, phone: string, { arrivals, cards }: Here): Promise<void> {
  const ids = arrivals.map((row) => row.id);
  const family = await db.query<sql.MemberRow>(
    sql.withMerged([...cards, ...arrivals.flatMap((row) => row.customer_id ?? [])]),
  );
  const names = (await db.query<{ name: string }>(sql.namesOf(ids))).map((row) => row.name);
  const lost = [...(await db.query<sql.EvidenceRow>(sql.evidence(ids))), { kind: 'phone' as const, value: phone }];
  await eraseArrivals(db, ids);
  if (ids.length > 0) await giveToNobody(db, ids);
  await db.execute(sql.dropContact(phone));
  const losers = await forgetUnproved(db, lost, []);
  const touched = [...new Set([...family.map((row) => row.id), ...losers])];
  const bare = await db.query<sql.BareRow>(sql.bare(touched));
  const nameless = family.filter((row) => bare.some(({ id }) => id === row.id)).map((row) => row.name);
  await scrub(db, { phone, lost, names: [...names, ...nameless], family: touched });
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

async function giveToNobody(db: CompanyDb, ids: string[]): Promise<void> {
  const nobody = newId();
  await db.execute(sql.insertNobody(nobody));
  await db.execute(sql.giveToNobody(ids, nobody));
}

interface Forgotten {
  phone: string;
  /** contacts that were named with the number: those that nobody has any more go everywhere */
  lost: sql.EvidenceRow[];
  names: string[];
  family: string[];
}

/** What is forgotten, wherever else it was noted: proofs of merges, decisions, the history, rows of imported files. */
async function scrub(db: CompanyDb, { phone, lost, names, family }: Forgotten): Promise<void> {
  const gone = await db.query<sql.EvidenceRow>(
    sql.gone(
      lost.map(({ kind }) => kind),
      lost.map(({ value }) => value),
    ),
  );
  const [kinds, values] = [gone.map(({ kind }) => kind), gone.map(({ value }) => value)];
  for (const blank of [sql.blankMergeProofs, sql.blankDuplicateProofs, sql.dropShares]) {
    await db.execute(blank(kinds, values));
  }
  const texts = new Set([...values, ...names.filter((name) => name !== '')]);
  for (const note of await db.query<sql.Note>(sql.notes(family))) {
    const json = without(note.json, texts);
    if (JSON.stringify(json) !== JSON.stringify(note.json)) await db.execute(sql.rewrite(note, json));
  }
  for (const { import_id, line, cells } of await db.query<sql.ImportRow>(sql.importRows(family))) {
    if (isNamedIn(cells, phone, db.company.country)) await db.execute(sql.blankImportRow(import_id, line));
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

/** Whether a cell of the imported row is the number, however it was written. */
function isNamedIn(cells: unknown, phone: string, country: string): boolean {
  if (typeof cells === 'string') return cells.split(/[,;\n]/).some((part) => parsePhone(part, country)?.e164 === phone);
  if (typeof cells !== 'object' || cells === null) return false;
  return Object.values(cells).some((cell) => isNamedIn(cell, phone, country));
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
