import type { PortalDb } from '../tenancy/handles.ts';
import * as sql from './sql.ts';

/** A job row that is ours until the lease runs out. Every verb but `lease` answers false when it has run out and was taken. */
export interface Lease {
  readonly id: string;
  readonly companyId: string | null;
  readonly name: string;
  readonly payload: unknown;
  /** somebody does not want it any more */
  readonly cancelled: boolean;
  /** this one counted in */
  readonly attempts: number;
  token: string;
}

/** A holder that says nothing for so long is taken for dead. */
export const LEASE_SECONDS = 60;

interface LeaseRow {
  id: string;
  company_id: string | null;
  name: string;
  payload: unknown;
  attempts: bigint;
  token: string;
  cancelled: boolean;
}

/** null: the job is done, not due yet, or somebody else's */
export async function lease(db: PortalDb, jobId: string, seconds = LEASE_SECONDS): Promise<Lease | null> {
  const [row] = await db.query<LeaseRow>(sql.lease(jobId, seconds));
  if (!row) return null;
  const { company_id: companyId, attempts, ...rest } = row;
  return { ...rest, companyId, attempts: Number(attempts) };
}

export async function renew(db: PortalDb, held: Lease, seconds = LEASE_SECONDS): Promise<boolean> {
  const [row] = await db.query<{ token: string }>(sql.renew(held.id, held.token, seconds));
  if (row) held.token = row.token;
  return row !== undefined;
}

export async function finish(db: PortalDb, held: Lease): Promise<boolean> {
  return (await db.query(sql.finish(held.id, held.token))).length > 0;
}

/** It goes without having been done. */
export async function drop(db: PortalDb, held: Lease): Promise<boolean> {
  return (await db.execute(sql.drop(held.id, held.token))) > 0;
}

export async function retry(db: PortalDb, held: Lease, error: string): Promise<boolean> {
  const seconds = backoffSeconds(held.attempts);
  const [row] = await db.query<{ due_at: Date }>(sql.retry(held.id, held.token, seconds, clean(error)));
  if (row) db.wake(held.id, row.due_at);
  return row !== undefined;
}

/** 15, 60, 240, 960, then 3600; up to a tenth more, so that many do not come at once. */
function backoffSeconds(attempts: number): number {
  return Math.min(3600, 15 * 4 ** (attempts - 1)) * (1 + Math.random() / 10);
}

/** Keeps the row with its error, never due again. */
export async function giveUp(db: PortalDb, held: Lease, error: string): Promise<boolean> {
  return (await db.execute(sql.giveUp(held.id, held.token, clean(error)))) > 0;
}

/** By then whoever wanted to look at the error has. */
export async function clearGivenUp(db: PortalDb): Promise<void> {
  await db.execute(sql.clearGivenUp(30));
  await db.execute(sql.clearDone(24));
}

/** The attempt does not count: another worker goes on at once. */
export async function handBack(db: PortalDb, held: Lease): Promise<boolean> {
  const ours = (await db.execute(sql.handBack(held.id, held.token))) > 0;
  if (ours) db.wake(held.id, new Date());
  return ours;
}

/** There is no room for it: the attempt does not count, and it comes again in so many seconds. */
export async function putOff(db: PortalDb, held: Lease, seconds: number): Promise<boolean> {
  const [row] = await db.query<{ due_at: Date }>(sql.putOff(held.id, held.token, seconds));
  if (row) db.wake(held.id, row.due_at);
  return row !== undefined;
}

/** Wakes every job that is due and nobody's: what the queue lost, and what a killed worker held. Answers how many. */
export async function wakeOverdue(db: PortalDb): Promise<number> {
  const rows = await db.query<{ id: string; due_at: Date }>(sql.overdue(SWEEP));
  for (const { id, due_at } of rows) db.wake(id, due_at);
  return rows.length;
}

const SWEEP = 1000;

function clean(error: string): string {
  return error.replaceAll('\0', '').slice(0, 2000);
}
