import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { rootPath } from '../../src/platform/root.ts';
import { type TestDatabase, testDatabase } from '../setup/database.ts';

const script = readFileSync(rootPath('docs', 'citus.sql'), 'utf8');
const named = (form: RegExp) => [...script.matchAll(form)].map(([, table = '']) => table).sort();
const distributed = named(/^select create_distributed_table\('(\w+)'/gm);
const reference = named(/^select create_reference_table\('(\w+)'/gm);
const local = named(/^-- local: (\w+)$/gm);

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await testDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.close();
});

const texts = async (query: string, values: unknown[] = []): Promise<string[]> =>
  (await client.query<{ text: string }>(query, values)).rows.map(({ text }) => text);

test('every table has its place on Citus, and one only', async () => {
  const tables = await texts(`
    select relname as text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
      and relname <> '_prisma_migrations' order by 1`);
  expect([...distributed, ...reference, ...local].sort()).toEqual(tables.sort());
});

test('what is distributed has the company in every key, and points only at what is beside it or everywhere', async () => {
  const late = await texts(
    `select indexrelid::regclass::text as text from pg_index i where indisunique and indrelid = any($1::text[]::regclass[])
     and not exists (select from pg_attribute a where a.attrelid = indrelid and a.attname = 'company_id' and a.attnum = any(indkey::int2[]))`,
    [distributed],
  );
  expect(late).toEqual([]);
  const away = await texts(
    `select format('%s → %s', conrelid::regclass, confrelid::regclass) as text from pg_constraint
     where contype = 'f' and conparentid = 0 and conrelid = any($1::text[]::regclass[]) and not confrelid = any($2::text[]::regclass[])`,
    [distributed, [...distributed, ...reference]],
  );
  expect(away).toEqual([]);
});
