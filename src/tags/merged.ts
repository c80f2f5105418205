import type { CompanyDb } from '../tenancy/handles.ts';
import * as sql from './sql.ts';

/**
 * Customers were merged: each survivor gets the tags it lacks, and the merged ones keep theirs for the day they are split again.
 * Answers what was added, for `takeBack`.
 */
export async function carry(db: CompanyDb, moves: readonly { from: string; to: string }[]): Promise<sql.Carried[]> {
  if (moves.length === 0) return [];
  const [from, to] = [moves.map((move) => move.from), moves.map((move) => move.to)];
  return await db.query<sql.Carried>(sql.carry(db.company.id, from, to));
}

/** Takes away what `carry` added; what somebody has taken away since stays away. */
export async function takeBack(db: CompanyDb, added: readonly sql.Carried[]): Promise<void> {
  if (added.length === 0) return;
  const [customers, tags] = [added.map(({ customerId }) => customerId), added.map(({ tagId }) => tagId)];
  await db.execute(sql.takeBack(db.company.id, customers, tags));
}
