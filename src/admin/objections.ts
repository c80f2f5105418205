import * as audit from '../audit/audit.ts';
import type { PortalDb } from '../tenancy/handles.ts';
import * as sql from './sql.ts';

export type { ObjectionRow } from './sql.ts';

/** What people said against the sharing: those that wait, oldest first, or those that were decided, newest first. */
export async function list(
  db: PortalDb,
  state: 'open' | 'decided',
  { per, before, userId }: { per: number; before: string | null; userId: string },
) {
  const rows = await db.query<sql.ObjectionRow>(sql.listObjections(state, per + 1, before, userId));
  return { objections: rows.slice(0, per), more: rows.length > per };
}

/** As this administrator sees it. */
export async function find(db: PortalDb, id: string, userId: string): Promise<sql.ObjectionRow | null> {
  return (await db.query<sql.ObjectionRow>(sql.findObjection(id, userId)))[0] ?? null;
}

export interface Verdict {
  state: 'upheld' | 'rejected';
  answer: string;
}

/**
 * Upheld: nothing about the number is ever shown again. Rejected: it is visible again, unless an earlier objection holds.
 * false: somebody else decided it already, or it is about a review of a company of one's own.
 */
export async function decide(
  db: PortalDb,
  { id, phoneKey }: sql.ObjectionRow,
  { state, answer }: Verdict,
  by: { userId: string; now: Date },
): Promise<boolean> {
  const decided = await db.execute(sql.decideObjection(id, { state, answer, ...by }));
  if (decided === 0) return false;
  await db.execute(state === 'upheld' ? sql.stayHidden(phoneKey, by.now) : sql.showAgain(phoneKey));
  await audit.write(db, { userId: by.userId, action: `objection.${state}`, subject: { id } });
  return true;
}
