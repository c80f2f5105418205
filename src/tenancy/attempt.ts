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
    await db.query(sql.timeout(Math.min(milliseconds, LONGEST)));
    return await db.query<Row>(statement);
  } catch (error) {
    if (codesOf(error).includes(CANCELLED)) return null;
    throw error;
  } finally {
    // Takes the time limit back as well.
    await db.query(sql.rollback);
  }
}

const CANCELLED = '57014';

// What PostgreSQL takes as a limit at most: 24 days.
const LONGEST = 2 ** 31 - 1;
