import { createPostgresBackend, createRedisBackend, type JobsOptions, withBackend } from 'bullmq';
import { createClient } from 'redis';
import { log } from './log.ts';

/** Wakes workers, nothing more: what is to be done stands in the table `job`, and this only carries ids of its rows. */
export interface Queue {
  /**
   * Some worker will look at this row, not before `dueAt`. Returns at once and never throws: a wake that gets lost is made
   * up for by the sweeper. The same row with the same time is queued once.
   */
  wake(jobId: string, dueAt?: Date): void;
  /** Calls `run` for the rows woken by any process, at most `concurrency` at a time. */
  work(run: (jobId: string) => Promise<void>, options: { concurrency: number }): Promise<QueueWorker>;
  /** Whether the queue answers right now. */
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

export interface QueueWorker {
  /** Takes no further row, and resolves when those running have ended. */
  close(): Promise<void>;
}

export interface QueueOptions {
  databaseUrl: string;
  /** set: the queue lives in Redis; unset: in the schema `bullmq` of the database */
  redisUrl?: string | undefined;
  /** Queues of the same name share their wakes. */
  name?: string;
}

/** Connections: on PostgreSQL 2, and 3 more in a process that works; on Redis 1, and 2 more. */
export async function openQueue({ databaseUrl, redisUrl, name = 'clientele' }: QueueOptions): Promise<Queue> {
  const transport = redisUrl === undefined ? await onPostgres(databaseUrl, name) : onRedis(redisUrl, name);
  const underway = new Set<Promise<unknown>>();
  return {
    wake: (jobId, dueAt) => {
      const added = add(transport, jobId, dueAt);
      underway.add(added);
      void added.then(() => underway.delete(added));
    },
    work: async (run, { concurrency }) => transport.work(run, concurrency),
    ready: () => answers(transport),
    close: async () => {
      await Promise.all(underway);
      await transport.close();
    },
  };
}

interface Transport {
  connected(): boolean;
  add(data: Wake, options: JobsOptions): Promise<unknown>;
  ask(): Promise<unknown>;
  work(run: (jobId: string) => Promise<void>, concurrency: number): QueueWorker;
  close(): Promise<void>;
}

interface Wake {
  id: string;
}

async function add(transport: Transport, jobId: string, dueAt: Date | undefined): Promise<void> {
  try {
    // What waits for a lost connection would pile up in memory and come late: the sweeper is sooner.
    if (!transport.connected()) throw new Error('the queue is not connected');
    const delay = dueAt ? Math.max(0, dueAt.getTime() - Date.now()) : 0;
    await transport.add({ id: jobId }, { jobId: dueAt ? `${jobId}.${dueAt.getTime()}` : jobId, delay, ...ONCE });
  } catch (error) {
    log.warn({ err: error, job: jobId }, 'a wake was lost; the sweeper will find the job');
  }
}

// Retries are counted in the row. A finished wake must leave, or its id would be refused the next time.
const ONCE = { attempts: 1, removeOnComplete: true, removeOnFail: true } satisfies JobsOptions;

async function answers(transport: Transport): Promise<boolean> {
  if (!transport.connected()) return false;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, 2_000, new Error('no answer within 2 seconds'));
  });
  try {
    await Promise.race([transport.ask(), late]);
    return true;
  } catch (error) {
    log.warn({ err: error }, 'the queue does not answer');
    return false;
  } finally {
    clearTimeout(timer);
  }
}

async function onPostgres(connectionString: string, name: string): Promise<Transport> {
  const { Queue, Worker } = withBackend(createPostgresBackend);
  const queue = new Queue<Wake, void, string>(name, { connection: { connectionString, max: 2, migrate: true } });
  queue.on('error', complain);
  await queue.waitUntilReady();
  return {
    connected: () => true,
    add: (data, options) => queue.add('wake', data, options),
    ask: () => queue.getWaitingCount(),
    work: (run, concurrency) => {
      const connection = { connectionString, max: 2 };
      const worker = new Worker<Wake, void, string>(name, (job) => run(job.data.id), { connection, concurrency });
      worker.on('error', complain);
      return worker;
    },
    close: () => queue.close(),
  };
}

/** Does not wait for Redis: a portal starts without it, and finds it when it comes. */
function onRedis(url: string, name: string): Transport {
  const { Queue, Worker } = withBackend(createRedisBackend);
  const client = connect(url);
  const queue = new Queue<Wake, void, string>(name, { connection: client });
  queue.on('error', complain);
  return {
    connected: () => client.isReady,
    add: (data, options) => queue.add('wake', data, options),
    ask: () => client.ping(),
    work: (run, concurrency) => {
      const own = connect(url);
      const running = new Set<Promise<void>>();
      const start = (id: string) => {
        const job = run(id).finally(() => running.delete(job));
        running.add(job);
        return job;
      };
      const worker = new Worker<Wake, void, string>(name, (job) => start(job.data.id), {
        connection: own,
        concurrency,
      });
      worker.on('error', complain);
      return { close: () => closeWorker(worker, own, running) };
    },
    close: () => queue.close().finally(() => client.destroy()),
  };
}

/** A worker waits for a Redis that is away before it closes; the jobs that run do not need one. */
async function closeWorker(
  worker: Closable,
  own: ReturnType<typeof connect>,
  running: Set<Promise<void>>,
): Promise<void> {
  if (own.isReady) {
    await worker.close();
  } else {
    await Promise.allSettled(running);
    worker.close(true).catch(complain);
  }
  own.destroy();
}

interface Closable {
  close(force?: boolean): Promise<void>;
}

function connect(url: string) {
  const client = createClient({ url });
  client.on('error', complain);
  return client;
}

function complain(error: Error): void {
  log.warn({ err: error }, 'the queue has trouble');
}
