import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { ConfigError } from './config.ts';
import { codesOf } from './errors.ts';
import { log } from './log.ts';
import { type Migration, readMigrations, statementsOf } from './migration-script.ts';
import { rootPath } from './root.ts';

/** How long a migration waits for a lock, which everybody who comes after it then waits for too, before it steps back. */
export interface Manners {
  /** milliseconds */
  lockTimeout: number;
  tries: number;
  /** milliseconds before it tries again */
  pause: number;
}

// Nobody waits longer for a page because of us; five minutes of trying outlast an export.
const MANNERS: Manners = { lockTimeout: 500, tries: 120, pause: 2000 };

interface Wishes {
  folder?: string;
  manners?: Manners;
}

/**
 * Brings the database to the newest schema and returns the names of the migrations it applied. Safe to run from many
 * processes at once, and beside older ones that serve; keeps its books in Prisma's own table, so `prisma migrate status` agrees.
 * Needs no superuser: the owner of the database with CREATEROLE is enough. Throws `ConfigError` when the database cannot be reached.
 */
export async function migrate(
  databaseUrl: string,
  { folder = rootPath('prisma', 'migrations'), manners = MANNERS }: Wishes = {},
): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, statement_timeout: 0 });
  await client.connect().catch((error: Error) => {
    throw new ConfigError(`The database of DATABASE_URL does not let us in: ${error.message || 'nobody answers'}`);
  });
  try {
    await takeTurn(client);
    await client.query(BOOKS);
    const applied = await readBooks(client);
    const migrations = readMigrations(folder);
    refuseStrangers(migrations, applied);
    const missing = migrations.filter(({ name }) => !applied.has(name));
    for (const migration of missing) await apply(client, migration, manners);
    return missing.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

// The lock that Prisma's own migrate takes; the end of the connection gives it back.
const PRISMA_LOCK = 72707369;
const TURN_PAUSE = 200;

/** Asked for again and again: who stood waiting inside a statement would be waited for by an index that is built concurrently. */
async function takeTurn(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [PRISMA_LOCK]);
    if (rows[0]?.taken) return;
    await pause(TURN_PAUSE);
  }
}

const BOOKS = `create table if not exists _prisma_migrations (
  id varchar(36) primary key not null,
  checksum varchar(64) not null,
  finished_at timestamptz,
  migration_name varchar(255) not null,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz not null default now(),
  applied_steps_count integer not null default 0
)`;

async function readBooks(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished_at: Date | null }>(
    'select migration_name, checksum, finished_at from _prisma_migrations where rolled_back_at is null',
  );
  const unfinished = rows.find((row) => row.finished_at === null);
  if (unfinished) {
    throw new Error(
      `Migration ${unfinished.migration_name} was begun by another tool and did not finish: settle it with "prisma migrate resolve"`,
    );
  }
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

/** What ran is what the file says: a changed file would leave databases that differ without anybody knowing. */
function refuseStrangers(migrations: Migration[], applied: Map<string, string>): void {
  for (const { name, checksum } of migrations) {
    const known = applied.get(name);
    if (known !== undefined && known !== checksum) {
      throw new Error(`Migration ${name} was changed after it was applied to this database: write a new one instead`);
    }
  }
  const names = new Set(migrations.map(({ name }) => name));
  const newer = [...applied.keys()].find((name) => !names.has(name));
  if (newer !== undefined) {
    throw new Error(
      `The database has the migration ${newer}, which this version does not know: start the newer version`,
    );
  }
}

async function apply(client: pg.Client, migration: Migration, manners: Manners): Promise<void> {
  log.info({ migration: migration.name }, 'migrating');
  try {
    await (migration.outside ? stepByStep : atOnce)(client, migration, manners);
  } catch (error) {
    throw new Error(`Migration ${migration.name} failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** All or nothing: the script and its line in the books are one transaction. */
async function atOnce(client: pg.Client, migration: Migration, manners: Manners): Promise<void> {
  await patiently(manners, async () => {
    await client.query('begin');
    try {
      await client.query(`set local lock_timeout = ${manners.lockTimeout}`);
      await client.query(migration.script);
      await writeDown(client, migration);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw error;
    }
  });
}

/**
 * For what cannot be part of a transaction, or must not be one. Whatever stops it, the next run begins it anew: each of its statements
 * can be repeated, and what a broken one left of an index is dropped first.
 */
async function stepByStep(client: pg.Client, migration: Migration, manners: Manners): Promise<void> {
  for (const statement of statementsOf(migration.script)) {
    const index = indexOf(statement);
    // Building one waits for everybody who was there before, and holds up nobody meanwhile.
    await client.query(`set lock_timeout = ${index === null ? manners.lockTimeout : 0}`);
    await patiently(manners, async () => {
      if (index !== null) await dropInvalid(client, index);
      await client.query((await isPartitioned(client, statement)) ? withoutConcurrently(statement) : statement);
    });
  }
  await client.query('reset lock_timeout');
  await writeDown(client, migration);
}

/** The name of the index that a statement builds concurrently; null: it is another statement. */
const indexOf = (statement: string): string | null =>
  /^create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?("[^"]+"|\w+)/i.exec(statement)?.[1] ?? null;

/** PostgreSQL neither builds nor drops an index of a partitioned table concurrently: there writers wait for it. */
async function isPartitioned(client: pg.Client, statement: string): Promise<boolean> {
  const [, made, dropped] = CONCURRENTLY.exec(statement) ?? [];
  const { rows } = await client.query(`select from pg_class where oid = to_regclass($1) and relkind in ('p', 'I')`, [
    made ?? dropped ?? null,
  ]);
  return rows.length > 0;
}

const CONCURRENTLY =
  /^(?:create\s[^;]*\sconcurrently\s[^;]*?\son\s+("[^"]+"|\w+)|drop\s+index\s+concurrently\s+(?:if\s+exists\s+)?("[^"]+"|\w+))/i;

const withoutConcurrently = (statement: string): string => statement.replace(/\sconcurrently\s/i, ' ');

async function dropInvalid(client: pg.Client, index: string): Promise<void> {
  const { rows } = await client.query('select from pg_index where indexrelid = to_regclass($1) and not indisvalid', [
    index,
  ]);
  if (rows.length > 0) await client.query(`drop index concurrently ${index}`);
}

const LOCK_NOT_AVAILABLE = '55P03';

async function patiently({ tries, pause: milliseconds }: Manners, work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!codesOf(error).includes(LOCK_NOT_AVAILABLE)) throw error;
      if (attempt >= tries)
        throw new Error(`somebody holds a lock on its tables; tried ${tries} times`, { cause: error });
      log.info({ attempt }, 'a lock is held by others: stepping back');
      await pause(milliseconds);
    }
  }
}

async function writeDown(client: pg.Client, { name, checksum }: Migration): Promise<void> {
  await client.query(
    `insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
     values ($1, $2, $3, now(), 1)`,
    [randomUUID(), checksum, name],
  );
}
