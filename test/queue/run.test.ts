import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runJob } from '../../jobs/run.ts';
import { timetable } from '../../jobs/schedule.ts';
import { newId } from '../../src/kernel/id.ts';
import { sql } from '../../src/platform/db.ts';
import { type Mailer, openMailer } from '../../src/platform/mail.ts';
import { finish, giveUp, handBack, type Lease, lease, renew, retry } from '../../src/queue/lease.ts';
import { planRegular } from '../../src/queue/timetable.ts';
import { makeApp, type TestApp } from '../make.ts';
import { jobRow, letterState, postLetter } from './make.ts';

let portal: TestApp;
let unreachable: Mailer;

beforeAll(async () => {
  portal = await makeApp();
  unreachable = openMailer({ smtpUrl: 'smtp://127.0.0.1:1', mailFrom: 'portal@example.com' }) as Mailer;
});
afterAll(async () => {
  unreachable.close();
  await portal.close();
});

const run = (job: string, mailer: Mailer | null = null, stopping = new AbortController().signal) =>
  runJob({ services: portal.services, mailer, stopping }, job);

const set = (job: string, change: ReturnType<typeof sql>) =>
  portal.database.prisma.$executeRaw(sql`update job set ${change} where id = ${job}::uuid`);

async function secondsAway(job: string): Promise<number> {
  const rows = await portal.database.prisma.$queryRaw<{ away: number }[]>(
    sql`select extract(epoch from due_at - now())::float8 as away from job where id = ${job}::uuid`,
  );
  return rows[0]?.away ?? Number.NaN;
}

describe('a job that fails', () => {
  test('waits longer each time, with its error written down', async () => {
    const job = await postLetter(portal, 'unlucky@example.com');
    for (const [attempt, seconds] of [15, 60, 240, 960, 3600, 3600].entries()) {
      await set(job, sql`due_at = now()`);
      await run(job, unreachable);
      expect(await jobRow(portal, job)).toMatchObject({ attempts: attempt + 1, leased: false, due: 'later' });
      const away = await secondsAway(job);
      expect(away).toBeGreaterThan(seconds - 5);
      expect(away).toBeLessThan(seconds * 1.1);
    }
    expect((await jobRow(portal, job))?.last_error).toContain('ECONNREFUSED');
    expect(await letterState(portal, 'unlucky@example.com')).toMatchObject({ state: 'waiting', sent: false });
  });

  test('is not run again before its time', async () => {
    const job = await postLetter(portal, 'patient@example.com');
    await set(job, sql`due_at = now() + interval '1 minute'`);
    await run(job);
    expect(await jobRow(portal, job)).toMatchObject({ attempts: 0, due: 'later' });
  });

  test('is given up after its last try: the row stays with its error and is never due again', async () => {
    const job = await postLetter(portal, 'hopeless@example.com');
    await set(job, sql`attempts = 11`);
    await run(job, unreachable);
    expect(await jobRow(portal, job)).toMatchObject({ attempts: 12, leased: false, due: 'never' });
    const letter = await letterState(portal, 'hopeless@example.com');
    expect(letter).toMatchObject({ state: 'failed' });
    expect(letter?.last_error).toContain('ECONNREFUSED');
  });

  test('is given up without another try when the process was killed every time', async () => {
    const job = await postLetter(portal, 'deadly@example.com');
    await set(job, sql`attempts = 12, leased_until = now() - interval '1 second'`);
    await run(job);
    expect(await jobRow(portal, job)).toMatchObject({ due: 'never', last_error: expect.stringContaining('ended') });
    expect(await letterState(portal, 'deadly@example.com')).toMatchObject({ state: 'failed' });
  });

  test('is given up in the end also when nobody can read what it is about', async () => {
    const job = await postLetter(portal, 'garbled@example.com');
    await set(job, sql`payload = '{"letterId": 7}', attempts = 11`);
    await run(job);
    expect(await jobRow(portal, job)).toMatchObject({ due: 'never' });
  });

  test('waits for the version that knows its name, however long', async () => {
    const job = newId();
    await portal.database.prisma.$executeRaw(
      sql`insert into job (id, name, attempts) values (${job}::uuid, 'name.of.tomorrow', 50)`,
    );
    await run(job);
    expect(await jobRow(portal, job)).toMatchObject({ attempts: 51, due: 'later' });
  });
});

describe('a lease', () => {
  const inPortal = portalOf(() => portal);
  const take = (job: string) => inPortal((db) => lease(db, job)) as Promise<Lease>;

  test('is given to one of many who ask at once', async () => {
    const job = await postLetter(portal, 'wanted@example.com');
    const taken = await Promise.all(Array.from({ length: 8 }, () => take(job)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  test('that has run out and was taken is worth nothing to its first holder', async () => {
    const job = await postLetter(portal, 'late@example.com');
    const late = await take(job);
    await set(job, sql`leased_until = now() - interval '1 second'`);
    const next = await take(job);
    expect(await inPortal((db) => renew(db, late))).toBe(false);
    expect(await inPortal((db) => finish(db, late))).toBe(false);
    expect(await inPortal((db) => retry(db, late, 'too late'))).toBe(false);
    expect(await inPortal((db) => giveUp(db, late, 'too late'))).toBe(false);
    expect(await inPortal((db) => handBack(db, late))).toBe(false);
    expect(await jobRow(portal, job)).toMatchObject({ attempts: 2, leased: true, last_error: null });
    expect(await inPortal((db) => renew(db, next))).toBe(true);
    expect(await inPortal((db) => finish(db, next))).toBe(true);
    expect(await jobRow(portal, job)).toBeNull();
  });

  test('ends the job once: the same row woken twice at the same moment sends one letter', async () => {
    const job = await postLetter(portal, 'once@example.com');
    await Promise.all([run(job), run(job), run(job)]);
    const rows = await portal.database.prisma.$queryRaw<{ attempts: bigint }[]>(
      sql`select attempts from outbox where address = 'once@example.com'`,
    );
    expect(Number(rows[0]?.attempts)).toBe(1);
  });
});

describe('the timetable', () => {
  const inPortal = portalOf(() => portal);
  const planned = () =>
    portal.database.prisma.$queryRaw<{ name: string; due_at: Date }[]>(
      sql`select name, due_at from job where name in ('exports.expire', 'outbox.clear') order by name`,
    );

  test('has one row for each regular job, however many workers plan', async () => {
    const now = new Date('2026-11-21T10:20:00Z');
    await Promise.all([1, 2, 3, 4].map(() => inPortal((db) => planRegular(db, timetable, now))));
    expect(await planned()).toEqual([
      { name: 'exports.expire', due_at: new Date('2026-11-21T11:00:00Z') },
      { name: 'outbox.clear', due_at: new Date('2026-11-22T00:00:00Z') },
    ]);
  });

  test('plans the next time when one is done', async () => {
    await inPortal((db) => planRegular(db, timetable));
    const [due] = await portal.database.prisma.$queryRaw<{ id: string }[]>(
      sql`update job set due_at = now() where name = 'exports.expire' returning id`,
    );
    await run(due?.id ?? '');
    expect((await planned()).map(({ name }) => name)).toEqual(['outbox.clear']);
    await inPortal((db) => planRegular(db, timetable));
    const [next] = await planned();
    expect(next?.due_at.getTime()).toBeGreaterThan(Date.now());
  });
});

function portalOf(of: () => TestApp): TestApp['tenancy']['inPortal'] {
  return (work) => of().tenancy.inPortal(work);
}
