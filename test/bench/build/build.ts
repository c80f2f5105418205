import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import pg from 'pg';
import { newId } from '../../../src/kernel/id.ts';
import { migrate } from '../../../src/platform/migrate.ts';
import type { Options } from '../options.ts';
import { builtFile, type Cluster, query, withoutDurability } from './cluster.ts';
import { mailWords, names, regions } from './names.ts';
import * as sql from './sql.ts';

type Size = Pick<Options, 'customers' | 'others' | 'companies'>;
type Say = (line: string) => void;

/** Fills the cluster with customers, unless a former run did that for the same size. Answers the id of the big company. */
export async function build(cluster: Cluster, { customers, others, companies }: Size, say: Say): Promise<string> {
  const size = { customers, others, companies };
  await migrate(cluster.url);
  const before = readBuilt(cluster, size);
  if (before) return before;
  const main = newId();
  const start = Date.now();
  await withoutDurability(cluster.superuserUrl, () => load(cluster, size, main, say));
  say(`built in ${((Date.now() - start) / 1000).toFixed(0)} s`);
  writeFileSync(builtFile(cluster.dataDir), JSON.stringify({ size, main }));
  return main;
}

function readBuilt(cluster: Cluster, size: Size): string | null {
  if (!existsSync(builtFile(cluster.dataDir))) return null;
  const built = JSON.parse(readFileSync(builtFile(cluster.dataDir), 'utf8')) as { size: Size; main: string };
  if (JSON.stringify(built.size) === JSON.stringify(size)) return built.main;
  throw new Error(`${cluster.dataDir} holds a database of another size: ${JSON.stringify(built.size)}`);
}

async function load(cluster: Cluster, size: Size, main: string, say: Say): Promise<void> {
  const others = Array.from({ length: size.companies }, () => newId());
  const [one, two] = await Promise.all([connect(cluster), connect(cluster)]);
  try {
    await fill(one, two, peopleOf(size, main, others), say);
  } finally {
    await Promise.all([one.end(), two.end()]);
  }
}

async function fill(one: pg.Client, two: pg.Client, from: sql.People, say: Say): Promise<void> {
  const indexes = await definitions(one);
  await each(one, [sql.prepare, sql.companies(from.main, from.others), sql.people(from), sql.placed], say);
  const { rows: removed } = await one.query<{ name: string; drop: string; make: string }>(
    sql.removable.text,
    sql.removable.values,
  );
  for (const index of removed) await one.query(index.drop);
  await Promise.all([each(one, sql.lanes[0], say), each(two, sql.lanes[1], say)]);
  const queue = removed.map(({ name, make }) => ({ label: `index ${name}`, text: make }));
  await Promise.all([drain(one, queue, say), drain(two, queue, say)]);
  await each(one, [sql.cleanUp, { label: 'vacuum', text: 'vacuum (freeze, analyze)' }], say);
  if ((await definitions(one)).join() !== indexes.join())
    throw new Error('the indexes are not what the migration made');
}

const peopleOf = (size: Size, main: string, others: string[]): sql.People => ({
  main,
  others,
  customersOfMain: size.customers,
  customersOfOthers: size.others,
  latin: [names.latin.female, names.latin.male, names.latin.last],
  cyrillic: [names.cyrillic.female, names.cyrillic.male, names.cyrillic.last],
  regions,
  mailWords,
});

/** The superuser's connection: row level security and foreign keys do not look at what is loaded. */
async function connect(cluster: Cluster): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: cluster.superuserUrl });
  await client.connect();
  await client.query(`
    set session_replication_role = replica; set synchronous_commit = off; set jit = off;
    set work_mem = '256MB'; set maintenance_work_mem = '1GB'; set max_parallel_maintenance_workers = 1`);
  return client;
}

async function definitions(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ definition: string }>(sql.indexes.text, sql.indexes.values);
  return rows.map((row) => row.definition);
}

async function each(client: pg.Client, steps: readonly sql.Step[], say: Say): Promise<void> {
  for (const { label, text, values } of steps) {
    const start = Date.now();
    await client.query(text, values);
    say(`  ${((Date.now() - start) / 1000).toFixed(1).padStart(6)} s  ${label}`);
  }
}

async function drain(client: pg.Client, queue: sql.Step[], say: Say): Promise<void> {
  for (let step = queue.shift(); step; step = queue.shift()) await each(client, [step], say);
}

/** Sizes and versions for the record. */
export async function describeDatabase(cluster: Cluster): Promise<{ postgres: string; gigabytes: number }> {
  const [row] = await query<{ postgres: string; bytes: string }>(
    cluster.superuserUrl,
    `select current_setting('server_version') as postgres, pg_database_size(current_database())::text as bytes`,
  );
  return { postgres: row?.postgres ?? '', gigabytes: Number(row?.bytes ?? 0) / 1e9 };
}
