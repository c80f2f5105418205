import type { Database, Sql } from '../platform/db.ts';
import { ENTER_PORTAL } from './sql.ts';

/**
 * One question to the portal in a read-only transaction of its own, past Prisma, whose transactions cost a millisecond of
 * processor: every page begins with one of these.
 */
export async function glance<Row>(database: Pick<Database, 'pool'>, statement: Sql): Promise<Row[]> {
  const client = await database.pool.connect();
  let broken: Error | undefined;
  const lost = (error: Error) => {
    broken = error;
  };
  client.on('error', lost);
  try {
    await client.query(`begin read only; ${ENTER_PORTAL}`);
    const { rows } = await client.query(statement.text, statement.values as unknown[]);
    await client.query('commit');
    return rows as Row[];
  } catch (error) {
    await client.query('rollback').catch(lost);
    throw error;
  } finally {
    client.off('error', lost);
    client.release(broken);
  }
}
