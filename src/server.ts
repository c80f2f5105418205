import type { Server } from 'node:http';
import closeWithGrace from 'close-with-grace';
import { startWorker } from '../jobs/worker.ts';
import { makeApp } from './app.ts';
import { demoSignIns, ensureDemo } from './demo/demo.ts';
import { type Closers, openServices } from './open-services.ts';
import { type Config, ConfigError, readConfig } from './platform/config.ts';
import { findEmbedded, startEmbedded } from './platform/embedded.ts';
import { log } from './platform/log.ts';
import { migrate } from './platform/migrate.ts';
import type { Services } from './web/services.ts';
import { openSessionStore } from './web/session-store.ts';

const ROLES = ['web', 'worker'] as const;
type Part = (typeof ROLES)[number];

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
  closeWithGrace({ delay: 30_000, logger: log }, async ({ err }) => {
    if (err) log.fatal({ err }, 'the process ends');
    for (const close of closers.reverse()) await close();
  });
  const { databaseUrl, embedded } = await findDatabase(config, parts, closers);
  await migrate(databaseUrl);
  const services = await openServices(config, databaseUrl, closers);
  const demo = (config.demo ?? embedded) && (await ensureDemo(services));
  if (parts.includes('worker')) {
    const worker = await startWorker(services);
    closers.push(() => worker.stop());
    log.info('The worker waits for jobs');
  }
  if (parts.includes('web')) await startWeb(services, databaseUrl, closers);
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

async function startWeb(services: Services, databaseUrl: string, closers: Closers): Promise<void> {
  const { config } = services;
  const sessions = await openSessionStore(databaseUrl, config.redisUrl);
  closers.push(() => sessions.close());
  const server = await listen(makeApp(services, sessions).listen(config.port), config.port);
  closers.push(() => closeServer(server));
  say(`Clientele is open at ${config.publicUrl}`);
}

/** For the person at the terminal; programs read the log. */
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function listen(server: Server, port: number): Promise<Server> {
  // Whoever sends slower than this holds a connection that others need.
  server.headersTimeout = 20_000;
  server.requestTimeout = 60_000;
  return new Promise((resolve, reject) => {
    server.once('listening', () => resolve(server));
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      reject(taken ? new ConfigError(`PORT ${port} cannot be used (${error.code}): choose another one`) : error);
    });
  });
}

/** Takes no further request and waits for those that run. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
