import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { ingestMessages, ingestOrders } from '../../src/ingest/ingest.ts';
import { sql } from '../../src/platform/db.ts';
import { planBacklog } from '../../src/reviews/reviews.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { apiKey, makeApp, makeCompany, memberOf, type TestApp } from '../make.ts';
import { keyOfPhone } from '../setup/phone-key.ts';
import { bad, nextPhone, ordered, publishAll, seller, words, write } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

interface Dealing {
  phone_key: string;
  by_portal: boolean;
  first_at: Date;
  last_at: Date;
  counted_on: Date | null;
}

const dealings = (company: Company) =>
  portal.tenancy.inCompany(company, (db) => db.query<Dealing>(sql`select * from dealing order by first_at, phone_key`));

const NOW = new Date('2026-11-22T10:00:00Z');
const body = (externalId: string, phone: string, placedAt = '2026-11-20T10:00:00Z') => ({
  externalId,
  placedAt,
  currency: 'UAH',
  total: '10.00',
  customer: { phones: [phone] },
});
const phones = (count: number) => Array.from({ length: count }, nextPhone);
const push = (company: Company, items: object[], { now = NOW, byPortal = false } = {}) =>
  ingestOrders(portal.tenancy, company, items, now, byPortal);

describe('proof of dealing', () => {
  test('what the portal pushes always counts, without a budget', async () => {
    const company = await makeCompany(portal);
    await push(
      company,
      phones(120).map((phone, n) => body(`A-${n}`, phone)),
      { byPortal: true },
    );
    expect((await dealings(company)).filter((row) => row.by_portal && row.counted_on).length).toBe(120);
  });

  test('a company’s own key opens 50 new numbers a day, and goes on the next day', async () => {
    const company = await makeCompany(portal);
    const many = phones(60).map((phone, n) => body(`A-${n}`, phone));
    await push(company, many.slice(0, 30));
    await push(company, many.slice(30));
    const opened = async () => (await dealings(company)).filter((row) => row.counted_on).length;
    expect([(await dealings(company)).length, await opened()]).toEqual([60, 50]);
    const again = many.map((order) => ({ ...order, total: '11.00' }));
    await push(company, again);
    expect(await opened()).toBe(50);
    await push(
      company,
      again.map((order) => ({ ...order, total: '12.00' })),
      { now: new Date('2026-11-23T10:00:00Z') },
    );
    expect(await opened()).toBe(60);
  });

  test('the day is that of the company’s zone', async () => {
    const company = await makeCompany(portal, { timezone: 'Pacific/Auckland' });
    const [first, second, third] = [phones(50), phones(50), phones(1)];
    const orders = (of: string[], name: string) => of.map((phone, n) => body(`${name}-${n}`, phone));
    await push(company, orders(first, 'A'), { now: new Date('2026-11-21T10:30:00Z') });
    await push(company, orders(second, 'B'), { now: new Date('2026-11-21T11:30:00Z') });
    await push(company, orders(third, 'C'), { now: new Date('2026-11-22T10:30:00Z') });
    expect((await dealings(company)).filter((row) => row.counted_on).length).toBe(100);
  });

  test('what was opened stays paid for: other numbers put on the same orders open no more', async () => {
    const company = await makeCompany(portal);
    for (const round of [1, 2, 3])
      await push(
        company,
        phones(50).map((phone, n) => ({ ...body(`A-${n}`, phone), total: `${round}.00` })),
      );
    const rows = await dealings(company);
    expect([rows.length, rows.filter((row) => row.counted_on).length]).toEqual([50, 0]);
  });

  test('a number that no order names any more is no dealing; one that another order names stays', async () => {
    const company = await makeCompany(portal);
    const [kept, lost, fresh] = phones(3) as [string, string, string];
    await push(company, [body('A', kept), body('B', kept), body('C', lost)]);
    await push(company, [body('A', fresh), body('C', fresh)]);
    expect((await dealings(company)).map((row) => row.phone_key).sort()).toEqual([kept, fresh].map(keyOfPhone).sort());
  });

  test('a message that the customer wrote is a dealing, one that the company sent is none', async () => {
    const company = await makeCompany(portal);
    const [wrote, heard] = phones(2) as [string, string];
    const message = (externalId: string, direction: string, phone: string) => ({
      externalId,
      direction,
      sentAt: '2026-11-20T10:00:00Z',
      customer: { phones: [phone] },
      text: 'Hello',
    });
    await ingestMessages(portal.tenancy, company, [message('1', 'in', wrote), message('2', 'out', heard)], NOW);
    expect((await dealings(company)).map((row) => row.phone_key)).toEqual([keyOfPhone(wrote)]);
    await ingestMessages(portal.tenancy, company, [message('1', 'out', wrote)], NOW);
    expect(await dealings(company)).toEqual([]);
  });

  test('first and last are those of the evidence, in whatever order it came', async () => {
    const company = await makeCompany(portal);
    const phone = nextPhone();
    for (const day of ['20', '05', '12']) await push(company, [body(`A-${day}`, phone, `2026-11-${day}T10:00:00Z`)]);
    await push(company, [body('A-20', phone, '2026-11-15T10:00:00Z')]);
    const [row] = await dealings(company);
    expect([row?.first_at, row?.last_at]).toEqual([new Date('2026-11-05T10:00:00Z'), new Date('2026-11-15T10:00:00Z')]);
  });

  test('over the API it is the key that says who pushes', async () => {
    const company = await makeCompany(portal);
    const [own, all] = [await apiKey(portal, company), await apiKey(portal, null)];
    for (const [key, name] of [
      [own, 'own'],
      [all, 'portal'],
    ] as const) {
      const order = body(name, nextPhone(), name === 'own' ? '2026-11-19T10:00:00Z' : '2026-11-20T10:00:00Z');
      const sent = request(portal.app)
        .post(`/api/v1/companies/${company.slug}/orders`)
        .set('Authorization', `Bearer ${key}`);
      expect((await sent.send({ orders: [order] })).status).toBe(200);
    }
    expect((await dealings(company)).map((row) => row.by_portal)).toEqual([false, true]);
  });

  test('P-83 beyond the budget nothing shows, and the page says why by what the company itself did', async () => {
    const phone = nextPhone();
    const author = await seller(portal, { phones: [phone] });
    await write(author, phone);
    await publishAll(portal);
    const company = await makeCompany(portal);
    const owner = await memberOf(portal, company);
    await push(
      company,
      phones(50).map((other, n) => body(`A-${n}`, other)),
      { now: new Date() },
    );
    const customer = await ordered(portal, company, { phones: [phone] }, { portal: false });
    const page = words((await owner.get(`/customers/${customer}/reviews`)).text);
    expect(page).not.toContain(bad.text);
    expect(page).toContain('Reviews 0');
    expect(page).toContain('opens 50 new numbers a day');
    await ordered(portal, company, { phones: [phone] }, { portal: true });
    expect(words((await owner.get(`/customers/${customer}/reviews`)).text)).toContain(bad.text);
  });
});

describe('numbers of an earlier version', () => {
  const forget = (company: Company) =>
    portal.database.prisma.$transaction([
      portal.database.prisma.$executeRaw(
        sql`update contact set phone_key = null where company_id = ${company.id}::uuid`,
      ),
      portal.database.prisma.$executeRaw(sql`delete from dealing where company_id = ${company.id}::uuid`),
      portal.database.prisma.$executeRaw(sql`delete from dealing_budget where company_id = ${company.id}::uuid`),
    ]);

  test('get their keys and dealings at the next start, chunk by chunk, and a second time nothing happens', async () => {
    const company = await makeCompany(portal);
    for (let n = 0; n < 3; n++)
      await push(
        company,
        phones(700).map((phone, i) => body(`${n}-${i}`, phone)),
        { byPortal: true },
      );
    const before = await dealings(company);
    await forget(company);
    await planBacklog(portal.tenancy);
    await portal.runJobs();
    expect((await dealings(company)).map(({ counted_on: _, ...row }) => row)).toEqual(
      before.map(({ counted_on: _, ...row }) => row),
    );
    expect((await dealings(company)).every((row) => row.counted_on !== null)).toBe(true);
    await planBacklog(portal.tenancy);
    const [jobs] = await portal.database.prisma.$queryRaw<{ n: bigint }[]>(
      sql`select count(*) as n from job where name = 'reviews.backlog'`,
    );
    expect(jobs?.n).toBe(0n);
  }, 60_000);

  test('what came after the company had a key of its own counts within the budget of the day it came', async () => {
    const company = await makeCompany(portal);
    await apiKey(portal, company);
    await push(
      company,
      phones(70).map((phone, n) => body(`A-${n}`, phone)),
      { byPortal: true },
    );
    await forget(company);
    await planBacklog(portal.tenancy);
    await portal.runJobs();
    const rows = await dealings(company);
    expect([rows.length, rows.filter((row) => row.counted_on).length, rows.some((row) => row.by_portal)]).toEqual([
      70,
      50,
      false,
    ]);
  }, 60_000);
});
