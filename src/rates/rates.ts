import * as audit from '../audit/audit.ts';
import type { PortalDb } from '../tenancy/handles.ts';
import type { Rate } from './input.ts';
import * as sql from './sql.ts';

export { newRate, type Rate } from './input.ts';

/** Another rate of the same day is replaced. Stored orders keep theirs. `by`: the administrator; null: the operator. */
export async function setRate(db: PortalDb, rate: Rate, by: string | null): Promise<void> {
  await db.execute(sql.upsert(rate));
  await audit.write(db, { userId: by, action: 'rate.set', subject: rate });
}

/** The newest first. */
export const listRates = (db: PortalDb, limit: number) => db.query<sql.RateRow>(sql.list(limit));
