import * as audit from '../audit/audit.ts';
import { enqueue } from '../queue/enqueue.ts';
import type { CompanyDb, CompanyReader } from '../tenancy/handles.ts';
import type { Target } from './columns.ts';
import type { Sampled } from './sample.ts';
import * as sql from './sql.ts';

export { bring } from './bring.ts';
export { check } from './check.ts';
export { cancel, DAYS_KEPT, expire, fail } from './endings.ts';
export { forgetNamed } from './forget/forget.ts';
export { run } from './run.ts';
export { type ImportRow, OUTCOMES, type Outcome, type ReportRow, type State } from './sql.ts';

/** So many may be checked or run at a time in one company: the workers are there for all. */
export const MOST_UNFINISHED = 3;

export interface Shelf {
  imports: sql.ImportRow[];
  /** whether there are older ones */
  more: boolean;
}

/** Newest first. `before`: the id of the last one of the page before. */
export async function list(db: CompanyReader, per: number, before: string | null): Promise<Shelf> {
  const rows = await db.query<sql.ImportRow>(sql.list(per + 1, before));
  return { imports: rows.slice(0, per), more: rows.length > per };
}

/** null: there is none of that id here */
export async function find(db: CompanyReader, id: string): Promise<sql.ImportRow | null> {
  return (await db.query<sql.ImportRow>(sql.byId(id)))[0] ?? null;
}

/** When the very same file was imported before; null: never */
export async function importedBefore(db: CompanyReader, id: string): Promise<{ id: string; finished_at: Date } | null> {
  return (await db.query<{ id: string; finished_at: Date }>(sql.before(id)))[0] ?? null;
}

/** Whether another one may be begun. */
export async function hasRoom(db: CompanyReader): Promise<boolean> {
  const [open] = await db.query<{ count: number }>(sql.unfinished());
  return (open?.count ?? 0) < MOST_UNFINISHED;
}

/** Has the file read anew; what was said of its columns is forgotten. false: it is too late for that */
export async function setReading(db: CompanyDb, id: string, sampled: Sampled): Promise<boolean> {
  return (await db.execute(sql.setReading(id, JSON.stringify(sampled)))) > 0;
}

/** Keeps what the columns are, and has all rows checked where that is wanted. false: it is too late for that */
export async function setColumns(
  db: CompanyDb,
  id: string,
  columns: readonly Target[],
  sampled: Sampled,
  check: boolean,
): Promise<boolean> {
  const kept = await db.execute(sql.setMapping(id, JSON.stringify({ columns }), JSON.stringify(sampled), check));
  if (kept > 0 && check) await enqueue(db, 'import.check', { importId: id });
  return kept > 0;
}

/** Brings the checked rows to the customers, or goes on where that failed. false: there is nothing to bring, or it runs already */
export async function start(db: CompanyDb, id: string, userId: string): Promise<boolean> {
  if ((await db.execute(sql.start(id))) === 0) return false;
  await enqueue(db, 'import.run', { importId: id });
  await audit.write(db, { userId, action: 'import.started', subject: { id } });
  return true;
}

export interface ReportPage {
  rows: sql.ReportRow[];
  /** the line after which the next page begins; null: there is none */
  next: string | null;
}

/** Rows in the order of the file, what would become of them (`expected`) or became of them (`outcome`). `after`: a line. */
export async function report(
  db: CompanyReader,
  id: string,
  by: 'expected' | 'outcome',
  wanted: sql.Outcome | null,
  after: string,
  per: number,
): Promise<ReportPage> {
  const rows = await db.query<sql.ReportRow>(sql.report(id, by, wanted, after, per + 1));
  const shown = rows.slice(0, per);
  return { rows: shown, next: rows.length > per ? String(shown.at(-1)?.line) : null };
}
