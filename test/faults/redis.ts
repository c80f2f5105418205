import { createClient } from 'redis';
import { type Child, startChild } from '../../src/platform/children.ts';
import { freePort } from '../../src/platform/postgres.ts';
import { findRedis } from '../setup/programs.ts';
import { until } from './wait.ts';

/** A Redis that keeps nothing, and can be made to fall. */
export interface Redis {
  url: string;
  flush(): Promise<void>;
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export async function startRedis(): Promise<Redis> {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let child = await launch(port, url);
  return {
    url,
    flush: () => ask(url, (client) => client.flushAll()),
    kill: async () => {
      process.kill(child.pid, 'SIGKILL');
      await child.ended;
    },
    start: async () => {
      child = await launch(port, url);
    },
    stop: () => child.stop(),
  };
}

async function launch(port: number, url: string): Promise<Child> {
  const child = await startChild(findRedis(), [
    ...['--port', String(port), '--bind', '127.0.0.1'],
    ...['--save', '', '--appendonly', 'no', '--daemonize', 'no'],
  ]);
  const answers = () =>
    ask(url, (client) => client.ping()).then(
      () => true,
      () => false,
    );
  if (await until(async () => !child.running() || answers(), 15)) return child;
  throw new Error('redis-server did not start');
}

async function ask(url: string, work: (client: ReturnType<typeof createClient>) => Promise<unknown>): Promise<void> {
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  client.on('error', () => {});
  await client.connect();
  try {
    await work(client as ReturnType<typeof createClient>);
  } finally {
    client.destroy();
  }
}
