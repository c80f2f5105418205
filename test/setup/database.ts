import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  /** Of the plain owner that also migrated it. */
  url: string;
  /** Drops it, whoever is still connected. */
  close(): Promise<void>;
}

/** A migrated, empty database of the caller's own. */
export async function testDatabase(): Promise<TestDatabase> {
  const name = `test_${process.env.JEST_WORKER_ID}_${randomBytes(6).toString('hex')}`;
  await asAdmin((admin) => admin.query(`create database ${name} template clientele_template owner clientele`));
  return { url: urlOf(name), close: () => asAdmin((admin) => admin.query(`drop database ${name} with (force)`)) };
}

/** An empty database without our tables, for tests of the migrations themselves. `superuser`: its url is the superuser's. */
export async function bareDatabase(superuser = false): Promise<TestDatabase> {
  const name = `bare_${process.env.JEST_WORKER_ID}_${randomBytes(6).toString('hex')}`;
  await asAdmin((admin) => admin.query(`create database ${name} owner clientele`));
  const url = superuser ? urlOf(name, 'postgres') : urlOf(name);
  return { url, close: () => asAdmin((admin) => admin.query(`drop database ${name} with (force)`)) };
}

async function asAdmin(work: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client({ connectionString: postgresUrl() });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

function urlOf(database: string, user = 'clientele'): string {
  const url = new URL(postgresUrl());
  url.username = user;
  url.pathname = `/${database}`;
  return url.href;
}

function postgresUrl(): string {
  const url = process.env.TEST_POSTGRES_URL;
  if (!url) throw new Error('The test PostgreSQL is not running: tests are started by "npm test" or "npx jest"');
  return url;
}
