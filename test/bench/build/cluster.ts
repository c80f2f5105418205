import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import pg from 'pg';
import { startEmbedded } from '../../../src/platform/embedded.ts';

export interface Cluster {
  dataDir: string;
  /** as the application signs in: a plain owner */
  url: string;
  superuserUrl: string;
  /** Stops the server, and deletes what was not to be kept. */
  stop(): Promise<void>;
}

/** Says what the finished database holds; one without it is of no use to a later run. */
export const builtFile = (dataDir: string) => join(dataDir, 'built.json');

/** The same embedded PostgreSQL with the same settings as `npm start`; without `keep` in a folder that goes with the run. */
export async function startDatabase(keep: string | null): Promise<Cluster> {
  const dataDir = keep ?? mkdtempSync(join(realpathSync(tmpdir()), 'clientele-bench-'));
  mkdirSync(dataDir, { recursive: true });
  if (!keep) chmodSync(dataDir, 0o755);
  const { url, stop } = await startEmbedded(dataDir);
  const superuser = new URL(url);
  superuser.username = 'postgres';
  return {
    dataDir: realpathSync(dataDir),
    url,
    superuserUrl: superuser.href,
    stop: async () => {
      await stop();
      if (!keep || !existsSync(builtFile(dataDir))) remove(dataDir);
    },
  };
}

/** Under another user than root's PostgreSQL lies apart from its folder: see `postgresHome`. */
function remove(dataDir: string): void {
  const books = join(dataDir, 'postgres.json');
  const data = existsSync(books) ? String(JSON.parse(readFileSync(books, 'utf8')).data) : '';
  if (isAbsolute(data)) rmSync(dirname(data), { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
}

/** While the database is built nothing needs to survive a crash; the figures are taken with all of it on again. */
export async function withoutDurability(superuserUrl: string, work: () => Promise<void>): Promise<void> {
  const settings = { fsync: 'off', full_page_writes: 'off', autovacuum: 'off', max_wal_size: '8GB' };
  for (const [name, value] of Object.entries(settings))
    await query(superuserUrl, `alter system set ${name} = '${value}'`);
  await query(superuserUrl, 'select pg_reload_conf()');
  await work();
  await query(superuserUrl, 'alter system reset all');
  await query(superuserUrl, 'select pg_reload_conf()');
  await query(superuserUrl, 'checkpoint');
}

export async function query<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}
