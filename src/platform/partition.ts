import pg from 'pg';
import * as catalogue from './partition-sql.ts';

/** One table as it is, in statements that make it again. */
interface Plan {
  table: string;
  columns: string[];
  keys: string[];
  indexes: string[];
  triggers: string[];
  grants: string[];
  statistics: string[];
  options: string | null;
}

/**
 * Turns every table that belongs to companies (its primary key begins with company_id) into one that is partitioned by hash of company_id,
 * with its rows, keys, foreign keys, policies, grants and triggers: all or nothing, in one transaction that keeps everybody else out.
 * Tables that are partitioned already are left alone, so it is run again after a migration has added one. A table that has a unique key
 * without the company cannot be, and stays whole. Answers what it has turned.
 */
export async function partition(databaseUrl: string, into: number): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, statement_timeout: 0 });
  await client.connect();
  try {
    await client.query('begin');
    const turned = await turn(client, into);
    await client.query('commit');
    return turned;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    await client.end();
  }
}

async function turn(client: pg.Client, into: number): Promise<string[]> {
  const texts = async (query: string, values: unknown[] = []) =>
    (await client.query<{ text: string }>(query, values)).rows.map(({ text }) => text);
  const tables = await texts(catalogue.whole);
  if (tables.length === 0) return [];
  await client.query(`lock table ${tables.map(name).join(', ')} in access exclusive mode`);
  await client.query('create schema if not exists partitions');
  const foreign = await client.query<{ on_table: string; name: string; text: string }>(catalogue.foreignKeys, [tables]);
  const policies = await client.query<{ on_table: string; name: string; text: string }>(catalogue.policies);
  const plans: Plan[] = [];
  for (const table of tables) {
    const [one, options] = [[table], await texts(catalogue.options, [table])];
    plans.push({
      table,
      columns: await texts(catalogue.columns, one),
      keys: await texts(catalogue.keys, one),
      indexes: await texts(catalogue.indexes, one),
      triggers: await texts(catalogue.triggers, one),
      grants: [...(await texts(catalogue.grants, one)), ...(await texts(catalogue.columnGrants, one))],
      statistics: await texts(catalogue.statistics, one),
      options: options[0] ?? null,
    });
  }
  for (const { on_table: on, name: key } of foreign.rows)
    await client.query(`alter table ${name(on)} drop constraint ${name(key)}`);
  // A policy names the tables it looks into: all of them are made anew.
  for (const { on_table: on, name: policy } of policies.rows)
    await client.query(`drop policy ${name(policy)} on ${name(on)}`);
  for (const plan of plans) await rebuild(client, plan, into);
  for (const { on_table: on, name: key, text } of foreign.rows)
    await client.query(`alter table ${name(on)} add constraint ${name(key)} ${text}`);
  for (const { text } of policies.rows) await client.query(text);
  // The wall comes last: whoever owns a table is behind it as well, and would find nothing to copy or to check.
  for (const { table } of plans)
    for (const each of [name(table), ...parts(table, into)]) await client.query(wall(each));
  return tables;
}

async function rebuild(client: pg.Client, plan: Plan, into: number): Promise<void> {
  const { table, columns, keys, indexes, triggers, grants, statistics, options } = plan;
  const [old, all] = [name(`${table}__whole`), columns.map(name).join(', ')];
  await client.query(`alter table ${name(table)} no force row level security`);
  await client.query(`alter table ${name(table)} rename to ${old}`);
  await client.query(
    `create table ${name(table)} (like ${old} including defaults including constraints including generated including identity
     including storage including comments) partition by hash (company_id)`,
  );
  for (const [remainder, part] of parts(table, into).entries()) {
    const settings = options === null ? '' : ` with (${options})`;
    await client.query(
      `create table ${part} partition of ${name(table)} for values with (modulus ${into}, remainder ${remainder})${settings}`,
    );
  }
  await client.query(`insert into ${name(table)} (${all}) overriding system value select ${all} from ${old}`);
  await client.query(`drop table ${old}`);
  // The primary key is made last: of two indexes that look equally good PostgreSQL takes the newer one.
  for (const statement of [...indexes, ...keys, ...triggers, ...grants]) await client.query(statement);
  for (const column of statistics)
    for (const each of [name(table), ...parts(table, into)])
      await client.query(`alter table ${each} alter column ${name(column)} set statistics 0`);
}

// Nobody is to name them: they lie in a schema of their own, in which no role has any right.
const parts = (table: string, into: number): string[] =>
  Array.from({ length: into }, (_, remainder) => `partitions.${name(`${table}_${remainder}`)}`);

const wall = (table: string): string => `alter table ${table} enable row level security, force row level security`;

const name = (text: string): string => pg.escapeIdentifier(text);
