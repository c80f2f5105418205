import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { seedDemo } from '../../src/demo/demo.ts';
import type { Child } from '../../src/platform/children.ts';
import { freePort } from '../../src/platform/postgres.ts';
import { postgresUser } from '../../src/platform/postgres-user.ts';
import { rootPath } from '../../src/platform/root.ts';
import { site } from '../bench/load.ts';
import { answers, startProgram } from '../bench/processes.ts';
import { type Everything, makeEverything } from '../browser/everything.ts';
import { makeApp, type TestApp } from '../make.ts';
import { PHONE_KEY } from '../setup/phone-key.ts';
import { makeScratch, startServices } from '../setup/services.ts';
import { plantCanaries } from './canaries.ts';
import type { Options } from './options.ts';
import { type Attackers, makeAttackers } from './people.ts';

/** The portal as it is attacked: servers of its own, a web process and a worker as in production, the demo and one of everything. */
export interface Stage {
  options: Options;
  port: number;
  url: string;
  /** a folder for what the tools read and write */
  scratch: string;
  /** this process's own hand in the same database: to arrange and to look */
  portal: TestApp;
  /** what belongs to the company that attacks */
  own: Everything;
  attackers: Attackers;
  web: Child;
  /** Does something while no job is done. */
  withoutJobs<T>(work: () => Promise<T>): Promise<T>;
  /** the last words of the portal's processes */
  logs: readonly string[];
  close(): Promise<void>;
}

export async function openStage(options: Options): Promise<Stage> {
  const folder = makeScratch(postgresUser());
  const scratch = join(realpathSync(folder), 'attack');
  mkdirSync(scratch);
  const servers = await startServices();
  const closers: (() => Promise<unknown>)[] = [
    async () => rmSync(folder, { recursive: true, force: true }),
    () => servers.stop(),
  ];
  const close = async () => {
    for (const each of closers.reverse()) await each().catch(() => undefined);
  };
  try {
    const [portal, port] = [await makeApp(), await freePort()];
    closers.push(() => portal.close());
    const url = `http://127.0.0.1:${port}`;
    await seedDemo(portal.tenancy, new Date());
    await plantCanaries(portal);
    const own = await makeEverything(portal);
    const env = environment(portal, port, url);
    const server = rootPath('src', 'server.ts');
    const web = await startProgram('web', scratch, server, ['web'], env);
    closers.push(() => web.stop(5_000));
    await answers('web', scratch, web, site(port), '/readyz');
    const worker = await startProgram('worker', scratch, server, ['worker'], env);
    closers.push(() => worker.stop(5_000));
    const attackers = await makeAttackers(portal, own, port);
    const logs = [join(scratch, 'web.log'), join(scratch, 'worker.log')];
    return {
      options,
      port,
      url,
      scratch,
      portal,
      own,
      attackers,
      web,
      withoutJobs: standingStill(worker),
      logs,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const standingStill =
  ({ pid }: Child) =>
  async <T>(work: () => Promise<T>): Promise<T> => {
    process.kill(pid, 'SIGSTOP');
    try {
      return await work();
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  };

const environment = ({ services: { config } }: TestApp, port: number, url: string): Record<string, string> => ({
  NODE_ENV: 'production',
  PORT: String(port),
  PUBLIC_URL: url,
  DATA_DIR: config.dataDir,
  DATABASE_URL: config.databaseUrl ?? '',
  REDIS_URL: process.env.TEST_REDIS_URL ?? '',
  SESSION_SECRET: 'the secret of the attacked sessions',
  PHONE_KEY,
  DEMO: '0',
});
