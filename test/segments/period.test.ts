import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ingestMessages, ingestOrders } from '../../src/ingest/ingest.ts';
import { spanStart } from '../../src/kernel/time.ts';
import { sql } from '../../src/platform/db.ts';
import { type Condition, compile, conditionText, parseCondition } from '../../src/segments/segments.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { namesIn, pageAt, type Shop, textOf } from '../customers/shop.ts';
import { makeApp, makeCompany, type TestApp } from '../make.ts';
import { makeFour } from './shop.ts';

// Reading 1: how many orders and messages, in total or within the period.

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

describe('counting within a period', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await makeFour(portal);
  });
  afterAll(() => portal.setNow(null));

  test('P-30 P-31 is chosen beside the number, and said in the chip', async () => {
    const answer = await shop.owner.get('/customers?add=orders&op=gte&value=2&counting=within&amount=7&unit=w');
    expect(answer.headers.location).toBe('/customers?where=orders%3Agte%3A2%407w');
    const html = await pageAt(shop.owner, String(answer.headers.location));
    expect(namesIn(html)).toEqual(['Петро']);
    expect(textOf(html)).toContain('Orders: 2 or more, within 7 weeks');
    expect(namesIn(await pageAt(shop.owner, '/customers?where=orders:gte:2@6w'))).toEqual([]);
  });

  test('P-30 P-31 is in total unless it is chosen', async () => {
    const answer = await shop.owner.get('/customers?add=orders&op=gte&value=2&counting=total&amount=1&unit=d');
    expect(answer.headers.location).toBe('/customers?where=orders%3Agte%3A2');
    const form = await pageAt(shop.owner, '/customers?add=activities');
    expect(form).toMatch(/<option value="total" selected>in total<\/option>/);
  });

  test.each(['orders:gte:2@', 'orders:gte:2@3', 'orders:gte:2@m', 'orders_total:gte:2@3m', 'reviews:gte:1@3m'])(
    'P-32 %s is no condition',
    (text) => expect(parseCondition(text, shop.company)).toMatchObject({ error: 'value' }),
  );
});

interface Person {
  /** days ago */
  orders: number[];
  threads: { days: number[]; in: boolean; attached: boolean }[];
}

const days = fc.array(fc.integer({ min: 1, max: 120 }), { maxLength: 4 });
const person: fc.Arbitrary<Person> = fc.record({
  orders: days,
  threads: fc.array(
    fc.record({
      days: fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 3 }),
      in: fc.boolean(),
      attached: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
});

const NOW = new Date('2026-11-21T12:00:00Z');
const at = (ago: number) => new Date(NOW.getTime() - ago * 86_400_000);

async function store(company: Company, people: readonly Person[]): Promise<void> {
  const customer = (n: number) => ({ name: `Person ${n}`, accountId: `p-${n}` });
  const orders = people.flatMap(({ orders: agos }, n) =>
    agos.map((ago, i) => ({
      externalId: `${n}-${i}`,
      placedAt: at(ago).toISOString(),
      currency: 'UAH',
      total: '1.00',
      customer: customer(n),
    })),
  );
  const messages = people.flatMap(({ threads, orders: agos }, n) =>
    threads.flatMap((thread, i) =>
      thread.days.map((ago, k) => ({
        ...{
          externalId: `${n}-${i}-${k}`,
          threadId: `${n}-${i}`,
          sentAt: at(ago).toISOString(),
          customer: customer(n),
          text: 'x',
        },
        direction: thread.in ? 'in' : 'out',
        ...(thread.attached && agos.length > 0 && k === 0 ? { orderExternalId: `${n}-0` } : {}),
      })),
    ),
  );
  await ingestOrders(portal.tenancy, company, orders, NOW);
  await ingestMessages(portal.tenancy, company, messages, NOW);
}

/** As a person would count them. */
function counts({ orders, threads }: Person, from: Date): Record<string, number> {
  const recent = (ago: number) => at(ago) >= from;
  const written = threads.filter((thread) => thread.in && thread.days.some(recent));
  const own = written.filter(({ attached }) => !(attached && orders.length > 0));
  const placed = orders.filter(recent).length;
  return { orders: placed, messages: written.length, activities: placed + own.length };
}

const holds: Record<string, (n: number, values: number[]) => boolean> = {
  eq: (n, values) => values.includes(n),
  ne: (n, values) => !values.includes(n),
  gt: (n, [value = 0]) => n > value,
  gte: (n, [value = 0]) => n >= value,
  lt: (n, [value = 0]) => n < value,
  lte: (n, [value = 0]) => n <= value,
  between: (n, [from = 0, to = 0]) => from <= n && n <= to,
};

test('P-30 P-31 what is found within a period is what a person would count there, whatever is asked', async () => {
  const company = await makeCompany(portal);
  const people = fc.sample(person, { numRuns: 60, seed: 7 });
  await store(company, people);
  const question = fc.record({
    field: fc.constantFrom('orders', 'messages', 'activities'),
    operator: fc.constantFrom(...Object.keys(holds)),
    values: fc.tuple(fc.nat(4), fc.nat(3)).map(([from, more]) => [from, from + more]),
    within: fc.constantFrom('1d', '2w', '1m', '3m', '1y'),
  });
  const ask = async ({ field, operator, values, within }: Record<string, unknown> & { values: number[] }) => {
    const used = operator === 'between' ? values : values.slice(0, 1);
    const text = conditionText({
      field: `${field}`,
      operator: `${operator}`,
      values: used.map(String),
      within: `${within}`,
    });
    const condition = parseCondition(text, company) as Condition;
    expect(conditionText(condition)).toBe(text);
    const rows = await portal.tenancy.reading(company, (db) =>
      db.query<{ name: string }>(
        sql`select name from customer c where listed and ${compile([condition], company, NOW)}`,
      ),
    );
    const from = spanStart(`${within}` as '3m', NOW, company.timezone);
    const expected = people.flatMap((one, n) =>
      one.orders.length + one.threads.length > 0 && holds[`${operator}`]?.(counts(one, from)[`${field}`] ?? 0, used)
        ? [`Person ${n}`]
        : [],
    );
    expect(rows.map(({ name }) => name).sort()).toEqual(expected.sort());
  };
  await fc.assert(fc.asyncProperty(question, ask), { numRuns: 80 });
});
