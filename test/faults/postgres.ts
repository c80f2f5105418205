import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
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
    stop: () => running.child.stop(),
  };
}

// Reachable from this machine only, for the minutes of one run.
const PASSWORD = 'faults';

const SETTINGS = [
  'synchronous_commit=on',
  'full_page_writes=on',
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_connections=150',
  'shared_buffers=128MB',
  'jit=off',
  'timezone=UTC',
];

const CUT_ALL = `
  select count(*) filter (where pg_terminate_backend(pid))::int as count from pg_stat_activity
  where pid <> pg_backend_pid() and backend_type = 'client backend'`;
