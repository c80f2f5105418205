import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openPlaces } from '../../jobs/places.ts';
import { runJob } from '../../jobs/run.ts';
import { newId } from '../../src/kernel/id.ts';
import { sql } from '../../src/platform/db.ts';
import { enqueue } from '../../src/queue/enqueue.ts';
import { lease } from '../../src/queue/lease.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { makeApp, makeCompany, type TestApp } from '../make.ts';
import { jobRow } from './make.ts';

let portal: TestApp;
let company: Company;
beforeAll(async () => {
  portal = await makeApp();
  company = await makeCompany(portal);
});
afterAll(() => portal.close());

const want = (campaignId: string, dueAt?: Date) =>
  portal.tenancy.inCompany(company, (db) => enqueue(db, 'campaign.send', { campaignId }, dueAt));

const jobsOf = (campaignId: string) =>
  portal.database.prisma.$queryRaw<{ id: string; due_at: Date }[]>(
    sql`select id, due_at from job where payload ->> 'campaignId' = ${campaignId} order by due_at`,
  );

describe('P-02 of the jobs of one campaign', () => {
  const [sooner, later] = [new Date('2030-01-01T09:00Z'), new Date('2030-01-01T10:00Z')];

  test('one waits, at the earliest moment that somebody wants it', async () => {
    const campaignId = newId();
    for (const dueAt of [later, sooner, later]) await want(campaignId, dueAt);
    expect(await jobsOf(campaignId)).toMatchObject([{ due_at: sooner }]);
    const other = newId();
    await want(other, later);
    expect(await jobsOf(other)).toHaveLength(1);
    const id = await want(campaignId);
    const [job] = await jobsOf(campaignId);
    expect(job?.id).toBe(id);
    expect(job?.due_at.getTime()).toBeLessThan(Date.now() + 1000);
  });

  test('one that runs is none that waits: what it did not see is done by the next, and there is one of those', async () => {
    const campaignId = newId();
    const running = await want(campaignId);
    expect(await portal.tenancy.inPortal((db) => lease(db, running))).not.toBeNull();
    const next = await want(campaignId);
    expect(next).not.toBe(running);
    expect(await want(campaignId, later)).toBe(next);
    expect(await jobsOf(campaignId)).toHaveLength(2);
  });

  test('a company sees no job of another kind, nor one of somebody else', async () => {
    await want(newId());
    const stranger = await makeCompany(portal);
    const seen = (whose: Company) =>
      portal.tenancy.inCompany(whose, (db) => db.query<{ name: string }>(sql`select distinct name from job`));
    await portal.tenancy.inCompany(company, (db) => enqueue(db, 'duplicates.find', {}));
    expect(await seen(company)).toEqual([{ name: 'campaign.send' }]);
    expect(await seen(stranger)).toEqual([]);
  });
});

test('P-02 campaigns leave room in a worker: a third comes again a little later, and its attempt does not count', async () => {
  const places = openPlaces();
  const [one, two] = [places.take('campaign.send'), places.take('campaign.send')];
  expect([one, two]).not.toContain(null);
  expect(places.take('mail.send')).not.toBeNull();
  const job = await want(newId());
  const bench = { services: portal.services, mailer: null, places, stopping: new AbortController().signal };
  await runJob(bench, job);
  expect(await jobRow(portal, job)).toMatchObject({ attempts: 0, leased: false, due: 'later' });
  one?.();
  await portal.database.prisma.$executeRaw(sql`update job set due_at = now() where id = ${job}::uuid`);
  await runJob(bench, job);
  expect(await jobRow(portal, job)).toBeNull();
});
