import * as audit from '../audit/audit.ts';
import { newId } from '../kernel/id.ts';
import { enqueue } from '../queue/enqueue.ts';
import type { PortalDb } from '../tenancy/handles.ts';
import type { Services } from '../web/services.ts';
import * as sql from './sql.ts';

export { type Inside, type OpenInside, SECRET_HEADER, type SignedIn } from './inside.ts';
export { look, type Means } from './look.ts';

/** Has everything opened. null: that is under way already. `userId`: the administrator; null: the timetable. */
export async function request(db: PortalDb, userId: string | null): Promise<string | null> {
  await db.query(sql.lockAsking());
  if ((await db.query(sql.unfinished())).length > 0) return null;
  const id = newId();
  await db.execute(sql.insertRun(id, userId));
  await enqueue(db, 'walls.look', { runId: id });
  if (userId !== null) await audit.write(db, { userId, action: 'walls.asked', subject: { id } });
  return id;
}

export async function fail({ tenancy, clock }: Services, runId: string, reason: string): Promise<void> {
  await tenancy.inPortal((db) => db.execute(sql.end(runId, 'failed', reason, clock())));
}

const DAYS_KEPT = 30;

/** The timetable's part. */
export async function plan({ tenancy }: Pick<Services, 'tenancy'>): Promise<void> {
  await tenancy.inPortal(async (db) => {
    await db.execute(sql.clear(DAYS_KEPT));
    await request(db, null);
  });
}

export type { FindingRow, RunRow } from './sql.ts';

/** Newest first, with what the newest of them found. */
export async function list(db: PortalDb, per: number, before: string | null) {
  const rows = await db.query<sql.RunRow>(sql.runs(per + 1, before));
  const runs = rows.slice(0, per);
  const findings = await db.query<sql.FindingRow>(
    sql.findings(
      runs.map(({ id }) => id),
      100,
    ),
  );
  return { runs, findings, more: rows.length > per };
}

/** Of the last run that ended; `leaks`: of all that were ever found. */
export async function figures(db: PortalDb): Promise<sql.FigureRow | null> {
  return (await db.query<sql.FigureRow>(sql.figures()))[0] ?? null;
}
