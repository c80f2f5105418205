import { type AddressInfo, createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type JobWorker, startWorker, sweep } from '../../jobs/worker.ts';
import { sql } from '../../src/platform/db.ts';
import { enqueue } from '../../src/queue/enqueue.ts';
import type { Services } from '../../src/web/services.ts';
import { BACKENDS, until } from './backends.ts';
import { jobRow, letterState, makeQueuedPortal, postLetter, type QueuedPortal } from './make.ts';

describe.each(BACKENDS)('jobs on %s', (backend) => {
  let portal: QueuedPortal;
  let web: Services;
  const workers: JobWorker[] = [];

  beforeAll(async () => {
    portal = await makeQueuedPortal(backend);
    web = await portal.process();
  });
  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.stop();
  });
  afterAll(() => portal.close());

  /** As if its holder had died, and its lease had ended so long ago. */
  const lapse = (job: string, seconds: number) =>
    portal.database.prisma.$executeRaw(sql`
      update job set attempts = attempts + 1, due_at = now() - interval '1 hour',
                     leased_until = now() - ${seconds} * interval '1 second'
      where id = ${job}::uuid`);

  async function work(): Promise<JobWorker> {
    const worker = await startWorker(await portal.process());
    workers.push(worker);
    return worker;
  }

  const done = (id: string) => until(async () => (await jobRow(portal, id)) === null);

  test('a job is done by another process, and its row is gone', async () => {
    await work();
    const job = await postLetter(web, 'first@example.com');
    await done(job);
    expect(await letterState(portal, 'first@example.com')).toMatchObject({ state: 'kept' });
  });

  test('a job exists exactly if the transaction that wanted it was committed', async () => {
    const failed = web.tenancy.inPortal(async (db) => {
      await postLetter({ tenancy: { ...web.tenancy, inPortal: (use) => use(db) } }, 'nobody@example.com');
      throw new Error('on purpose');
    });
    await expect(failed).rejects.toThrow('on purpose');
    expect(await letterState(portal, 'nobody@example.com')).toBeNull();
    const rows = await portal.database.prisma.$queryRaw<unknown[]>(sql`select id from job where name = 'mail.send'`);
    expect(rows).toEqual([]);
  });

  test('a wake that was lost is made up for by the sweeper', async () => {
    const lost = await portal.process();
    const job = await postLetter(lost, 'lost@example.com');
    await lost.queue.close();
    await portal.forgetQueue();
    const services = await portal.process();
    workers.push(await startWorker(services));
    await sweep(services);
    await done(job);
  });

  test('a mail server that takes letters and never answers is nothing that other jobs wait for', async () => {
    const server = createServer((socket) => void socket.on('error', () => {}));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as AddressInfo;
    const services = await portal.process();
    const config = { ...services.config, smtpUrl: `smtp://127.0.0.1:${port}` };
    const letters = [];
    for (let n = 0; n < 6; n++) letters.push(await postLetter(web, `held-up-${n}@example.com`));
    workers.push(await startWorker({ ...services, config }));
    const other = await web.tenancy.inPortal((db) => enqueue(db, 'imports.expire', {}));
    await done(other);
    const waiting = await Promise.all(letters.map((letter) => jobRow(portal, letter)));
    expect(waiting.filter((row) => row !== null && row.attempts < 2)).toHaveLength(6);
    for (const letter of letters)
      await portal.database.prisma.$executeRaw(sql`delete from job where id = ${letter}::uuid`);
    server.close();
  });

  test('what a killed worker held goes on when its lease has run out, and not before', async () => {
    const job = await postLetter(web, 'held@example.com');
    await portal.database.prisma.$executeRaw(
      sql`update job set attempts = 1, leased_until = now() + interval '1 hour' where id = ${job}::uuid`,
    );
    await work();
    const other = await postLetter(web, 'other@example.com');
    await sweep(web);
    await done(other);
    expect(await jobRow(portal, job)).toMatchObject({ attempts: 1, leased: true });
    await portal.database.prisma.$executeRaw(
      sql`update job set leased_until = now() - interval '1 second' where id = ${job}::uuid`,
    );
    await sweep(web);
    await done(job);
  });

  test('what was held by one killed worker after another does not wait for the queue to notice', async () => {
    const taken: string[] = [];
    let end = () => {};
    const forever = new Promise<void>((resolve) => {
      end = resolve;
    });
    const take = (id: string) => {
      taken.push(id);
      return forever;
    };
    const dying = await (await portal.process()).queue.work(take, { concurrency: 2 });
    try {
      const job = await postLetter(web, 'held-twice@example.com');
      await until(() => taken.length === 1);
      await lapse(job, 20);
      await sweep(web);
      await until(() => taken.length === 2);
      await lapse(job, 10);
      await work();
      await sweep(web);
      await done(job);
    } finally {
      end();
      await dying.close();
    }
  });

  test('many workers share the jobs: each letter is handled once', async () => {
    await Promise.all([work(), work()]);
    const addresses = Array.from({ length: 20 }, (_, n) => `person-${n}@example.com`);
    const jobs = await Promise.all(addresses.map((to) => postLetter(web, to)));
    await Promise.all(jobs.map(done));
    const rows = await portal.database.prisma.$queryRaw<{ attempts: bigint }[]>(
      sql`select attempts from outbox where address like 'person-%'`,
    );
    expect(rows.map(({ attempts }) => Number(attempts))).toEqual(addresses.map(() => 1));
  });
});
