import type { Database, Sql } from '../platform/db.ts';
import { planName } from '../platform/plans.ts';
import type { Company } from './company.ts';
import type { CompanyReader } from './handles.ts';
import { ENTER_PORTAL, enterCompany } from './sql.ts';

type Pool = Pick<Database, 'pool'>;
type Ask = <Row>(statement: Sql) => Promise<Row[]>;

/** One question to the portal: every page begins with one of these. */
export const glance = <Row>(database: Pool, statement: Sql): Promise<Row[]> =>
  reading(database, `begin read only; ${ENTER_PORTAL}`, (ask) => ask<Row>(statement));

/** Pages and answers that only read: one read-only transaction inside one company. */
export const readCompany = <T>(database: Pool, company: Company, work: (db: CompanyReader) => Promise<T>): Promise<T> =>
  reading(database, 'begin read only', async (ask) => {
    await ask(enterCompany(company.id));
    return work({ company, query: ask });
  });

/** Past Prisma, whose transactions cost a millisecond of processor: pages read much and often. */
async function reading<T>(database: Pool, begin: string, work: (ask: Ask) => Promise<T>): Promise<T> {
  const client = await database.pool.connect();
  let broken: Error | undefined;
  const lost = (error: Error) => {
    broken = error;
  };
  client.on('error', lost);
  try {
    await client.query(begin);
    const result = await work(async <Row>(statement: Sql) => {
      const name = planName(statement);
      const asked = { text: statement.text, values: statement.values as unknown[], ...(name ? { name } : {}) };
      return (await client.query(asked)).rows as Row[];
    });
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(lost);
    throw error;
  } finally {
    client.off('error', lost);
    client.release(broken);
  }
}
