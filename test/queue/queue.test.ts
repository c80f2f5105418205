import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '../../src/kernel/id.ts';
import { openQueue } from '../../src/platform/queue.ts';
import { type TestDatabase, testDatabase } from '../setup/database.ts';
import { BACKENDS, queuesOn, until } from './backends.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});

afterAll(() => database.close());

describe.each(BACKENDS)('the queue on %s', (backend) => {
  let queues: ReturnType<typeof queuesOn>;
  const setUp = () => {
    queues = queuesOn(backend, database.url);
    return queues;
  };
  afterEach(() => queues.close());

  test('wakes a worker of another process with the id of the row', async () => {
    const { open } = setUp();
    const [web, other] = [await open(), await open()];
    const ran: string[] = [];
    const worker = await other.work(async (id) => void ran.push(id), { concurrency: 2 });
    const ids = [newId(), newId(), newId()];
    for (const id of ids) web.wake(id);
    await until(() => ran.length === 3);
    await worker.close();
    expect(ran.sort()).toEqual(ids.sort());
  });

  test('queues the same row for the same time once, and again when it ran', async () => {
    const queue = await setUp().open();
    const [id, last] = [newId(), newId()];
    const ran: string[] = [];
    for (let times = 0; times < 5; times++) queue.wake(id);
    const worker = await queue.work(async (woken) => void ran.push(woken), { concurrency: 1 });
    await until(() => ran.length > 0);
    queue.wake(last);
    await until(() => ran.includes(last));
    expect(ran).toEqual([id, last]);
    await until(() => {
      queue.wake(id);
      return ran.length > 2;
    });
    await worker.close();
  });

  test('lets a row wait for its time', async () => {
    const queue = await setUp().open();
    const dueAt = new Date(Date.now() + 300);
    const ran: { id: string; at: number }[] = [];
    const [later, now] = [newId(), newId()];
    const worker = await queue.work(async (id) => void ran.push({ id, at: Date.now() }), { concurrency: 1 });
    queue.wake(later, dueAt);
    queue.wake(now);
    await until(() => ran.length === 2);
    await worker.close();
    expect(ran.map(({ id }) => id)).toEqual([now, later]);
    expect(ran[1]?.at).toBeGreaterThanOrEqual(dueAt.getTime() - 5);
  });

  test('goes on after a job that threw, and closes when what runs has ended', async () => {
    const queue = await setUp().open();
    let finished = false;
    const started = new Set<string>();
    const [bad, slow] = [newId(), newId()];
    const worker = await queue.work(
      async (id) => {
        started.add(id);
        if (id === bad) throw new Error('on purpose');
        await until(() => closing !== null);
        finished = true;
      },
      { concurrency: 2 },
    );
    let closing: Promise<void> | null = null;
    queue.wake(bad);
    queue.wake(slow);
    await until(() => started.size === 2);
    closing = worker.close();
    await closing;
    expect(finished).toBe(true);
  });

  test('tells that it is ready', async () => {
    const queue = await setUp().open();
    expect(await queue.ready()).toBe(true);
  });
});

test('without its Redis the queue opens, is not ready, loses wakes without a word to the caller, and closes', async () => {
  const queue = await openQueue({ databaseUrl: database.url, redisUrl: 'redis://127.0.0.1:1' });
  expect(await queue.ready()).toBe(false);
  queue.wake(newId());
  const worker = await queue.work(async () => {}, { concurrency: 1 });
  await worker.close();
  await queue.close();
});
