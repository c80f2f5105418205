import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import { settle } from '../../src/reviews/dealings/sql.ts';
import { makeShop, openPortal, order, type Portal } from '../identity/make.ts';
import { keyOfPhone } from '../setup/phone-key.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

interface Plan {
  'Shared Hit Blocks': number;
}

const numbers = Array.from({ length: 300 }, (_, n) => `+38067${1_000_000 + n}`);

/** Pages that PostgreSQL looks at, which has no statistics of the tables yet, to note what so many numbers prove. */
async function pagesFor(many: number): Promise<number> {
  const shop = await makeShop(portal);
  const told = numbers.slice(0, many);
  await shop.orders(...told.map((phone) => order(phone, { phones: [phone] })));
  const phones = JSON.stringify(told.map((phone) => ({ phone, phone_key: keyOfPhone(phone), brought: true })));
  const asked = { companyId: shop.company.id, phones, portalUntil: 'infinity', day: '2026-11-22', timezone: 'UTC' };
  return shop.tenancy.inCompany(shop.company, async (db) => {
    const [row] = await db.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(
      sql`explain (analyze, buffers, format json) ${settle(asked)}`,
    );
    return row?.['QUERY PLAN'][0]?.Plan['Shared Hit Blocks'] ?? Number.NaN;
  });
}

test('dealings of a young company are noted number by number: three times as many cost three times as much, not nine times', async () => {
  const [few, many] = [await pagesFor(100), await pagesFor(300)];
  expect(many / few).toBeLessThan(4);
});
