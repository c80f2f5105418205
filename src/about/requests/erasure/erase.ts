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
  const family = await familyOf(db, [...cards, ...arrivals.flatMap((row) => row.customer_id ?? [])]);
  await scrub(db, phone, family);
  const lost = await db.query<sql.EvidenceRow>(sql.evidence(ids));
  await eraseArrivals(db, ids);
  if (ids.length > 0) await giveToNobody(db, ids);
  await db.execute(sql.dropContact(phone));
  const losers = await forgetUnproved(db, lost, []);
  await recompute(db, [...family, ...losers]);
  await forgetCards(db, [...new Set([...family, ...losers])]);
}

async function giveToNobody(db: CompanyDb, ids: string[]): Promise<void> {
  const nobody = newId();
  await db.execute(sql.insertNobody(nobody));
  await db.execute(sql.giveToNobody(ids, nobody));
}

/** The customers, and those that were merged into them. */
async function familyOf(db: CompanyDb, owners: string[]): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql.withMerged(owners));
  return rows.map((row) => row.id);
}

/** The number itself, wherever else it was noted: proofs of merges, decisions, the history, rows of imported files. */
async function scrub(db: CompanyDb, phone: string, family: string[]): Promise<void> {
  for (const blank of [sql.blankMergeProofs, sql.blankDuplicateProofs, sql.dropShare]) await db.execute(blank(phone));
  for (const note of await db.query<sql.Note>(sql.notes(phone, family))) {
    await db.execute(sql.rewrite(note, without(note.json, phone)));
  }
  for (const { import_id, line, cells } of await db.query<sql.ImportRow>(sql.importRows(family))) {
    if (names(cells, phone, db.company.country)) await db.execute(sql.blankImportRow(import_id, line));
  }
}

/** The JSON without the number: elements of lists that are it or hold it as their `value` go, other texts become empty. */
export function without(json: unknown, phone: string): unknown {
  if (typeof json === 'string') return json.includes(phone) ? '' : json;
  if (Array.isArray(json)) return json.filter((each) => !isNumber(each, phone)).map((each) => without(each, phone));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, without(value, phone)]));
}

const isNumber = (value: unknown, phone: string): boolean =>
  value === phone || (typeof value === 'object' && value !== null && 'value' in value && value.value === phone);

/** Whether a cell of the imported row is the number, however it was written. */
function names(cells: unknown, phone: string, country: string): boolean {
  if (typeof cells === 'string') return cells.split(/[,;\n]/).some((part) => parsePhone(part, country)?.e164 === phone);
  if (typeof cells !== 'object' || cells === null) return false;
  return Object.values(cells).some((cell) => names(cell, phone, country));
}

/** Cards of which nothing but typed words would be left were about this person alone: they are forgotten as a whole. */
async function forgetCards(db: CompanyDb, ids: string[]): Promise<void> {
  const bare = await db.query<sql.BareRow>(sql.bare(ids));
  const merged = bare.filter((row) => row.merged).map((row) => row.id);
  for (const drop of [sql.blankMerged, sql.dropChanges]) await db.execute(drop(merged));
  const cards = bare.filter((row) => !row.merged);
  await remove(
    db,
    cards.filter((row) => !row.deleted).map((row) => row.id),
    null,
  );
  await eraseCustomers(
    db,
    cards.map((row) => row.id),
    null,
  );
}
