import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { drift } from '../../src/identity/identity.ts';
import { ingestOrders } from '../../src/ingest/ingest.ts';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { makeApp, makeCompany, type TestApp } from '../make.ts';
import { operate } from './operator.ts';

// Each test has currencies of its own: rates belong to the whole portal.
let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const rate = (from: string, to: string, value: string, day: string, ...more: string[]) =>
  operate(portal, 'rate:set', '--from', from, '--to', to, '--rate', value, '--date', day, ...more);

/** One order of each day, at noon UTC, of 100 units. */
const order = (company: Company, currency: string, ...days: string[]) =>
  ingestOrders(
    portal.tenancy,
    company,
    days.map((day) => ({
      ...{ externalId: `${currency} ${day}`, placedAt: `${day}T12:00:00Z`, currency, total: '100' },
      customer: { accountId: 'olena' },
    })),
    new Date('2026-11-21T12:00:00Z'),
  );

const converted = (company: Company, currency: string) =>
  portal.tenancy.inCompany(company, async (db) => {
    const rows = await db.query<{ converted: bigint | null }>(sql`
      select o.converted from orders o join arrival a using (company_id, id) where o.currency = ${currency} order by a.at`);
    return rows.map((row) => row.converted && Number(row.converted));
  });

const customer = async (company: Company) => {
  const [row] = await portal.tenancy.inCompany(company, (db) =>
    db.query<{ sum_all: bigint; unconverted: unknown }>(sql`select sum_all, unconverted from customer`),
  );
  return row && { sum: Number(row.sum_all), unconverted: row.unconverted };
};

describe('rate:set', () => {
  test('P-47 later orders are converted, stored ones keep what they have', async () => {
    const company = await makeCompany(portal, { currency: 'UAH' });
    await order(company, 'EUR', '2026-11-01');
    const { code, answer } = await rate('EUR', 'UAH', '48.50', '2026-10-01');
    expect({ code, answer }).toEqual({
      code: 0,
      answer: { from: 'EUR', to: 'UAH', rate: '48.50', date: '2026-10-01' },
    });
    await order(company, 'EUR', '2026-11-02');
    expect(await converted(company, 'EUR')).toEqual([null, 485_000]);
    expect(await customer(company)).toEqual({ sum: 485_000, unconverted: [{ currency: 'EUR', amount: '10000' }] });
  });

  test('P-47 --recompute: from that day on, with the rate in force on each day', async () => {
    const company = await makeCompany(portal, { currency: 'UAH', slug: 'recomputed' });
    await rate('PLN', 'UAH', '10', '2026-01-01');
    await rate('PLN', 'UAH', '12', '2026-03-01');
    await order(company, 'PLN', '2026-01-15', '2026-02-01', '2026-02-20', '2026-03-05');
    expect(await converted(company, 'PLN')).toEqual([100_000, 100_000, 100_000, 120_000]);
    const { answer } = await rate('PLN', 'UAH', '11', '2026-02-01', '--recompute');
    expect(answer).toMatchObject({
      recomputed: expect.arrayContaining([{ company: 'recomputed', orders: 2, customers: 1 }]),
    });
    expect(await converted(company, 'PLN')).toEqual([100_000, 110_000, 110_000, 120_000]);
    expect((await customer(company))?.sum).toBe(440_000);
    expect(await portal.tenancy.inSnapshot(company, drift)).toEqual({ customers: 0, days: 0, uncounted: 0 });
  });

  test('P-47 --recompute: what was shown apart for want of a rate joins the sum', async () => {
    const company = await makeCompany(portal, { currency: 'UAH' });
    await order(company, 'USD', '2026-11-01', '2026-11-02');
    expect((await customer(company))?.sum).toBe(0);
    await rate('USD', 'UAH', '41.5', '2026-11-02', '--recompute');
    expect(await converted(company, 'USD')).toEqual([null, 415_000]);
    expect(await customer(company)).toEqual({ sum: 415_000, unconverted: [{ currency: 'USD', amount: '10000' }] });
  });

  test('the day begins in the zone of each company', async () => {
    // At noon UTC of the first it is already the second in Auckland, and still the first in Kyiv.
    const [kyiv, auckland] = await Promise.all([
      makeCompany(portal, { currency: 'UAH' }),
      makeCompany(portal, { currency: 'UAH', timezone: 'Pacific/Auckland' }),
    ]);
    for (const company of [kyiv, auckland]) await order(company, 'CHF', '2026-06-01');
    await rate('CHF', 'UAH', '50', '2026-06-02', '--recompute');
    expect(await converted(kyiv, 'CHF')).toEqual([null]);
    expect(await converted(auckland, 'CHF')).toEqual([500_000]);
  });

  test('companies with another currency are not touched', async () => {
    const company = await makeCompany(portal, { currency: 'EUR', slug: 'in-euro' });
    await order(company, 'SEK', '2026-11-01');
    const { answer } = await rate('SEK', 'UAH', '4.4', '2026-01-01', '--recompute');
    expect(JSON.stringify(answer)).not.toContain('in-euro');
    expect(await converted(company, 'SEK')).toEqual([null]);
  });

  test('the same again changes nothing', async () => {
    const company = await makeCompany(portal, { currency: 'UAH', slug: 'again' });
    await order(company, 'NOK', '2026-11-01');
    await rate('NOK', 'UAH', '4', '2026-01-01', '--recompute');
    const { answer } = await rate('NOK', 'UAH', '4.000', '2026-01-01', '--recompute');
    expect(answer).toMatchObject({
      recomputed: expect.arrayContaining([{ company: 'again', orders: 0, customers: 0 }]),
    });
  });

  test('more orders than fit one batch are all converted, those of nobody too', async () => {
    const company = await makeCompany(portal, { currency: 'UAH', slug: 'many' });
    const items = Array.from({ length: 2100 }, (_, n) => ({
      ...{ externalId: `D-${n}`, placedAt: '2026-11-01T12:00:00Z', currency: 'DKK', total: '100' },
      customer: n % 3 === 0 ? {} : { accountId: `u-${n % 300}` },
    }));
    for (let start = 0; start < items.length; start += 700) {
      await ingestOrders(portal.tenancy, company, items.slice(start, start + 700), new Date('2026-11-21T12:00:00Z'));
    }
    const { answer } = await rate('DKK', 'UAH', '6.5', '2026-01-01', '--recompute');
    expect(answer).toMatchObject({
      recomputed: expect.arrayContaining([{ company: 'many', orders: 2100, customers: 200 }]),
    });
    expect(new Set(await converted(company, 'DKK'))).toEqual(new Set([65_000]));
    expect(await portal.tenancy.inSnapshot(company, drift)).toEqual({ customers: 0, days: 0, uncounted: 0 });
  });
});

describe('check:counters', () => {
  test('finds none in companies that work, and the one that was put there; exit code 1', async () => {
    const company = await makeCompany(portal, { slug: 'drifting' });
    await order(company, 'UAH', '2026-11-01', '2026-11-02');
    const before = await operate(portal, 'check:counters');
    expect(before).toMatchObject({ code: 0, answer: { drift: 0 } });
    await portal.tenancy.inCompany(company, (db) => db.execute(sql`update customer set orders_count = 7`));
    const after = await operate(portal, 'check:counters');
    expect(after.code).toBe(1);
    expect(after.answer).toMatchObject({
      drift: 1,
      companies: expect.arrayContaining([{ company: 'drifting', customers: 1, days: 0, uncounted: 0 }]),
    });
    expect(after.error).toBe('');
  });
});
