import type { CompanyDb, CompanyReader } from '../../tenancy/handles.ts';
import type { Channel } from '../states.ts';
import * as sql from './sql.ts';

/** One of which it is not known whether it was called after the backup that the database comes from. */
export interface Doubtful {
  id: string;
  campaignId: string;
  channel: Channel;
  address: string;
  body: string;
  createdAt: Date;
}

/**
 * The database was restored at this moment: whatever had not come to an end in it may have been called since. What was being called is
 * unknown, and what was planned waits until somebody has asked the provider. A second time it changes nothing. Answers how many wait.
 */
export async function doubtAll(db: CompanyDb, restoredAt: Date): Promise<number> {
  await db.execute(sql.lapseAll(restoredAt));
  await db.execute(sql.releaseHeld(restoredAt));
  return db.execute(sql.doubt(restoredAt));
}

/** The oldest first, at most so many. */
export const doubtful = (db: CompanyReader, most: number) => db.query<Doubtful>(sql.doubtful(most));

export async function countDoubtful(db: CompanyReader): Promise<number> {
  return (await db.query<{ count: number }>(sql.count()))[0]?.count ?? 0;
}

/** It was called then, as the provider says, or perhaps, where nobody can say: in either case never again. It is unknown from here on. */
export async function calledBefore(db: CompanyDb, called: readonly { id: string; at: Date }[]): Promise<void> {
  if (called.length === 0) return;
  for (const statement of sql.calledBefore(called)) await db.execute(statement);
}

/** The provider has none of them: they are due as they were. Answers the campaigns that go on. */
export async function clearDoubt(db: CompanyDb, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await db.query<{ id: string }>(sql.clear(ids));
  return [...new Set(rows.map(({ id }) => id))];
}
