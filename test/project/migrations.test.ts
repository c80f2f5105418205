import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { OUTSIDE, readMigrations } from '../../src/platform/migration-script.ts';
import { rootPath } from '../../src/platform/root.ts';
import { BEFORE_RELEASE, breaches } from './migration-rules.ts';

const migrations = readMigrations(rootPath('prisma', 'migrations'));

describe('a migration of a portal that people work in', () => {
  test.each(migrations.filter(({ name }) => !BEFORE_RELEASE.includes(name)).map(({ name }) => name))(
    '%s keeps nobody from a table in use',
    (name) => {
      const at = migrations.findIndex((each) => each.name === name);
      const migration = migrations[at];
      if (migration) expect(breaches(migration, migrations.slice(0, at))).toEqual([]);
    },
  );

  test('those before the first release are a closed list', () => {
    const names = migrations.map(({ name }) => name);
    expect(BEFORE_RELEASE.filter((name) => !names.includes(name))).toEqual([]);
    expect(BEFORE_RELEASE.filter((name) => name >= '20261125')).toEqual([]);
  });

  test('the rules are written down, each with what to do instead', () => {
    const rules = readFileSync(rootPath('docs', 'migrations.md'), 'utf8');
    for (const word of ['concurrently', 'not valid', 'batches', 'contract:', OUTSIDE, '_there', 'lock_timeout']) {
      expect(rules).toContain(word);
    }
  });
});

const before = { name: '1_expand', script: 'create table customer (id int);', outside: false };
const of = (script: string, outside = false) =>
  breaches({ name: 'it', script: outside ? `${OUTSIDE}\n${script}` : script, outside }, [before]);

describe('is caught when it', () => {
  test.each([
    ['builds an index', 'create index i on customer (name);'],
    ['builds a unique index', 'create unique index i on customer (name);'],
    ['builds one concurrently in a transaction', 'create index concurrently if not exists i on customer (name);'],
    ['drops an index', 'drop index customer_name;'],
    ['changes a type', 'alter table customer alter column id type bigint;'],
    ['adds a column that must be there without a default', 'alter table customer add column a int not null;'],
    [
      'adds a column whose default differs from row to row',
      'alter table customer add column a uuid default gen_random_uuid();',
    ],
    ['adds a generated column', 'alter table customer add column a int generated always as (id * 2) stored;'],
    ['adds an identity', 'alter table customer add column a bigint not null generated always as identity;'],
    ['adds a reference beside a column', 'alter table customer add column a uuid references app_user (id);'],
    ['adds a check that looks at every row', 'alter table customer add constraint c check (id > 0);'],
    ['adds a foreign key that looks at every row', 'alter table customer add foreign key (a) references b (id);'],
    ['adds a primary key', 'alter table customer add primary key (id);'],
    ['adds a unique key', 'alter table customer add constraint u unique (id);'],
    ['sets not null', 'alter table customer alter column a set not null;'],
    [
      'validates in the transaction that adds',
      'alter table customer add constraint c check (id > 0) not valid; alter table customer validate constraint c;',
    ],
    ['updates all rows', "update customer set name = '';"],
    ['updates all rows in a block', "do $$ begin update customer set name = ''; end $$;"],
    ['deletes rows', 'delete from customer where id < 0;'],
    ['renames a column', 'alter table customer rename column a to b;'],
    ['renames a table', 'alter table customer rename to person;'],
    ['drops a column', 'alter table customer drop column a;'],
    ['drops a table', 'drop table customer;'],
    ['drops what no earlier migration made needless', '-- contract: 9_unknown\nalter table customer drop column a;'],
    ['truncates', 'truncate customer;'],
    ['locks', 'lock table customer;'],
    ['sets time limits of its own', 'set lock_timeout = 0; create table t (id int);'],
    ['begins a transaction of its own', 'begin; create table t (id int); commit;'],
  ])('%s', (_what, script) => {
    expect(of(script)).not.toEqual([]);
  });

  test.each([
    ['cannot be repeated: a column', 'alter table customer add column a int;'],
    ['cannot be repeated: an index', 'create index concurrently i on customer (name);'],
    ['fills everything in one statement', "update customer set name = '';"],
    ['fills without batches', "do $$ begin update customer set name = ''; commit; end $$;"],
  ])('%s, outside a transaction', (_what, script) => {
    expect(of(script, true)).not.toEqual([]);
  });
});

describe('may', () => {
  test.each([
    [
      'do whatever it likes to a table of its own',
      'create table t (id int); create index i on t (id); alter table t add primary key (id); insert into t values (1);',
    ],
    ['add a column that may be missing', 'alter table customer add column a int;'],
    ['add a column with a constant', "alter table customer add column a text not null default '';"],
    ['add a constraint that new rows obey', 'alter table customer add constraint c check (id > 0) not valid;'],
    [
      'widen a check',
      'alter table customer drop constraint c; alter table customer add constraint c check (id > 0) not valid;',
    ],
    ['validate what an earlier one added', 'alter table customer validate constraint c;'],
    [
      'set not null where that was proved',
      'alter table customer validate constraint customer_a_there; alter table customer alter column a set not null;',
    ],
    ['take over an index as a key', 'alter table customer add constraint u unique using index i;'],
    ['drop what an earlier one made needless', '-- contract: 1_expand\nalter table customer drop column a;'],
    [
      'make functions, triggers and policies',
      'create function f() returns trigger language plpgsql as $$ begin update customer set a = 1; return null; end $$;',
    ],
  ])('%s', (_what, script) => {
    expect(of(script)).toEqual([]);
  });

  test.each([
    ['build an index concurrently', 'create unique index concurrently if not exists i on customer (name);'],
    ['drop one concurrently', 'drop index concurrently if exists i;'],
    [
      'fill in batches',
      'do $$ begin loop update customer set a = 1 where id in (select id from customer where a is null limit 1000); exit when not found; commit; end loop; end $$;',
    ],
    ['validate', 'alter table customer validate constraint c;'],
  ])('%s, outside a transaction', (_what, script) => {
    expect(of(script, true)).toEqual([]);
  });
});
