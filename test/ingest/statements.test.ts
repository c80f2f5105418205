import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { storeBatch } from '../../src/ingest/batch.ts';
import { order as schema } from '../../src/ingest/input.ts';
import { orders } from '../../src/ingest/orders.ts';
import type { CompanyDb } from '../../src/tenancy/handles.ts';
import { makeShop, openPortal, order, type Portal, type Shop } from '../identity/make.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

const person = (n: number) => ({
  accountId: `u-${n}`,
  phones: [`+38067${1_000_000 + n}`],
  emails: [`p${n}@x.test`],
  name: `P ${n}`,
});
const items = ['A', 'B', 'C'].map((name) => ({ name, quantity: 1, unitPrice: '1.00' }));
const batch = (numbers: number[], changes: object = {}) =>
  numbers.map((n) => schema.parse(order(`A-${n}`, person(n), { items, currency: n % 2 ? 'EUR' : 'UAH', ...changes })));
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

/** How many statements a batch takes, whatever is in it. */
function counted(shop: Shop, parsed: ReturnType<typeof batch>): Promise<number> {
  return shop.tenancy.inCompany(shop.company, async (db) => {
    let statements = 0;
    const counting: CompanyDb = {
      ...db,
      query: (statement) => {
        statements++;
        return db.query(statement);
      },
      execute: (statement) => {
        statements++;
        return db.execute(statement);
      },
    };
    await storeBatch(counting, orders, parsed, { portal: false, now: new Date() });
    return statements;
  });
}

test('a batch takes a bounded number of statements, however many orders it brings', async () => {
  const shop = await makeShop(portal);
  expect(await counted(shop, batch(upTo(500)))).toBeLessThanOrEqual(20);
  expect(await counted(shop, batch(upTo(500), { total: '7.00' }))).toBeLessThanOrEqual(20);
  expect(await counted(shop, batch(upTo(500), { total: '7.00' }))).toBeLessThanOrEqual(3);
}, 30_000);

test('one order takes no more than five hundred do', async () => {
  const [one, many] = [await makeShop(portal), await makeShop(portal)];
  expect(await counted(one, batch(upTo(1)))).toBe(await counted(many, batch(upTo(500).map((n) => n * 2))));
}, 30_000);

test('joining five hundred pairs of customers takes a bounded number too', async () => {
  const shop = await makeShop(portal);
  await shop.orders(
    ...upTo(500).map((n) => order(`A-${n}`, { accountId: `u-${n}` })),
    ...upTo(500).map((n) => order(`B-${n}`, { emails: [`p${n}@x.test`] })),
  );
  const joining = upTo(500).map((n) =>
    schema.parse(order(`C-${n}`, { accountId: `u-${n}`, emails: [`p${n}@x.test`] })),
  );
  expect(await counted(shop, joining)).toBeLessThanOrEqual(20);
  expect(await shop.customers()).toHaveLength(500);
}, 30_000);
