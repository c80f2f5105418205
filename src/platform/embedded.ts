import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import { ConfigError } from './config.ts';
import { hasCode } from './errors.ts';
import { log } from './log.ts';
import { clusterUrl, removeStaleLock, runningServer, startCluster } from './postgres.ts';
import { type PostgresHome, postgresHome } from './postgres-home.ts';
import { canUse, postgresUser } from './postgres-user.ts';

export interface Embedded {
  /** Of the database `clientele`, as its owner (not a superuser). */
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts the portal's own PostgreSQL, made on first use, with its data in DATA_DIR. It ends with this process, however
 * that ends. Throws `ConfigError` when it cannot run here.
 */
export async function startEmbedded(dataDir: string): Promise<Embedded> {
  mkdirSync(dataDir, { recursive: true });
  const folder = realpathSync(dataDir);
  const user = postgresUser();
  const home = postgresHome(folder, user);
  const kept = readKept(folder) ?? keep(folder, { data: newDataFolder(folder, home), password: secret() });
  const data = dataFolder(folder, kept);
  if (existsSync(data) && !canUse(data, user)) {
    throw new ConfigError(`The user postgres cannot read ${data}: move DATA_DIR to a folder that every user may enter`);
  }
  await waitForFormer(folder, data);
  writeFileSync(ownerFile(folder), String(process.pid));
  const { port, child } = await startCluster({
    programs: home.programs,
    folder: data,
    user,
    password: kept.password,
    settings: SETTINGS,
  });
  if (home.reason) log.info(home.reason);
  await makeDatabase(port, kept.password);
  return { url: ownUrl(port, kept.password), stop: () => child.stop() };
}

/** The address of the embedded database that a portal runs in DATA_DIR right now; null: none runs. */
export function findEmbedded(dataDir: string): string | null {
  const kept = readKept(dataDir);
  const server = kept && runningServer(dataFolder(realpathSync(dataDir), kept));
  return server ? ownUrl(server.port, kept.password) : null;
}

const SETTINGS = [
  'max_connections=100',
  'shared_buffers=256MB',
  'effective_cache_size=1GB',
  'work_mem=16MB',
  'maintenance_work_mem=128MB',
  'max_wal_size=2GB',
  'wal_level=minimal',
  'max_wal_senders=0',
  'random_page_cost=1.1',
  'jit=off',
  'timezone=UTC',
  'log_timezone=UTC',
  'log_min_messages=warning',
];

/** What cannot be made again: where the data lies, and the password in it. */
const keptFile = z.object({ data: z.string(), password: z.string() });
type Kept = z.infer<typeof keptFile>;

function readKept(dataDir: string): Kept | null {
  try {
    return keptFile.parse(JSON.parse(readFileSync(join(dataDir, 'postgres.json'), 'utf8')));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw new ConfigError(`${join(dataDir, 'postgres.json')} cannot be read: ${String(error)}`);
  }
}

function keep(dataDir: string, kept: Kept): Kept {
  const draft = join(dataDir, `postgres.json.${process.pid}`);
  writeFileSync(draft, JSON.stringify(kept), { mode: 0o600 });
  renameSync(draft, join(dataDir, 'postgres.json'));
  return kept;
}

/** By name when it lies in DATA_DIR, so that DATA_DIR can be moved. */
function newDataFolder(dataDir: string, home: PostgresHome): string {
  const name = `postgres-${randomBytes(4).toString('hex')}`;
  return home.place === dataDir ? name : join(home.place, name);
}

function dataFolder(dataDir: string, kept: Kept): string {
  return resolve(dataDir, kept.data);
}

function secret(): string {
  return randomBytes(24).toString('base64url');
}

/** A portal that was killed a moment ago leaves a server that is about to stop; a living portal keeps its own. */
async function waitForFormer(dataDir: string, data: string): Promise<void> {
  const owner = readOwner(dataDir);
  if (runningServer(data) && isAlive(owner)) {
    throw new ConfigError(
      `Another portal (process ${owner}) runs on DATA_DIR ${dataDir}: stop it or choose another one`,
    );
  }
  for (let tries = 0; tries < 300; tries++) {
    const server = runningServer(data);
    if (!server) return removeStaleLock(data);
    if (tries % 100 === 0) process.kill(server.pid, 'SIGINT');
    await pause(50);
  }
  throw new ConfigError(
    `A PostgreSQL of an earlier portal (process ${runningServer(data)?.pid}) does not stop: end it`,
  );
}

function readOwner(dataDir: string): number {
  try {
    return Number(readFileSync(ownerFile(dataDir), 'utf8'));
  } catch {
    return 0;
  }
}

function ownerFile(dataDir: string): string {
  return join(dataDir, 'portal.pid');
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

/** The portal is a plain owner of its database, as in production: the walls of row level security stand for it too. */
async function makeDatabase(port: number, password: string): Promise<void> {
  const admin = new pg.Client({ connectionString: clusterUrl(port, 'postgres', password, 'postgres') });
  await admin.connect();
  try {
    const { rows } = await admin.query(
      `select (select count(*) from pg_roles where rolname = '${NAME}') as roles,
              (select count(*) from pg_database where datname = '${NAME}') as databases`,
    );
    if (rows[0].roles === '0') await admin.query(`create role ${NAME} login createrole password '${password}'`);
    if (rows[0].databases === '0') await admin.query(`create database ${NAME} owner ${NAME}`);
  } finally {
    await admin.end();
  }
}

const NAME = 'clientele';

function ownUrl(port: number, password: string): string {
  return clusterUrl(port, NAME, password, NAME);
}
