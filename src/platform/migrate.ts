import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { ConfigError } from './config.ts';
import { log } from './log.ts';
import { rootPath } from './root.ts';

/**
 * Brings the database to the newest schema and returns the names of the migrations it applied. Safe to run from many
 * processes at once; keeps its books in Prisma's own table, so `prisma migrate status` agrees. Needs no superuser: the
 * owner of the database with CREATEROLE is enough. Throws `ConfigError` when the database cannot be reached.
 */
export async function migrate(databaseUrl: string, folder = rootPath('prisma', 'migrations')): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, statement_timeout: 0 });
  await client.connect().catch((error: Error) => {
    throw new ConfigError(`The database of DATABASE_URL does not let us in: ${error.message || 'nobody answers'}`);
  });
  try {
    await client.query('select pg_advisory_lock($1)', [PRISMA_LOCK]);
    await client.query(BOOKS);
    const applied = await readBooks(client);
    const migrations = readMigrations(folder);
    refuseStrangers(migrations, applied);
    const missing = migrations.filter(({ name }) => !applied.has(name));
    for (const migration of missing) await apply(client, migration);
    return missing.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

interface Migration {
  name: string;
  script: string;
  checksum: string;
}

// The lock that Prisma's own migrate takes; the end of the connection gives it back.
const PRISMA_LOCK = 72707369;

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

function readMigrations(folder: string): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const script = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
      return { name, script, checksum: createHash('sha256').update(script).digest('hex') };
    });
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

/** All or nothing: the script and its line in the books are one transaction. */
async function apply(client: pg.Client, { name, script, checksum }: Migration): Promise<void> {
  log.info({ migration: name }, 'migrating');
  await client.query('begin');
  try {
    await client.query(script);
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       values ($1, $2, $3, now(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`Migration ${name} failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
