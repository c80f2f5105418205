import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { migrate } from '../../src/platform/migrate.ts';
import { OUTSIDE, statementsOf } from '../../src/platform/migration-script.ts';
import { bareDatabase, type TestDatabase } from '../setup/database.ts';

let database: TestDatabase;
let folder: string;
let other: pg.Client;
let watcher: pg.Client;
beforeEach(async () => {
  database = await bareDatabase();
  folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  other = new pg.Client({ connectionString: database.url });
  watcher = new pg.Client({ connectionString: database.url });
  await Promise.all([other.connect(), watcher.connect()]);
  await other.query(
    'create table person (id int, name text); insert into person select n, n::text from generate_series(1, 50) n',
  );
});
afterEach(async () => {
  await Promise.all([other.end(), watcher.end()]);
  await database.close();
  rmSync(folder, { recursive: true });
});

const write = (name: string, script: string) => {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, 'migration.sql'), script);
};
const hasty = { lockTimeout: 50, tries: 2, pause: 10 };
const run = (manners = { lockTimeout: 50, tries: 1000, pause: 10 }) => migrate(database.url, { folder, manners });
const ask = async (text: string) => (await other.query(text)).rows;

describe('on a database that is in use', () => {
  test('a migration steps back from a lock that others hold, and comes through once it is given back', async () => {
    write('1_more', 'alter table person add column more int');
    await other.query('begin');
    await other.query('select from person limit 1');
    const done = run();
    await stepsBack();
    await other.query('commit');
    expect(await done).toEqual(['1_more']);
  });

  test('one that never gets its lock says so, and leaves nothing behind', async () => {
    write('1_more', 'create table other (id int); alter table person add column more int');
    await other.query('begin');
    await other.query('select from person limit 1');
    await expect(run(hasty)).rejects.toThrow('1_more failed: somebody holds a lock on its tables; tried 2 times');
    await other.query('rollback');
    expect(await ask("select to_regclass('other') as found")).toEqual([{ found: null }]);
    expect(await ask('select from _prisma_migrations')).toEqual([]);
  });

  test('an index is built concurrently, outside a transaction, while somebody writes to the table', async () => {
    write('1_index', `${OUTSIDE}\ncreate index concurrently if not exists person_name on person (name);`);
    await other.query('begin');
    await other.query("update person set name = 'x' where id = 1");
    const done = run();
    await until(async () =>
      (await activity("wait_event_type = 'Lock'")).some((query) => query.startsWith('create index')),
    );
    // The one who was there before is waited for; the others write on.
    await watcher.query("update person set name = 'y' where id = 2");
    await other.query('commit');
    expect(await done).toEqual(['1_index']);
    expect(await valid('person_name')).toBe(true);
  });

  test('a table in partitions gets and loses its indexes too', async () => {
    await other.query('create table parted (company_id int, id int) partition by hash (company_id)');
    await other.query('create table parted_0 partition of parted for values with (modulus 1, remainder 0)');
    write('1_index', `${OUTSIDE}\ncreate index concurrently if not exists parted_id on parted (company_id, id);`);
    expect(await run()).toEqual(['1_index']);
    expect(await valid('parted_id')).toBe(true);
    write('2_none', `${OUTSIDE}\ndrop index concurrently if exists parted_id;`);
    expect(await run()).toEqual(['2_none']);
    expect(await ask("select to_regclass('parted_id') as found")).toEqual([{ found: null }]);
  });

  test('what a broken build left of an index is dropped, and it is built anew', async () => {
    await other.query("insert into person values (1, 'twice')");
    write('1_unique', `${OUTSIDE}\ncreate unique index concurrently if not exists person_id on person (id);`);
    await expect(run()).rejects.toThrow('1_unique failed: could not create unique index');
    expect(await valid('person_id')).toBe(false);
    await other.query("delete from person where name = 'twice'");
    expect(await run()).toEqual(['1_unique']);
    expect(await valid('person_id')).toBe(true);
  });

  test('one that stops in its middle goes on the next time, from the beginning', async () => {
    const first = `${OUTSIDE}\nalter table person add column if not exists more int;\n`;
    write('1_steps', `${first}select 1 / 0;`);
    await expect(run()).rejects.toThrow('1_steps failed: division by zero');
    expect(await ask('select more from person limit 1')).toEqual([{ more: null }]);
    write('1_steps', `${first}select 1;`);
    expect(await run()).toEqual(['1_steps']);
    expect(await run()).toEqual([]);
  });

  test('rows are filled in batches, each a transaction of its own', async () => {
    write('1_column', 'alter table person add column more int');
    write(
      '2_fill',
      `${OUTSIDE}
do $$
begin
  loop
    update person set more = id where id in (select id from person where more is null limit 20);
    exit when not found;
    commit;
  end loop;
end $$;`,
    );
    expect(await run()).toEqual(['1_column', '2_fill']);
    const [row] = await ask(
      'select count(distinct xmin::text)::int as batches, bool_and(more = id) as filled from person',
    );
    expect(row).toEqual({ batches: 3, filled: true });
  });

  test('processes that start together do not stand in the way of an index', async () => {
    write('1_index', `${OUTSIDE}\ncreate index concurrently if not exists person_name on person (name);`);
    expect((await Promise.all([run(), run(), run()])).flat()).toEqual(['1_index']);
  });
});

test('a script is cut where its statements end, and nowhere else', () => {
  const script = `-- first; not here
select 'a;b' || E'\\';' as "c;d"; /* neither ; here */
do $body$ begin perform 1; perform $$x;y$$; end $body$;
create function f() returns int language sql as $$ select 1; $$`;
  expect(statementsOf(script)).toEqual([
    `select 'a;b' || E'\\';' as "c;d"`,
    'do $body$ begin perform 1; perform $$x;y$$; end $body$',
    'create function f() returns int language sql as $$ select 1; $$',
  ]);
});

const stepsBack = () => until(async () => (await activity("query = 'rollback'")).length > 0);

const activity = async (condition: string): Promise<string[]> => {
  const { rows } = await watcher.query<{ query: string }>(
    `select query from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and ${condition}`,
  );
  return rows.map(({ query }) => query);
};

async function until(state: () => Promise<boolean>): Promise<void> {
  while (!(await state())) await new Promise((done) => setImmediate(done));
}

const valid = async (index: string) =>
  (await ask(`select indisvalid as valid from pg_index where indexrelid = to_regclass('${index}')`))[0]?.valid;
