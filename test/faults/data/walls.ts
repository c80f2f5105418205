import { openDatabase } from '../../../src/platform/db.ts';
import { migrate } from '../../../src/platform/migrate.ts';
import { openTenancy } from '../../../src/tenancy/tenancy.ts';
import { query } from '../../bench/build/cluster.ts';
import { keyOfPhone } from '../../setup/phone-key.ts';
import { fillTwo, type TwoCompanies } from '../../tenancy/two-companies.ts';
import { type Outcome, plain } from '../report.ts';
import type { Stage } from '../stage.ts';
import { bySql } from './by-sql.ts';
import { oneConnection } from './one-connection.ts';

const NAME = 'walls';

/** F20: the application is taken away, and then all but one of its connections; in a database of its own, which nobody else looks at. */
export async function walls(stage: Stage): Promise<Outcome[]> {
  const { superuserUrl, url: ours } = stage.postgres;
  await query(superuserUrl, `drop database if exists ${NAME} with (force)`);
  await query(superuserUrl, `create database ${NAME} owner ${new URL(ours).username}`);
  const url = Object.assign(new URL(ours), { pathname: `/${NAME}` }).href;
  try {
    await migrate(url);
    return [await withoutApplication(stage, url), await throughOne(stage, url)];
  } finally {
    await query(superuserUrl, `drop database if exists ${NAME} with (force)`);
  }
}

async function withoutApplication(_stage: Stage, url: string): Promise<Outcome> {
  return inside(url, 3, async (world) => {
    const found = await bySql(world);
    return {
      ...plain({
        injected: found.statements,
        operations: found.statements,
        misses: Object.entries(found.bad).flatMap(([what, list]) => list.length > 0 && `${what}: ${list.join(', ')}`),
        note: `${found.tables} tables, ${found.references} foreign keys; ${Object.entries(found.bad)
          .map(([what, list]) => `${what} ${list.length}`)
          .join(', ')}`,
      }),
      name: 'F20',
    };
  });
}

async function throughOne({ options, random }: Stage, url: string): Promise<Outcome> {
  return inside(url, 1, async (world) => {
    const found = await oneConnection(world, options.requests, random);
    return {
      ...plain({
        injected: found.failed + found.late + found.broken,
        operations: options.requests,
        misses: [
          found.foreign > 0 && `${found.foreign} foreign rows`,
          found.empty > 0 && `${found.empty} answers without the company’s own rows`,
          found.strange.size > 0 && `errors nobody wanted: ${[...found.strange].join('; ')}`,
        ],
        note: `foreign rows ${found.foreign} of ${found.rows.toLocaleString('en')}; ${found.failed} statements failed, ${found.broken} were thrown out of, ${found.late} took too long`,
      }),
      name: 'F20 one connection',
    };
  });
}

async function inside<T>(url: string, connections: number, work: (world: TwoCompanies) => Promise<T>): Promise<T> {
  const database = openDatabase(url, connections);
  const tenancy = openTenancy(database, () => {}, keyOfPhone);
  const close = () => database.close();
  try {
    const [a, b] = [await tenancy.companyOfOperator('alpha'), await tenancy.companyOfOperator('beta')];
    const both = a && b ? { a, b } : await fillTwo(tenancy);
    return await work({ database, tenancy, ...both, close });
  } finally {
    await close();
  }
}
