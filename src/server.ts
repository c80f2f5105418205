import closeWithGrace from 'close-with-grace';
import { startWorker } from '../jobs/worker.ts';
import { makeApp } from './app.ts';
import { demoSignIns, ensureDemo } from './demo/demo.ts';
import { openInside } from './inside.ts';
import { type Closers, openServices } from './open-services.ts';
import { machineRoom } from './ops/ops.ts';
import { type Config, ConfigError, readConfig } from './platform/config.ts';
import { findEmbedded, startEmbedded } from './platform/embedded.ts';
import { log } from './platform/log.ts';
import { migrate } from './platform/migrate.ts';
import { lookAtStart } from './restore/restore.ts';
import { beginLeaving } from './web/leaving.ts';
import { openListener } from './web/listener.ts';
import type { Services } from './web/services.ts';
import { openSessionStore } from './web/session-store.ts';

const ROLES = ['web', 'worker'] as const;
type Part = (typeof ROLES)[number];

/** What ends work, all side by side, before the connections go that it needs. */
type Leavers = ((graceSeconds: number) => Promise<void>)[];

try {
  await start(process.argv[2]);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

/** `web`, `worker`, or without an argument both in one process. */
async function start(argument: string | undefined): Promise<void> {
  const parts = partsOf(argument);
  const config = readConfig(process.env);
  const closers: Closers = [];
  const leavers: Leavers = [];
  closeWithGrace({ delay: (config.graceSeconds + 30) * 1000, logger: log }, async ({ err, signal }) => {
    if (err) log.fatal({ err }, 'the process ends');
    beginLeaving();
    // Only who replaces processes sends this one; nobody wants to wait after Ctrl-C.
    const graceSeconds = signal === 'SIGTERM' ? config.graceSeconds : 0;
    await Promise.all(leavers.map((leave) => leave(graceSeconds)));
    for (const close of closers.reverse()) await close();
  });
  const { databaseUrl, embedded } = await findDatabase(config, parts, closers);
  await migrate(databaseUrl);
  const services = await openServices(config, databaseUrl, closers);
  // Before anything is in it: a new portal beside an old journal is no restored one.
  await lookAtStart(services);
  const demo = (config.demo ?? embedded) && (await ensureDemo(services));
  if (parts.includes('worker')) {
    const worker = await startWorker(services, { inside: openInside });
    leavers.push(() => worker.stop());
    log.info('The worker waits for jobs');
  }
  if (parts.includes('web')) await startWeb(services, databaseUrl, closers, leavers);
  if (config.metricsPort) await startMachineRoom(services, config.metricsPort, closers);
  if (demo) for (const signIn of demoSignIns) say(`  ${signIn.email} / ${signIn.password}: ${signIn.who}`);
}

function partsOf(argument: string | undefined): readonly Part[] {
  if (argument === undefined) return ROLES;
  const part = ROLES.find((role) => role === argument);
  if (!part) throw new ConfigError(`"${argument}" is nothing to start: web, worker, or nothing for both`);
  return [part];
}

/** Without DATABASE_URL the portal brings its own; a second process on the same DATA_DIR joins in. */
async function findDatabase(config: Config, parts: readonly Part[], closers: Closers) {
  if (config.databaseUrl) return { databaseUrl: config.databaseUrl, embedded: false };
  const running = parts.length === 1 ? findEmbedded(config.dataDir) : null;
  if (running) return { databaseUrl: running, embedded: true };
  const { url, stop } = await startEmbedded(config.dataDir);
  closers.push(stop);
  return { databaseUrl: url, embedded: true };
}

async function startWeb(services: Services, databaseUrl: string, closers: Closers, leavers: Leavers): Promise<void> {
  const { config } = services;
  const sessions = await openSessionStore(databaseUrl, config.redisUrl);
  closers.push(() => sessions.close());
  const listener = await openListener(makeApp(services, sessions), config.port).catch((error: unknown) =>
    refusePort(error, config.port),
  );
  leavers.push((graceSeconds) => listener.leave(graceSeconds));
  say(`Clientele is open at ${config.publicUrl}`);
}

/** Until the very end: what a process does while it leaves is worth knowing too. */
async function startMachineRoom(services: Services, port: number, closers: Closers): Promise<void> {
  const listener = await openListener(machineRoom(services), port).catch((error: unknown) =>
    refusePort(error, port, 'METRICS_PORT'),
  );
  closers.push(() => listener.leave(0));
}

function refusePort(error: unknown, port: number, variable = 'PORT'): never {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
  throw new ConfigError(`${variable} ${port} cannot be used (${code}): choose another one`);
}

/** For the person at the terminal; programs read the log. */
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
