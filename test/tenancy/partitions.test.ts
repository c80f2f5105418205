import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { migrate } from '../../src/platform/migrate.ts';
import { partition } from '../../src/platform/partition.ts';
import { bareDatabase, type TestDatabase } from '../setup/database.ts';

let bare: TestDatabase;
let client: pg.Client;
let turned: string[] = [];
let before: Record<string, string[]> = {};
beforeAll(async () => {
  bare = await bareDatabase();
  await migrate(bare.url);
  client = new pg.Client({ connectionString: bare.url });
  await client.connect();
  before = await schema();
  turned = await partition(bare.url, 3);
}, 120_000);
afterAll(async () => {
  await client.end();
  await bare.close();
});

const texts = async (query: string): Promise<string[]> =>
  (await client.query<{ text: string }>(query)).rows.map(({ text }) => text);

/** What a table promises, whatever it is made of. */
async function schema(): Promise<Record<string, string[]>> {
  const mine = `relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`;
  return {
    columns:
      await texts(`select format('%s.%s %s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(d.adbin, d.adrelid)) as text
      from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where ${mine} and attnum > 0 and not attisdropped order by 1`),
    constraints:
      await texts(`select format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(o.oid)) as text from pg_constraint o
      join pg_class c on c.oid = o.conrelid where ${mine} and contype in ('p', 'u', 'f', 'c') and conparentid = 0 order by 1`),
    indexes: await texts(
      `select replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') as text from pg_index i join pg_class c on c.oid = i.indrelid where ${mine} order by 1`,
    ),
    policies: await texts(
      `select format('%s %s %s %s %s %s', tablename, policyname, cmd, roles, qual, with_check) as text from pg_policies where schemaname = 'public' order by 1`,
    ),
    triggers: await texts(
      `select pg_get_triggerdef(t.oid) as text from pg_trigger t join pg_class c on c.oid = t.tgrelid where ${mine} and not tgisinternal order by 1`,
    ),
    grants: await texts(
      `select format('%s %s %s', table_name, grantee, privilege_type) as text from information_schema.table_privileges where table_schema = 'public' order by 1`,
    ),
    columnGrants: await texts(
      `select format('%s %s %s %s', table_name, column_name, grantee, privilege_type) as text from information_schema.column_privileges where table_schema = 'public' order by 1`,
    ),
    walls: await texts(
      `select format('%s %s %s', relname, relrowsecurity, relforcerowsecurity) as text from pg_class where ${mine} order by 1`,
    ),
  };
}

test('P-05 partitioning changes nothing that a table promises: columns, keys, indexes, policies, triggers, grants, the wall', async () => {
  expect(await schema()).toEqual(before);
});

test('every table of companies is in three parts, but the one whose ids are unique among all companies', async () => {
  const whole = await texts(`
    select c.relname as text from pg_class c join pg_index p on p.indrelid = c.oid and p.indisprimary
    join pg_attribute a on a.attrelid = c.oid and a.attnum = p.indkey[0] and a.attname = 'company_id'
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`);
  expect(whole).toEqual(['own_review']);
  const parts = await texts(
    `select count(*)::text as text from pg_class where relnamespace = 'partitions'::regnamespace and relkind = 'r'`,
  );
  expect(parts).toEqual([String(turned.length * 3)]);
});

test('each part forces row level security, and no role but the owner has any right to it', async () => {
  const open =
    await texts(`select relname as text from pg_class where relnamespace = 'partitions'::regnamespace and relkind = 'r'
    and (not relrowsecurity or not relforcerowsecurity or relacl is not null)`);
  expect(open).toEqual([]);
});

test('a second time there is nothing to turn', async () => {
  expect(await partition(bare.url, 3)).toEqual([]);
});
