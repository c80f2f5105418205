import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sql } from '../../src/platform/db.ts';
import { makeRate, makeShop, NO_DRIFT, openPortal, order, type Portal } from '../identity/make.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

const olena = { phones: ['067 123 45 67'] };
const item = (quantity: number, unitPrice: string) => ({ name: 'T-shirt', quantity, unitPrice });

interface OrderRow {
  total: bigint;
  items_total: bigint | null;
  converted: bigint | null;
  rate: string | null;
  rate_day: string | null;
  items_count: bigint;
}

const stored = (shop: Awaited<ReturnType<typeof makeShop>>) =>
  shop.query<OrderRow>(sql`
    select total, items_total, converted, trim_scale(rate)::text as rate, rate_day::text as rate_day, items_count
    from orders o join arrival a on a.id = o.id order by a.external_id`);

test('P-47 a rate set later changes no stored amount when the order is posted again with another status', async () => {
  const shop = await makeShop(portal);
  await makeRate(portal, 'EUR', 'UAH', '2026-11-01', '40');
  const placed = { currency: 'EUR', total: '10.00', placedAt: '2026-11-05T10:00:00Z' };
  await shop.orders(order('A-1', olena, placed));
  await makeRate(portal, 'EUR', 'UAH', '2026-11-05', '50');
  await shop.orders(order('A-1', olena, { ...placed, status: 'paid' }));
  expect(await stored(shop)).toMatchObject([{ converted: 40_000n, rate: '40', rate_day: '2026-11-01' }]);
  await shop.orders(order('A-1', olena, { ...placed, total: '11.00' }));
  expect(await stored(shop)).toMatchObject([{ converted: 55_000n, rate: '50', rate_day: '2026-11-05' }]);
});

describe('sums', () => {
  test('paid, cancelled and open are what the status and the payment say, and add up to all', async () => {
    const shop = await makeShop(portal);
    const paidAt = '2026-11-02T10:00:00Z';
    const cases: [status: string, paid: boolean][] = [
      ['new', false],
      ['processing', false],
      ['new', true],
      ['paid', false],
      ['shipped', false],
      ['completed', false],
      ['cancelled', false],
      ['rejected', true],
      ['returned', true],
    ];
    await shop.orders(
      ...cases.map(([status, paid], n) =>
        order(`A-${n}`, olena, { status, total: String(10 ** n / 100), payment: { paidAt: paid ? paidAt : null } }),
      ),
    );
    expect(await shop.only()).toMatchObject({
      sum_open: 11n,
      sum_paid: 111_100n,
      sum_cancelled: 111_000_000n,
      sum_all: 111_111_111n,
    });
  });

  test('all is always paid, cancelled and open together', async () => {
    const orders = fc.array(
      fc.record({
        status: fc.constantFrom(
          'new',
          'processing',
          'paid',
          'shipped',
          'completed',
          'cancelled',
          'rejected',
          'returned',
        ),
        minor: fc.bigInt(0n, 9_000_000_000_000_000n),
        paidAt: fc.option(fc.constant('2026-11-02T10:00:00Z')),
      }),
      { minLength: 1, maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(orders, async (given) => {
        const shop = await makeShop(portal, { currency: 'JPY' });
        await shop.orders(
          ...given.map(({ status, minor, paidAt }, n) =>
            order(`A-${n}`, olena, { status, total: String(minor), currency: 'JPY', payment: { paidAt } }),
          ),
        );
        const { sum_all, sum_paid, sum_cancelled, sum_open } = await shop.only();
        expect(sum_all).toBe(given.reduce((sum, { minor }) => sum + minor, 0n));
        expect(sum_all).toBe(sum_paid + sum_cancelled + sum_open);
      }),
      { numRuns: 15 },
    );
  }, 30_000);

  test('more than can be counted stops at the end, and stops nobody else', async () => {
    const shop = await makeShop(portal, { currency: 'JPY' });
    const huge = (call: number) =>
      Array.from({ length: 1000 }, (_, n) =>
        order(`A-${call}-${n}`, olena, { currency: 'JPY', total: '9000000000000000' }),
      );
    await shop.orders(...huge(1));
    const results = await shop.orders(...huge(2));
    expect(new Set(results.map((result) => result.status))).toEqual(new Set(['created']));
    expect(await shop.only()).toMatchObject({ orders_count: 2000n, sum_all: 2n ** 63n - 1n });
    expect(await shop.drift()).toEqual(NO_DRIFT);
  }, 30_000);
});

describe('an order’s total', () => {
  test('without one, the items make it: each in thousandths, rounded once', async () => {
    const shop = await makeShop(portal);
    await shop.orders(
      order('A-1', olena, { total: null, items: [item(2, '625.00'), item(0.5, '0.01'), item(0.333, '3.00')] }),
      order('A-2', olena, { total: null, items: [item(3, '10'), item(-1, '2.50'), item(1, '-0.5')] }),
    );
    expect(await stored(shop)).toMatchObject([
      { total: 125_100n, items_total: 125_100n, items_count: 3n },
      { total: 2700n, items_total: 2700n },
    ]);
  });

  test('where both are given and differ, the total counts and the order knows', async () => {
    const shop = await makeShop(portal);
    await shop.orders(
      order('A-1', olena, { total: '9.00', items: [item(1, '10.00')] }),
      order('A-2', olena, { items: [] }),
    );
    expect(await stored(shop)).toMatchObject([
      { total: 900n, items_total: 1000n },
      { total: 1000n, items_total: null },
    ]);
    expect(await shop.only()).toMatchObject({ sum_all: 1900n });
  });

  test('has the decimals of its currency', async () => {
    const shop = await makeShop(portal, { currency: 'KWD' });
    const results = await shop.orders(
      order('A-1', olena, { currency: 'KWD', total: '1.234' }),
      order('A-2', olena, { currency: 'JPY', total: '1250' }),
      order('A-3', olena, { currency: 'JPY', total: '1250.00' }),
      order('B-1', olena, { currency: 'KWD', total: '1.2345' }),
      order('B-2', olena, { currency: 'JPY', total: '1250.5' }),
      order('B-3', olena, { currency: 'JPY', total: null, items: [item(1, '10'), item(1, '0.5')] }),
    );
    expect(results.map(({ errors }) => errors)).toEqual([
      [],
      [],
      [],
      [{ path: 'total', message: 'is no amount of KWD' }],
      [{ path: 'total', message: 'is no amount of JPY' }],
      [{ path: 'items.1.unitPrice', message: 'is no amount of JPY' }],
    ]);
    expect(await stored(shop)).toMatchObject([{ total: 1234n }, { total: 1250n }, { total: 1250n }]);
    expect(await shop.only()).toMatchObject({ sum_all: 1234n, unconverted: [{ currency: 'JPY', amount: '2500' }] });
  });

  test('is neither negative nor larger than an amount can be, and a bad one stops nobody else', async () => {
    const shop = await makeShop(portal);
    const results = await shop.orders(
      order('B-1', olena, { total: '-0.01' }),
      order('B-2', olena, { total: null, items: [item(1, '-1')] }),
      order('B-3', olena, { total: '99999999999999.99' }),
      order('B-4', olena, { total: null, items: [item(1_000_000_000, '90000000000000')] }),
      order('B-5', olena, { items: [item(1_000_000_000, '90000000000000')] }),
      order('A-1', olena, { total: '0' }),
      order('A-2', olena, { total: '90000000000000' }),
    );
    expect(results.map(({ status, errors }) => [status, errors[0]?.path])).toEqual([
      ['rejected', 'total'],
      ['rejected', 'total'],
      ['rejected', 'total'],
      ['rejected', 'items'],
      ['rejected', 'items'],
      ['created', undefined],
      ['created', undefined],
    ]);
  });

  test('quantities have three decimals, small and large ones alike', async () => {
    const shop = await makeShop(portal);
    const quantities = [0.001, 0.1 + 0.2, 1.005, 123456.789, 999_999_999.999, 0.0005, 1.0001, 1_000_000.1234];
    const results = await shop.orders(
      ...quantities.map((quantity, n) => order(`A-${n}`, olena, { items: [item(quantity, '0.01')] })),
    );
    expect(results.map(({ errors }) => errors[0]?.path)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      'items.0.quantity',
      'items.0.quantity',
      'items.0.quantity',
    ]);
  });
});

describe('P-47 another currency', () => {
  test('is converted with the rate in force on the day the order was placed, which stays with the order', async () => {
    const shop = await makeShop(portal, { currency: 'PLN' });
    await makeRate(portal, 'EUR', 'PLN', '2026-10-01', '4.25');
    await makeRate(portal, 'EUR', 'PLN', '2026-11-01', '4.305');
    const placed = (placedAt: string) => ({ currency: 'EUR', total: '10.01', placedAt });
    await shop.orders(
      order('A-1', olena, placed('2026-10-01T10:00:00Z')),
      order('A-2', olena, placed('2026-10-31T21:59:59Z')),
      order('A-3', olena, placed('2026-10-31T22:00:00Z')),
      order('A-4', olena, placed('2026-11-20T10:00:00Z')),
    );
    expect(await stored(shop)).toMatchObject([
      { converted: 4254n, rate: '4.25', rate_day: '2026-10-01' },
      { converted: 4254n, rate: '4.25', rate_day: '2026-10-01' },
      { converted: 4309n, rate: '4.305', rate_day: '2026-11-01' },
      { converted: 4309n, rate: '4.305', rate_day: '2026-11-01' },
    ]);
    await makeRate(portal, 'EUR', 'PLN', '2026-10-15', '9');
    await shop.orders(order('A-5', olena, { currency: 'PLN', total: '1.00' }));
    expect(await shop.only()).toMatchObject({
      orders_count: 5n,
      sum_all: 2n * 4254n + 2n * 4309n + 100n,
      unconverted: [],
    });
    expect(await shop.drift()).toEqual(NO_DRIFT);
  });

  test('without a rate the order counts, and its amount is shown apart, by currency', async () => {
    const shop = await makeShop(portal, { currency: 'HUF' });
    await makeRate(portal, 'GBP', 'HUF', '2026-11-10', '460');
    await shop.orders(
      order('A-1', olena, { currency: 'GBP', total: '1.00', placedAt: '2026-11-09T10:00:00Z' }),
      order('A-2', olena, { currency: 'GBP', total: '2.00', placedAt: '2026-11-10T10:00:00Z' }),
      order('A-3', olena, { currency: 'CHF', total: '3.00', status: 'cancelled' }),
      order('A-4', olena, { currency: 'CHF', total: '4.00' }),
    );
    expect(await shop.only()).toMatchObject({
      orders_count: 4n,
      activities_count: 4n,
      sum_all: 92_000n,
      unconverted: [
        { currency: 'CHF', amount: '700' },
        { currency: 'GBP', amount: '100' },
      ],
    });
    expect(await shop.drift()).toEqual(NO_DRIFT);
  });

  test('minor units follow both currencies', async () => {
    const shop = await makeShop(portal, { currency: 'USD' });
    await makeRate(portal, 'JPY', 'USD', '2020-01-01', '0.0067');
    await makeRate(portal, 'KWD', 'USD', '2020-01-01', '3.25');
    await shop.orders(
      order('A-1', olena, { currency: 'JPY', total: '1000' }),
      order('A-2', olena, { currency: 'KWD', total: '1.002' }),
    );
    expect(await stored(shop)).toMatchObject([{ converted: 670n }, { converted: 326n }]);
  });

  test('an amount that no sum could hold after conversion is shown apart and stops nobody', async () => {
    const shop = await makeShop(portal, { currency: 'IRR' });
    await makeRate(portal, 'BTN', 'IRR', '2020-01-01', '99999999999');
    const [result] = await shop.orders(order('A-1', olena, { currency: 'BTN', total: '90000000000000' }));
    expect(result?.status).toBe('created');
    expect(await shop.only()).toMatchObject({
      sum_all: 0n,
      unconverted: [{ currency: 'BTN', amount: '9000000000000000' }],
    });
  });
});
