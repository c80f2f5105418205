import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/platform/migrate.ts';
import { clusterUrl, removeStaleLock, startCluster } from '../../src/platform/postgres.ts';
import { postgresHome } from '../../src/platform/postgres-home.ts';
import { postgresUser } from '../../src/platform/postgres-user.ts';
import { rootPath } from '../../src/platform/root.ts';
import { query } from '../bench/build/cluster.ts';

/** A PostgreSQL that loses nothing it has confirmed, and can be made to fall. */
export interface Postgres {
  /** of the plain owner, as the portal signs in */
  url: string;
  superuserUrl: string;
  /** Ends at once, as if its machine had lost power, and comes back on the same data at the same port. */
  crash(): Promise<void>;
  start(): Promise<void>;
  /** Cuts every connection but the one that asks. Answers how many there were. */
  cutAll(): Promise<number>;
  /** Copies the data folder while the server goes on, as PostgreSQL wants it (pg_backup_start, pg_backup_stop). Answers where to. */
  backup(name: string): Promise<string>;
  /** Ends the server, and starts another one at its place on a copy of that backup. */
  restore(backup: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startPostgres(scratch: string): Promise<Postgres> {
  const user = postgresUser();
  const own = rootPath('.data');
  mkdirSync(own, { recursive: true });
  const { programs } = postgresHome(realpathSync(own), user);
  const folder = join(scratch, 'postgres');
  const cluster = { programs, folder, user, password: PASSWORD, settings: SETTINGS };
  let running = await startCluster(cluster);
  const { port } = running;
  const superuserUrl = clusterUrl(port, 'postgres', PASSWORD, 'clientele');
  const first = clusterUrl(port, 'postgres', PASSWORD, 'postgres');
  await query(first, `create role clientele login createrole password '${PASSWORD}'`);
  await query(first, 'create database clientele owner clientele');
  const url = clusterUrl(port, 'clientele', PASSWORD, 'clientele');
  await migrate(url);
  return {
    url,
    superuserUrl,
    crash: async () => {
      process.kill(running.child.pid, 'SIGQUIT');
      await running.child.ended;
    },
    start: async () => {
      removeStaleLock(folder);
      running = await startCluster({ ...cluster, port });
    },
    cutAll: async () => {
      const [row] = await query<{ count: number }>(first, CUT_ALL);
      return row?.count ?? 0;
    },
    backup: async (name) => {
      const target = join(scratch, name);
      await backUp(superuserUrl, folder, target);
      return target;
    },
    restore: async (backup) => {
      process.kill(running.child.pid, 'SIGQUIT');
      await running.child.ended;
      rmSync(folder, { recursive: true, force: true });
      copy(backup, folder);
      running = await startCluster({ ...cluster, port });
    },
    stop: () => running.child.stop(),
  };
}

/** What the server writes meanwhile is in its log, which is copied last: so the copy is of one moment. */
async function backUp(url: string, folder: string, target: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`select pg_backup_start('faults', true)`);
    copy(folder, target);
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    writeFileSync(join(target, 'backup_label'), rows[0]?.labelfile ?? '');
    rmSync(join(target, 'pg_wal'), { recursive: true, force: true });
    copy(join(folder, 'pg_wal'), join(target, 'pg_wal'));
  } finally {
    await client.end();
  }
  const { uid, gid } = statSync(folder);
  chownSync(join(target, 'backup_label'), uid, gid);
  for (const name of ['postmaster.pid', 'postmaster.opts']) rmSync(join(target, name), { force: true });
}

/** Files that go while it copies are none of the backup's: the server's log knows. */
function copy(from: string, to: string): void {
  const { status, stderr } = spawnSync('cp', ['-a', from, to], { encoding: 'utf8' });
  const serious = stderr.split('\n').filter((line) => line !== '' && !line.includes('No such file'));
  if (status !== 0 && serious.length > 0) throw new Error(serious[0]);
}

// Reachable from this machine only, for the minutes of one run.
const PASSWORD = 'faults';

const SETTINGS = [
  'synchronous_commit=on',
  'full_page_writes=on',
  'wal_level=replica',
  'max_wal_senders=0',
  'max_connections=150',
  'shared_buffers=128MB',
  'jit=off',
  'timezone=UTC',
];

const CUT_ALL = `
  select count(*) filter (where pg_terminate_backend(pid))::int as count from pg_stat_activity
  where pid <> pg_backend_pid() and backend_type = 'client backend'`;
