import type { Sql } from '../platform/db.ts';
import { codesOf } from '../platform/errors.ts';
import type { CompanyReader } from './handles.ts';
import * as sql from './sql.ts';

/**
 * The rows, or null when it takes longer than that (0: it is not asked at all); the transaction goes on either way. For statements
 * that only read.
 */
export async function within<Row>(db: CompanyReader, milliseconds: number, statement: Sql): Promise<Row[] | null> {
  if (milliseconds === 0) return null;
  await db.query(sql.savepoint);
  try {
    await db.query(sql.timeout(milliseconds));
    return await db.query<Row>(statement);
  } catch (error) {
    if (tookTooLong(error)) return null;
    throw error;
  } finally {
    // Takes the time limit back as well.
    await db.query(sql.rollback);
  }
}

/** Whether PostgreSQL gave a statement up because of its time limit. */
export const tookTooLong = (error: unknown): boolean => codesOf(error).includes(CANCELLED);

const CANCELLED = '57014';
