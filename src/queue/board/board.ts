import type { PortalDb } from '../../tenancy/handles.ts';
import * as sql from './sql.ts';

export { type JobFilter, type JobRow, mayRetry, type NameRow, STATES } from './sql.ts';

/** How it stands with each kind of job, those with failures first. */
export const names = (db: PortalDb) => db.query<sql.NameRow>(sql.names());

/** Newest first; `more`: there are older ones. `before`: the id of the last one of the page before. */
export async function list(db: PortalDb, filter: sql.JobFilter, per: number, before: string | null) {
  const rows = await db.query<sql.JobRow>(sql.list(filter, per + 1, before));
  return { jobs: rows.slice(0, per), more: rows.length > per };
}

/** null: it is done, or never was */
export async function find(db: PortalDb, id: string): Promise<sql.JobRow | null> {
  return (await db.query<sql.JobRow>(sql.one(id)))[0] ?? null;
}

const MOST = 1000;

/** Those that have failed are due again, from their first attempt on. Answers how many; at most 1,000 at a time. */
export async function retry(db: PortalDb, filter: sql.JobFilter & { id?: string }): Promise<number> {
  const again = await db.query<{ id: string }>(sql.retry(filter, MOST));
  for (const { id } of again) db.wake(id, new Date());
  return again.length;
}

/** false: it runs at this moment, or is done */
export async function cancel(db: PortalDb, id: string): Promise<boolean> {
  if ((await db.query(sql.forget(id))).length > 0) return true;
  const cancelled = await db.query<{ id: string }>(sql.cancel(id));
  for (const job of cancelled) db.wake(job.id, new Date());
  return cancelled.length > 0;
}
