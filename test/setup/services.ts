import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { type Child, startChild } from '../../src/platform/children.ts';
import { migrate } from '../../src/platform/migrate.ts';
import { partition } from '../../src/platform/partition.ts';
import { clusterUrl, freePort, startCluster } from '../../src/platform/postgres.ts';
import { postgresHome } from '../../src/platform/postgres-home.ts';
import { canUse, postgresUser, type SystemUser } from '../../src/platform/postgres-user.ts';
import { rootPath } from '../../src/platform/root.ts';
import { findRedis } from './programs.ts';

/**
 * What all tests of one run share: a PostgreSQL with a migrated template to clone, and a Redis. Both forget everything, and
 * both end with the run, also when it is killed.
 */
export async function startServices(): Promise<{ stop(): Promise<void> }> {
  const user = postgresUser();
  const scratch = makeScratch(user);
  const [postgres, redis] = await Promise.all([startPostgres(scratch, user), startRedis()]);
  return {
    stop: async () => {
      await Promise.all([postgres.stop(), redis.stop()]);
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** Named after this process, so that the next run can tell what a killed one left behind. */
export function makeScratch(user: SystemUser | undefined): string {
  const parent = [tmpdir(), '/var/tmp'].find((folder) => canUse(folder, user)) ?? tmpdir();
  for (const name of readdirSync(parent)) {
    const owner = Number(/^clientele-test-(\d+)-/.exec(name)?.[1] ?? process.pid);
    if (!isAlive(owner)) rmSync(join(parent, name), { recursive: true, force: true });
  }
  const scratch = mkdtempSync(join(realpathSync(parent), `clientele-test-${process.pid}-`));
  chmodSync(scratch, 0o755);
  return scratch;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function startPostgres(scratch: string, user: SystemUser | undefined): Promise<Child> {
  const own = rootPath('.data');
  mkdirSync(own, { recursive: true });
  const { programs } = postgresHome(realpathSync(own), user);
  const folder = join(scratch, 'postgres');
  const { port, child } = await startCluster({
    programs,
    folder,
    user,
    password: PASSWORD,
    settings: SETTINGS,
    scratch,
  });
  process.env.TEST_POSTGRES_URL = clusterUrl(port, 'postgres', PASSWORD, 'postgres');
  await makeTemplate(port);
  return child;
}

// Reachable from this machine only, for the minutes of one run, and empty.
const PASSWORD = 'test';

const SETTINGS = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'autovacuum=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'max_connections=200',
  'shared_buffers=128MB',
  'jit=off',
  'timezone=UTC',
];

/** Migrated by a plain owner, as in production: whatever would need a superuser fails here. */
async function makeTemplate(port: number): Promise<void> {
  const admin = new pg.Client({ connectionString: process.env.TEST_POSTGRES_URL });
  await admin.connect();
  await admin.query(`create role clientele login createrole password '${PASSWORD}'`);
  await admin.query('create database clientele_template owner clientele');
  const template = clusterUrl(port, 'clientele', PASSWORD, 'clientele_template');
  await migrate(template);
  // `TEST_PARTITIONS=4 npm test -- test/tenancy`: the same tests on the same schema in partitions.
  const into = Number(process.env.TEST_PARTITIONS ?? 0);
  if (into > 0) await partition(template, into);
  await admin.query('alter database clientele_template is_template true allow_connections false');
  await admin.end();
}

async function startRedis(): Promise<Child> {
  const port = await freePort();
  const child = await startChild(findRedis(), [
    ...['--port', String(port), '--bind', '127.0.0.1'],
    ...['--save', '', '--appendonly', 'no', '--daemonize', 'no'],
  ]);
  while (child.running() && !(await answers(port))) await pause(20);
  if (!child.running()) throw new Error('redis-server did not start');
  process.env.TEST_REDIS_URL = `redis://127.0.0.1:${port}`;
  return child;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
