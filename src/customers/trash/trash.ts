import * as audit from '../../audit/audit.ts';
import * as consents from '../../consents/consents.ts';
import { lock, recompute, refreshQuestions } from '../../identity/identity.ts';
import { newId } from '../../kernel/id.ts';
import * as ledger from '../../ledger/ledger.ts';
import * as outbox from '../../outbox/outbox.ts';
import type { Sql } from '../../platform/db.ts';
import type { CompanyDb, CompanyReader } from '../../tenancy/handles.ts';
import * as changes from '../history/changes.ts';
import { eraseArrivals } from './erase/arrivals.ts';
import * as erasing from './erase/sql.ts';
import * as sql from './sql.ts';
import { forgetLater, toldOf } from './told/told.ts';

/** So many days a deleted customer can be brought back. */
export const DAYS_KEPT = 30;

/**
 * Deletes customers: lists, search, counts, exports and the API do not see them any more, and their contacts are free, so that a new
 * order makes a new customer. Orders and messages stay. Answers who was deleted: those that were there and not merged. `bulkId`: the
 * bulk that does it, which has its own entry in the audit, and takes back only what it deleted itself.
 */
export async function remove(
  db: CompanyDb,
  ids: readonly string[],
  userId: string | null,
  bulkId: string | null = null,
): Promise<string[]> {
  await lock(db);
  const rows = await db.query<{ id: string }>(sql.remove(db.company.id, ids, { userId, bulkId }));
  const removed = rows.map(({ id }) => id);
  if (removed.length === 0) return [];
  await db.execute(sql.noteTrash(db.company.id, removed));
  await db.execute(sql.freeContacts(db.company.id, removed));
  await refreshQuestions(db, removed);
  await recompute(db, removed);
  await writeDown(db, removed, { userId, bulkId }, 'deleted');
  return removed;
}

/** To be called before a shared contact identifies again: it must not bring anybody to a customer who was deleted. Needs `lock`. */
export async function releaseDeleted(db: CompanyDb, { kind, value }: { kind: string; value: string }): Promise<void> {
  await db.execute(sql.releaseDeleted(db.company.id, kind, value));
}

/** A contact that somebody else has got meanwhile. */
export type Taken = sql.TakenRow;

export interface Restored {
  ids: string[];
  /** whoever has these now may be the same person: the page of duplicates asks */
  taken: Taken[];
}

/** Brings deleted customers back as they were, with those of their contacts that are still free. `bulkId`: of those only its own. */
export async function restore(
  db: CompanyDb,
  ids: readonly string[],
  userId: string | null,
  bulkId: string | null = null,
): Promise<Restored> {
  await lock(db);
  const company = db.company.id;
  const rows = await db.query<{ id: string }>(sql.lockDeleted(company, ids, bulkId));
  const back = rows.map(({ id }) => id);
  if (back.length === 0) return { ids: [], taken: [] };
  await db.execute(sql.giveBack(company, back));
  const taken = await db.query<Taken>(sql.taken(company, back));
  await db.execute(sql.restore(company, back));
  await db.execute(sql.dropTrash(company, back));
  await refreshQuestions(db, back);
  const pairs = taken.map(({ customer_id, other_id, kind, value }) => ({
    id: newId(),
    customer_id,
    other_id,
    kind,
    value,
  }));
  if (pairs.length > 0) await db.execute(sql.raise(company, JSON.stringify(pairs)));
  await recompute(db, back);
  await writeDown(db, back, { userId, bulkId }, 'restored');
  return { ids: back, taken };
}

/**
 * Forgets deleted customers for good: names, contacts, notes, history, addresses and texts. Their orders stay as figures that belong
 * to an empty row. Answers how many; who is not deleted, or forgotten already, is left alone.
 */
export async function erase(db: CompanyDb, ids: readonly string[], userId: string | null): Promise<number> {
  await lock(db);
  const company = db.company.id;
  const rows = await db.query<{ id: string }>(sql.lockDeleted(company, ids, null));
  const gone = rows.map(({ id }) => id);
  if (gone.length === 0) return 0;
  const arrivalIds = await idsOf(db, erasing.arrivalsOf(company, gone));
  const family = await idsOf(db, erasing.familyOf(company, gone));
  const told = await toldOf(db, { ids: gone, family, arrivalIds });
  await eraseArrivals(db, arrivalIds);
  await db.execute(erasing.blankLines(company, family));
  for (const statement of erasing.forget(company, family)) await db.execute(statement);
  await forgetWritten(db, gone, family);
  await db.execute(erasing.blankCustomers(company, family));
  await db.execute(sql.dropTrash(company, gone));
  await forgetLater(db, told, { customerIds: family, reviews: true });
  await audit.write(db, { userId, action: 'customer.erased', subject: { customers: gone.length } });
  return gone.length;
}

const idsOf = async (db: CompanyDb, statement: Sql) => (await db.query<{ id: string }>(statement)).map(({ id }) => id);

/** What was sent to them, and what they said about being written to. That a number said STOP stays, as a key. */
async function forgetWritten(db: CompanyDb, ids: readonly string[], family: readonly string[]): Promise<void> {
  await ledger.forget(db, family);
  const lost = await db.query<{ value: string }>(erasing.lostAddresses(db.company.id, ids));
  const addresses = lost.map(({ value }) => value);
  await outbox.forget(db, addresses);
  await consents.forget(db, addresses.map(db.keyOfPhone));
}

async function writeDown(
  db: CompanyDb,
  ids: string[],
  { userId, bulkId }: sql.By,
  action: 'deleted' | 'restored',
): Promise<void> {
  await changes.write(
    db,
    ids.map((customerId) => ({ customerId, userId, action, changes: [] })),
  );
  if (bulkId !== null) return;
  const subject = ids.length === 1 ? { id: ids[0] ?? null } : { customers: ids.length };
  await audit.write(db, { userId, action: `customer.${action}`, subject });
}

export type { DeletedRow } from './sql.ts';

/** Those that can be brought back, deleted last first; `more`: there are others. */
export async function deleted(db: CompanyReader, per: number, before: string | null) {
  const rows = await db.query<sql.DeletedRow>(sql.list(per + 1, before));
  return { customers: rows.slice(0, per), more: rows.length > per };
}

/** null: nobody of that id can be brought back */
export async function oneDeleted(db: CompanyReader, id: string): Promise<sql.DeletedRow | null> {
  return (await db.query<sql.DeletedRow>(sql.find(id)))[0] ?? null;
}
