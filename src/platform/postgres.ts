import { spawnSync } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Child, startChild } from './children.ts';
import type { SystemUser } from './postgres-user.ts';

/** A PostgreSQL of our own: where its programs and data lie, and whom it runs as. */
export interface Cluster {
  /** Folder with bin/, lib/ and share/. */
  programs: string;
  /** The data folder; its parent must exist. */
  folder: string;
  user: SystemUser | undefined;
  /** Of the superuser `postgres`. */
  password: string;
  /** Lines of postgresql.conf, as `name=value`. */
  settings: readonly string[];
  /** A folder to delete when the server has ended. */
  scratch?: string | undefined;
  /** Where it has to be found again; unset: any free port. */
  port?: number | undefined;
}

export interface RunningCluster {
  port: number;
  child: Child;
}

/** Makes the cluster when there is none, and starts it on the loopback interface. */
export async function startCluster(cluster: Cluster): Promise<RunningCluster> {
  if (!existsSync(join(cluster.folder, 'PG_VERSION'))) initialise(cluster);
  for (let attempt = 1; ; attempt++) {
    const running = await tryPort(cluster, cluster.port ?? (await freePort()));
    if (running) return running;
    // Somebody else may have taken the port in between.
    if (attempt === 3) throw new Error(`PostgreSQL did not start: ${lastWords(cluster)}`);
  }
}

/** The server that runs on a data folder, by its own lock file; null: none. */
export function runningServer(folder: string): { pid: number; port: number } | null {
  const lock = readLock(folder);
  return lock && isServerOf(lock.pid, folder) ? lock : null;
}

/** Removes a lock file that a killed server left behind, whose process number may belong to another program by now. */
export function removeStaleLock(folder: string): void {
  if (!runningServer(folder)) rmSync(join(folder, 'postmaster.pid'), { force: true });
}

/** `postgresql://…` of a database on the cluster. */
export function clusterUrl(port: number, user: string, password: string, database: string): string {
  return `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`;
}

/** Built beside its place and renamed, so that an interrupted start leaves no half-made cluster. */
function initialise(cluster: Cluster): void {
  const draft = `${cluster.folder}.new`;
  const passwordFile = `${cluster.folder}.password`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, `${cluster.password}\n`, { mode: 0o600 });
  for (const path of cluster.user ? [draft, passwordFile] : []) {
    chownSync(path, cluster.user?.uid ?? 0, cluster.user?.gid ?? 0);
  }
  const complaint = CHARACTER_TYPES.reduce<string | null>(
    (problem, characters) => problem && runInitdb(cluster, draft, passwordFile, characters),
    'not tried',
  );
  rmSync(passwordFile);
  if (complaint) throw new Error(`PostgreSQL could not be set up: ${complaint}`);
  renameSync(draft, cluster.folder);
}

// pg_trgm asks the C library what a letter is, whatever provider sorts: under plain C it would leave every word that is not
// ASCII out of its index. The first that the system knows.
const CHARACTER_TYPES = ['C.UTF-8', 'en_US.UTF-8', 'C'];

/** Null when it worked, else what it complained about. */
function runInitdb(cluster: Cluster, folder: string, passwordFile: string, characters: string): string | null {
  const made = spawnSync(
    join(cluster.programs, 'bin', 'initdb'),
    // C.UTF-8 is built in: the same order everywhere, and no index breaks when the system's C library changes. Names are
    // sorted with an explicit COLLATE "und-x-icu".
    [
      `--pgdata=${folder}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      `--lc-ctype=${characters}`,
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      ...(cluster.settings.includes('fsync=off') ? ['--no-sync'] : []),
    ],
    { ...cluster.user, cwd: '/', encoding: 'utf8', env: {} },
  );
  if (made.status === 0) return null;
  return made.error?.message ?? made.stderr.trim().replaceAll(/\s*\n\s*/g, ' ');
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

/** Undefined when the server gave up. */
async function tryPort(cluster: Cluster, port: number): Promise<RunningCluster | undefined> {
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', ...cluster.settings];
  const output = openSync(logFile(cluster), 'w', 0o600);
  const child = await startChild(
    join(cluster.programs, 'bin', 'postgres'),
    ['-D', cluster.folder, ...settings.flatMap((setting) => ['-c', setting])],
    { user: cluster.user, output, scratch: cluster.scratch },
  );
  closeSync(output);
  while (child.running()) {
    if (readLock(cluster.folder)?.pid === child.pid && isReady(cluster.folder)) return { port, child };
    await pause(15);
  }
  return undefined;
}

function lastWords(cluster: Cluster): string {
  const lines = readFileSync(logFile(cluster), 'utf8').trim().split('\n');
  return lines.findLast((line) => line.includes('FATAL')) ?? lines.at(-1) ?? '';
}

/** Beside the data folder, which initdb wants for itself. */
function logFile(cluster: Cluster): string {
  return join(dirname(cluster.folder), 'postgres.log');
}

// postmaster.pid: process, folder, start time, port, socket folder, address, shared memory, status
function readLock(folder: string): { pid: number; port: number } | null {
  const lines = lockLines(folder);
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 && port > 0 ? { pid, port } : null;
}

function isReady(folder: string): boolean {
  return lockLines(folder)[7]?.trim() === 'ready';
}

function lockLines(folder: string): string[] {
  try {
    return readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

function isServerOf(pid: number, folder: string): boolean {
  const command = existsSync('/proc/self/cmdline')
    ? readIfThere(`/proc/${pid}/cmdline`)
    : spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  return command.includes(folder);
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
