import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openRandom } from '../../src/demo/random.ts';
import { type Closers, openServices } from '../../src/open-services.ts';
import { type Channels, openChannels } from '../../src/platform/channels.ts';
import type { Child } from '../../src/platform/children.ts';
import { readConfig } from '../../src/platform/config.ts';
import { freePort } from '../../src/platform/postgres.ts';
import { postgresUser } from '../../src/platform/postgres-user.ts';
import type { Services } from '../../src/web/services.ts';
import { query } from '../bench/build/cluster.ts';
import { site } from '../bench/load.ts';
import { answers, startProgram } from '../bench/processes.ts';
import { makeScratch } from '../setup/services.ts';
import { type Standin, startStandin } from '../standin/twilio.ts';
import type { Options } from './options.ts';
import { type Postgres, startPostgres } from './postgres.ts';
import { program } from './program.ts';
import { type Redis, startRedis } from './redis.ts';

export const TOKEN = 'the token of the faults';
export const FROM = '+15005550006';

/** What the faults are put into: servers, a stand-in for Twilio in this process, a web process, and workers as they are wanted. */
export interface Stage {
  options: Options;
  /** 0 ≤ n < 1, the same again for the same seed */
  random: () => number;
  postgres: Postgres;
  redis: Redis;
  standin: Standin;
  /** of this process, to arrange and to ask by the product's own verbs */
  services: Services;
  channels: Channels;
  /** of the web process */
  url: string;
  port: number;
  /** the one that was started last */
  readonly web: Child;
  /** Another web process at the same address, where the one before has ended. Resolves before it answers. */
  startWeb(): Promise<Child>;
  /** `queue`: where it lives for this worker; `settings`: what is otherwise for it than for all. */
  startWorker(queue?: 'redis' | 'postgres', settings?: Record<string, string>): Promise<Child>;
  /** Another program on the same servers. */
  start(name: string, file: string, args: string[]): Promise<Child>;
  ask<Row extends Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  /** the last words of every program that was started */
  lastWords(): string;
  close(): Promise<void>;
}

export async function openStage(options: Options): Promise<Stage> {
  const scratch = makeScratch(postgresUser());
  const random = openRandom(options.seed).next;
  const [postgres, redis] = await Promise.all([startPostgres(scratch), startRedis()]);
  const standin = await startStandin({ token: TOKEN, journal: join(scratch, 'journal.jsonl') });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = environment({ scratch, port, url, postgres, redis, standin });
  const children = new Map<string, Child>();
  const closers: Closers = [];

  const start = async (name: string, file: string, args: string[], settings = env) => {
    const unique = `${name}-${children.size}`;
    const child = await startProgram(unique, scratch, file, args, settings);
    children.set(unique, child);
    return child;
  };
  const close = async () => {
    await Promise.all([...children.values()].map(end));
    for (const each of closers.reverse()) await each().catch(() => undefined);
    await standin.close();
    await Promise.all([postgres.stop(), redis.stop()]);
    rmSync(scratch, { recursive: true, force: true });
  };
  const lastWords = () => [...children.keys()].map((name) => tail(join(scratch, `${name}.log`), name)).join('\n');
  let web: Child;
  const startWeb = async () => {
    web = await start('web', program('src', 'server'), ['web']);
    return web;
  };
  try {
    const first = await startWeb();
    const config = readConfig(env);
    const services = await openServices(config, postgres.url, closers);
    await answers('web-0', scratch, first, site(port), '/healthz');
    const worker = program('test', 'faults', 'worker');
    const { REDIS_URL: _, ...withoutRedis } = env;
    return {
      ...{ options, random, postgres, redis, standin, services, url, port, startWeb, lastWords, close },
      get web() {
        return web;
      },
      channels: await openChannels(config),
      startWorker: (queue = 'redis', settings = {}) =>
        start('worker', worker, [String(options.lease), String(options.sweep)], {
          ...(queue === 'redis' ? env : withoutRedis),
          ...settings,
        }),
      start: (name, file, args) => start(name, file, args),
      ask: (text, values) => query(postgres.superuserUrl, text, values),
    };
  } catch (error) {
    process.stderr.write(`${lastWords()}\n`);
    await close();
    throw error;
  }
}

interface Places {
  scratch: string;
  port: number;
  url: string;
  postgres: Postgres;
  redis: Redis;
  standin: Standin;
}

const environment = ({ scratch, port, url, postgres, redis, standin }: Places): Record<string, string> => ({
  NODE_ENV: 'production',
  PORT: String(port),
  PUBLIC_URL: url,
  DATA_DIR: join(scratch, 'data'),
  DATABASE_URL: postgres.url,
  REDIS_URL: redis.url,
  SESSION_SECRET: 'the secret of the faults',
  PHONE_KEY: 'the key of the faults',
  TWILIO_API_URL: standin.url,
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: TOKEN,
  TWILIO_FROM: FROM,
  DEMO: '0',
});

/** One that stands still would not hear that it is to end. */
async function end(child: Child): Promise<void> {
  if (child.running()) process.kill(child.pid, 'SIGCONT');
  await child.stop(5_000);
}

function tail(file: string, name: string): string {
  const text = readFileSync(file, 'utf8').trim();
  return text === '' ? '' : `--- ${name}\n${text.slice(-800)}`;
}
