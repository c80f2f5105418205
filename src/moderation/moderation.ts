import * as audit from '../audit/audit.ts';
import type { PortalDb, PortalReader } from '../tenancy/handles.ts';
import * as sql from './sql.ts';

export { closeGone, decide } from './decide.ts';

/** How long a case stays with the moderator who took it, from the last sign of work on. */
export const LEASE_MINUTES = 10;

export type { CaseRow, Kind, Place, Wanted } from './sql.ts';

export interface Queue {
  cases: sql.CaseRow[];
  total: number;
}

/** What waits, oldest first; what was decided, newest first (P-88). */
export async function list(
  db: PortalReader,
  wanted: sql.Wanted,
  { page, per }: { page: number; per: number },
): Promise<Queue> {
  const [cases, [count]] = await Promise.all([
    db.query<sql.CaseRow>(sql.list(wanted, per, (page - 1) * per)),
    db.query<{ total: number }>(sql.count(wanted)),
  ]);
  return { cases, total: count?.total ?? 0 };
}

/** As this moderator sees it. null: there is no such case. */
export async function find(db: PortalDb, id: string, userId: string): Promise<sql.CaseRow | null> {
  return (await db.query<sql.CaseRow>(sql.find(id, userId)))[0] ?? null;
}

/** Where a case stands among those that wait. */
export async function place(db: PortalDb, id: string, wanted: sql.Wanted): Promise<sql.Place | null> {
  return (await db.query<sql.Place>(sql.place(id, wanted)))[0] ?? null;
}

interface By {
  userId: string;
  now: Date;
}

/** Takes a case for 10 minutes, or for 10 minutes more. false: another moderator has it, it is decided, or it is one's own. */
export async function claim(db: PortalDb, id: string, { userId, now }: By): Promise<boolean> {
  const [claimed] = await db.query<{ fresh: boolean }>(sql.claim(id, userId, now, leaseFrom(now)));
  if (claimed?.fresh) await audit.write(db, { userId, action: 'case.claimed', subject: { case: id } });
  return claimed !== undefined;
}

/** Takes the oldest that nobody works on. null: there is none. */
export async function claimNext(db: PortalDb, kind: sql.Kind | null, { userId, now }: By): Promise<string | null> {
  const [next] = await db.query<{ id: string; fresh: boolean }>(
    sql.claimNext({ state: 'waiting', kind, userId, now }, leaseFrom(now)),
  );
  if (next?.fresh) await audit.write(db, { userId, action: 'case.claimed', subject: { case: next.id } });
  return next?.id ?? null;
}

const leaseFrom = (now: Date) => new Date(now.getTime() + LEASE_MINUTES * 60_000);

/** Gives a case back. false: this moderator does not have it. */
export async function release(db: PortalDb, id: string, userId: string): Promise<boolean> {
  const released = await db.execute(sql.release(id, userId));
  if (released > 0) await audit.write(db, { userId, action: 'case.released', subject: { case: id } });
  return released > 0;
}
