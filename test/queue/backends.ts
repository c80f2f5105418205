import { createClient } from 'redis';
import { newId } from '../../src/kernel/id.ts';
import { openDatabase, sql } from '../../src/platform/db.ts';
import { openQueue, type Queue } from '../../src/platform/queue.ts';
import { redisUrl } from '../setup/redis.ts';

export const BACKENDS = ['PostgreSQL', 'Redis'] as const;
export type Backend = (typeof BACKENDS)[number];

// A database of this worker process alone: it may be emptied.
const OWN_REDIS = `/${8 + (Number(process.env.JEST_WORKER_ID) % 8)}`;

/** Opens queues of one name, as several processes do. */
export function queuesOn(backend: Backend, databaseUrl: string) {
  const name = `test-${newId()}`;
  const url = new URL(OWN_REDIS, redisUrl()).href;
  const opened: Queue[] = [];
  return {
    open: async (): Promise<Queue> => {
      const queue = await openQueue({ databaseUrl, redisUrl: backend === 'Redis' ? url : undefined, name });
      opened.push(queue);
      // Redis is connected to in the background.
      await until(() => queue.ready());
      return queue;
    },
    /** The queue forgets everything, as a flushed Redis does. */
    forget: () => (backend === 'Redis' ? forgetRedis(url) : forgetPostgres(databaseUrl)),
    close: async () => {
      for (const queue of opened) await queue.close();
    },
  };
}

async function forgetRedis(url: string): Promise<void> {
  const client = await createClient({ url }).connect();
  await client.flushDb();
  client.destroy();
}

async function forgetPostgres(url: string): Promise<void> {
  const database = openDatabase(url, 1);
  await database.prisma.$executeRaw(sql`delete from bullmq.job`);
  await database.close();
}

/** Resolves as soon as it holds; the test's own time limit ends the waiting. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}
