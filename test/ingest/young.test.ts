import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { openDatabase } from '../../src/platform/db.ts';
import { openTenancy } from '../../src/tenancy/tenancy.ts';
import { makeShop, order, type Portal, statuses } from '../identity/make.ts';
import { type TestDatabase, testDatabase } from '../setup/database.ts';
import { keyOfPhone } from '../setup/phone-key.ts';
import { wholeNames } from '../setup/plans.ts';

// Each size of the first batch has a database of its own: statistics are what a young one lacks.
const sizes = [1, 10, 100, 200, 500];
let own: TestDatabase[];
beforeAll(async () => {
  own = await Promise.all(sizes.map(() => testDatabase()));
});
afterAll(() => Promise.all(own.map((database) => database.close())));

test.each(sizes)('after a first batch of %s orders, foreign keys are checked by the key alone', async (size) => {
  const url = own[sizes.indexOf(size)]?.url ?? '';
  const database = openDatabase(url);
  const portal: Portal = { tenancy: openTenancy(database, () => {}, keyOfPhone), close: database.close };
  const shop = await makeShop(portal);
  const batch = Array.from({ length: size }, (_, n) => order(`A-${n}`, { accountId: `u-${n}` }));
  expect(new Set(statuses(await shop.orders(...batch)))).toEqual(new Set(['created']));
  await database.close();
  expect(await planOfCheck(url, 'arrival', shop.company.id)).toContain('using arrival_pkey');
  expect(await planOfCheck(url, 'orders', shop.company.id)).toContain('using orders_pkey');
});

/** As PostgreSQL itself asks it, past row level security. Each connection keeps the first plan until the table is analysed. */
async function planOfCheck(url: string, table: 'arrival' | 'orders', companyId: string): Promise<string> {
  const address = new URL(process.env.TEST_POSTGRES_URL ?? '');
  address.pathname = new URL(url).pathname;
  const client = new pg.Client({ connectionString: address.href });
  await client.connect();
  try {
    const { rows: parted } = await client.query('select from pg_partitioned_table where partrelid = $1::regclass', [
      table,
    ]);
    const only = parted.length > 0 ? '' : 'only';
    const { rows } = await client.query<Record<string, string>>(
      `explain select 1 from ${only} ${table} x where company_id = '${companyId}' and id = '${companyId}' for key share of x`,
    );
    return await wholeNames(client, rows.map((row) => row['QUERY PLAN']).join('\n'));
  } finally {
    await client.end();
  }
}
