import * as audit from '../audit/audit.ts';
import * as customers from '../customers/customers.ts';
import { newId } from '../kernel/id.ts';
import { enqueue } from '../queue/enqueue.ts';
import type { Locale } from '../tenancy/company.ts';
import type { CompanyDb, CompanyReader } from '../tenancy/handles.ts';
import * as sql from './sql.ts';

export type { Column } from './columns.ts';
export { cancel, expire, fail, revoke } from './endings.ts';
export { dropFilesBefore } from './forget.ts';
export { openTable, TYPES } from './open-table.ts';
export { run } from './run.ts';
export type { ExportRow } from './sql.ts';

/** So many may wait or run at a time in one company: the workers are there for all. */
export const MOST_UNFINISHED = 3;

export interface Wish {
  userId: string;
  locale: Locale;
  format: sql.Format;
  /**
   * query string of the list; conditions that it does not understand are left out, as on the page. A segment is kept as what it
   * means now: changed or deleted later, it changes nothing about this file
   */
  filter: string;
}

/** Has the file made (P-92). Answers its id; null: too many are unfinished. Throws `customers.NoSegment`. */
export async function request(db: CompanyDb, { userId, locale, format, filter }: Wish): Promise<string | null> {
  const [open] = await db.query<{ count: number }>(sql.unfinished());
  if ((open?.count ?? 0) >= MOST_UNFINISHED) return null;
  const id = newId();
  const understood = await customers.frozenFilter(db, filter);
  await db.execute(sql.insert({ id, companyId: db.company.id, userId, format, filter: understood, locale }));
  await enqueue(db, 'export.run', { exportId: id });
  await audit.write(db, { userId, action: 'export.requested', subject: { id, format, filter: understood } });
  return id;
}

/** Has everything about one customer put into a file. Answers its id; null: too many are unfinished. */
export async function requestPerson(
  db: CompanyDb,
  { userId, locale, customerId }: Pick<Wish, 'userId' | 'locale'> & { customerId: string },
): Promise<string | null> {
  const [open] = await db.query<{ count: number }>(sql.unfinished());
  if ((open?.count ?? 0) >= MOST_UNFINISHED) return null;
  const id = newId();
  const wanted = { id, companyId: db.company.id, userId, format: 'person', filter: '', locale, customerId } as const;
  await db.execute(sql.insert(wanted));
  await enqueue(db, 'export.run', { exportId: id });
  await audit.write(db, { userId, action: 'customer.copied', subject: { id: customerId } });
  return id;
}

export interface Shelf {
  exports: sql.ExportRow[];
  /** whether there are older ones */
  more: boolean;
}

/** Newest first. `before`: the id of the last one of the page before. */
export async function list(db: CompanyReader, per: number, before: string | null): Promise<Shelf> {
  const rows = await db.query<sql.ExportRow>(sql.list(per + 1, before));
  return { exports: rows.slice(0, per), more: rows.length > per };
}

/** null: there is none of that id here */
export async function find(db: CompanyDb, id: string): Promise<sql.ExportRow | null> {
  return (await db.query<sql.ExportRow>(sql.byId(id)))[0] ?? null;
}

/** Of an export whose file may still be taken. */
export type { Takeable } from './sql.ts';

/** What whoever takes the file must be allowed: everything about one person is for those alone who may have it made. */
export const takenBy = (format: sql.Kind): 'exports:create' | 'settings:manage' =>
  format === 'person' ? 'settings:manage' : 'exports:create';

/** null: there is none of that id here, or its file is not there, not any more, or not for taking */
export async function takeable(db: CompanyDb, id: string, now: Date): Promise<sql.Takeable | null> {
  return (await db.query<sql.Takeable>(sql.takeable(id, now)))[0] ?? null;
}

/** Writes down who takes the file, from where. */
export async function noteDownload(
  db: CompanyDb,
  exportId: string,
  userId: string,
  address: string | null,
): Promise<void> {
  await db.execute(sql.taken(newId(), db.company.id, exportId, userId, address));
}
