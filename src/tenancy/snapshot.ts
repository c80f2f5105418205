import type { PoolClient } from 'pg';
import Cursor from 'pg-cursor';
import type { Database, Sql } from '../platform/db.ts';
import type { Company } from './company.ts';
import type { CompanySnapshot } from './handles.ts';
import { enterCompany } from './sql.ts';

/** Long reads go past Prisma: a cursor on one read-only snapshot, behind the same role and setting. */
export async function inSnapshot<T>(
  database: Database,
  company: Company,
  work: (snapshot: CompanySnapshot) => Promise<T>,
): Promise<T> {
  const client = await database.pool.connect();
  let broken: Error | undefined;
  // A connection that is lost while nobody asks it anything would end the process.
  const lost = (error: Error) => {
    broken = error;
  };
  client.on('error', lost);
  try {
    // It holds no locks, and whoever takes the rows may be slow.
    await client.query(
      'begin isolation level repeatable read read only; set local idle_in_transaction_session_timeout = 0',
    );
    await run(client, enterCompany(company.id));
    return await work({
      company,
      query: async <Row>(statement: Sql) => (await run(client, statement)).rows as Row[],
      batches: (statement, size) => batches(client, statement, size),
    });
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    await client.query('rollback').catch((error: Error) => {
      broken = error;
    });
    client.off('error', lost);
    client.release(broken);
  }
}

async function* batches<Row>(client: PoolClient, statement: Sql, size: number): AsyncGenerator<Row[]> {
  const cursor = client.query(new Cursor<Row>(statement.text, statement.values as unknown[]));
  try {
    for (let rows = await cursor.read(size); rows.length > 0; rows = await cursor.read(size)) yield rows;
  } finally {
    await cursor.close();
  }
}

const run = (client: PoolClient, statement: Sql) => client.query(statement.text, statement.values as unknown[]);
