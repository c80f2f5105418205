import type { CompanyReader } from '../tenancy/handles.ts';
import * as sql from './sql.ts';

/** One customer; where a merged one leads; null: there is none of that id here, or it was deleted. */
export async function one(db: CompanyReader, id: string): Promise<sql.CustomerRow | { mergedInto: string } | null> {
  const [row] = await db.query<sql.CustomerRow>(sql.one(id));
  if (!row?.merged_into) return row ?? null;
  const [survivor] = await db.query<{ id: string }>(sql.survivor(id));
  return survivor ? { mergedInto: survivor.id } : null;
}

/** The customers of these ids that lists show, the oldest first. */
export const several = (db: Pick<CompanyReader, 'query'>, ids: readonly string[]) =>
  db.query<sql.CustomerRow>(sql.several(ids));

/** All contacts of a customer, those of a kind in their order. */
export const contacts = (db: CompanyReader, customerId: string) => db.query<sql.ContactRow>(sql.contacts(customerId));

/** The note, and how else the customer is reached. */
export async function aside(db: CompanyReader, customerId: string): Promise<sql.PrivateRow> {
  return (await db.query<sql.PrivateRow>(sql.aside(customerId)))[0] ?? { note: '', other_channels: '' };
}

/** Open questions whether this customer and another one are the same person. */
export const duplicates = (db: CompanyReader, customerId: string) =>
  db.query<sql.DuplicateRow>(sql.duplicates(customerId));
