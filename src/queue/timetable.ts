import { createHash } from 'node:crypto';
import type { PortalDb } from '../tenancy/handles.ts';
import type { CompanyJob, JobName, Payload } from './contracts.ts';
import * as sql from './sql.ts';

/** A job that needs to be told nothing. */
type PlainJob = { [N in Exclude<JobName, CompanyJob>]: Payload<N> extends Record<string, never> ? N : never }[Exclude<
  JobName,
  CompanyJob
>];

/** A job that runs again and again, at the full multiples of so many seconds (UTC). */
export interface Regular {
  readonly job: PlainJob;
  readonly everySeconds: number;
}

/**
 * Writes the next row of each regular job that has none. Any number of workers may do so at any time: the row of an hour has
 * the same id for all of them. Like all rows, these survive a lost queue.
 */
export async function planRegular(db: PortalDb, timetable: readonly Regular[], now = new Date()): Promise<void> {
  for (const { job, everySeconds } of timetable) {
    const planned = await db.query(sql.planned(job));
    if (planned.length > 0) continue;
    const dueAt = nextTime(everySeconds * 1000, now);
    const id = idOf(job, dueAt);
    await db.execute(sql.insert({ id, companyId: null, name: job, payload: {}, dueAt }));
    db.wake(id, dueAt);
  }
}

function nextTime(every: number, now: Date): Date {
  return new Date((Math.floor(now.getTime() / every) + 1) * every);
}

function idOf(job: string, dueAt: Date): string {
  const hash = createHash('sha256').update(`${job} ${dueAt.toISOString()}`).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
