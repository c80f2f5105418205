import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { demoSignIns, seedDemo } from '../../src/demo/demo.ts';
import { drift } from '../../src/identity/identity.ts';
import { type Sql, sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import type { Tenancy } from '../../src/tenancy/tenancy.ts';
import { makeApp, signIn, type TestApp } from '../make.ts';

const now = new Date('2026-11-21T15:00:00Z');
let portal: TestApp;
let shops: Record<string, Company>;

beforeAll(async () => {
  portal = await makeApp();
  portal.setNow(now);
  // Cut off after some orders, as by a killed process; the next start takes it up.
  await expect(seedDemo(endingAfter(2), new Date('2026-11-20T15:00:00Z'))).rejects.toThrow('killed');
  expect(await seedDemo(portal.tenancy, now)).toBe(true);
  shops = Object.fromEntries((await portal.tenancy.companiesOfOperator()).map((company) => [company.slug, company]));
}, 120_000);
afterAll(() => portal.close());

function endingAfter(batches: number): Tenancy {
  let left = batches;
  const inCompany: Tenancy['inCompany'] = (company, work) => {
    if (left-- === 0) throw new Error('killed');
    return portal.tenancy.inCompany(company, work);
  };
  return { ...portal.tenancy, inCompany };
}

async function figure(slug: string, statement: Sql): Promise<number> {
  const company = shops[slug] as Company;
  const rows = await portal.tenancy.inCompany(company, (db) => db.query<{ figure: bigint }>(statement));
  return Number(rows[0]?.figure ?? 0);
}

const live = sql`select count(*) as figure from customer where merged_into is null`;
const orders = sql`select count(*) as figure from orders`;

test('P-13 the big company has exactly 2,000 customers and 5,000 orders', async () => {
  expect(await figure('zatyshok', live)).toBe(2000);
  expect(await figure('zatyshok', orders)).toBe(5000);
  expect(
    await figure('zatyshok', sql`select sum(orders_count) as figure from customer where merged_into is null`),
  ).toBe(4940);
});

test('the other companies are there with their own people', async () => {
  expect(Object.keys(shops).sort()).toEqual(['gartenhaus', 'lampka', 'zatyshok']);
  expect(await figure('gartenhaus', live)).toBe(120);
  expect(await figure('lampka', live)).toBe(76);
});

test('P-35 P-39 people found under several contacts were merged, and no counter drifts', async () => {
  expect(await figure('zatyshok', sql`select count(*) as figure from customer_merge`)).toBeGreaterThan(50);
  for (const company of Object.values(shops)) {
    const found = await portal.tenancy.inSnapshot(company, drift);
    expect(found).toEqual({ customers: 0, days: 0, uncounted: 0 });
  }
});

test('P-19 P-20 P-21 every preset has people in it', async () => {
  const classes = sql`
    select count(distinct class) as figure from activity_rollup where class in ('one', 'more') and customers > 0`;
  expect(await figure('zatyshok', classes)).toBe(2);
  const since = sql`select count(*) as figure from customer where last_activity_at < '2026-08-21'`;
  expect(await figure('zatyshok', since)).toBeGreaterThan(200);
});

test('P-47 orders in other currencies are converted, those without a rate are not', async () => {
  const foreign = (currency: string, rest: Sql) =>
    figure('zatyshok', sql`select count(*) as figure from orders where currency = ${currency} and ${rest}`);
  for (const currency of ['EUR', 'PLN', 'USD']) {
    expect(await foreign(currency, sql`converted is not null`)).toBeGreaterThan(20);
    expect(await foreign(currency, sql`converted is null`)).toBe(0);
  }
  expect(await foreign('GBP', sql`converted is null`)).toBeGreaterThan(20);
});

test.each([
  ['P-78 orders in every status', sql`select count(distinct status) as figure from orders`, 8],
  [
    'P-58 people with several phones',
    sql`
    select count(*) as figure from (select 1 from contact where kind = 'phone' group by customer_id having count(*) > 1) those`,
    200,
  ],
  [
    'P-76 people under several names',
    sql`
    select count(*) as figure from (select 1 from arrival group by customer_id having count(distinct name) > 1) those`,
    300,
  ],
  [
    'P-15 people who only wrote',
    sql`
    select count(*) as figure from customer where merged_into is null and orders_count = 0 and threads_count > 0`,
    150,
  ],
  ['P-29 unanswered messages', sql`select sum(unanswered_count) as figure from customer`, 100],
  ['answered messages', sql`select count(*) as figure from message where direction = 'out'`, 100],
  ['messages about an order', sql`select count(*) as figure from message where order_external_id is not null`, 100],
  ['P-28 good feedback', sql`select sum(feedback_good) as figure from customer`, 100],
  ['P-28 bad feedback', sql`select sum(feedback_bad) as figure from customer`, 10],
  ['orders of nobody', sql`select count(*) as figure from arrival where kind = 'order' and customer_id is null`, 60],
])('it shows %s', async (_what, statement, least) => {
  expect(await figure('zatyshok', statement)).toBeGreaterThanOrEqual(least);
});

test('the same person buys at two companies under the same phone', async () => {
  const phones = async (slug: string) =>
    portal.tenancy.inCompany(shops[slug] as Company, (db) =>
      db.query<{ value: string }>(sql`select value from contact where kind = 'phone'`),
    );
  const [here, there] = [await phones('zatyshok'), await phones('gartenhaus')];
  const known = new Set(here.map(({ value }) => value));
  expect(there.filter(({ value }) => known.has(value)).length).toBeGreaterThan(5);
});

test('everybody on the printed list can sign in', async () => {
  expect(demoSignIns.length).toBeGreaterThanOrEqual(7);
  for (const { email, password } of demoSignIns) {
    await signIn(portal, { id: '', name: '', email, password });
  }
});

test('one of them belongs to two companies, one moderates, one administers', async () => {
  const rows = await portal.tenancy.inPortal((db) =>
    db.query<{ roles: string; email: string; moderator: boolean; admin: boolean }>(sql`
      select u.email, u.moderator, u.admin, (select string_agg(m.role, ' ' order by m.role) from membership m where m.user_id = u.id) as roles
      from app_user u`),
  );
  expect(rows.filter((row) => row.roles === 'manager viewer')).toHaveLength(1);
  expect(rows.filter((row) => row.moderator)).toHaveLength(1);
  expect(rows.filter((row) => row.admin)).toHaveLength(1);
});

test('a portal that holds something is left alone', async () => {
  expect(await seedDemo(portal.tenancy, now)).toBe(false);
  expect(await figure('zatyshok', orders)).toBe(5000);
});
