import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Sql, sql } from '../../../src/platform/db.ts';
import { makeApp, type TestApp } from '../../make.ts';
import { makeShop } from '../shop.ts';
import { add, edit } from './form.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

describe('the database itself refuses', () => {
  const long = (n: number) => 'x'.repeat(n);

  test.each<[string, Sql]>([
    ['P-57 a typed name of 256 characters', sql`name = ${long(256)}, name_by_hand = true`],
    ['P-62 other channels of 101 characters', sql`other_channels = ${long(101)}`],
    ['P-63 a note of 2001 characters', sql`note = ${long(2001)}`],
    ['a typed region of 256 characters', sql`region = ${long(256)}, region_by_hand = true`],
  ])('%s', async (_what, set) => {
    const shop = await makeShop(portal);
    const id = await add(shop.owner, { name: 'A' });
    const write = portal.tenancy.inCompany(shop.company, (db) =>
      db.execute(sql`update customer set ${set} where id = ${id}::uuid`),
    );
    await expect(write).rejects.toThrow();
  });

  test.each([
    ['P-58 a sixth typed phone', 'phone', (n: number) => `+38067111220${n}`],
    ['P-61 a sixth typed e-mail', 'email', (n: number) => `mail-${n}@example.com`],
  ])('%s', async (_what, kind, value) => {
    const shop = await makeShop(portal);
    const id = await add(shop.owner, { name: 'A' });
    const put = (n: number) =>
      portal.tenancy.inCompany(shop.company, (db) =>
        db.execute(sql`insert into contact (company_id, kind, value, customer_id, origin_id, given, by_hand)
          values (${shop.company.id}::uuid, ${kind}, ${value(n)}, ${id}::uuid, ${id}::uuid, 'x', true)`),
      );
    for (let n = 0; n < 5; n++) await put(n);
    await expect(put(5)).rejects.toThrow('at most 5');
  });

  test('P-60 a typed e-mail of 256 characters', async () => {
    const shop = await makeShop(portal);
    const id = await add(shop.owner, { name: 'A' });
    const write = portal.tenancy.inCompany(shop.company, (db) =>
      db.execute(sql`insert into contact (company_id, kind, value, customer_id, origin_id, given, by_hand)
        values (${shop.company.id}::uuid, 'email', ${`${long(250)}@a.com`}, ${id}::uuid, ${id}::uuid, 'x', true)`),
    );
    await expect(write).rejects.toThrow();
  });
});

test('P-58 five typed numbers and one that an order brought are saved as they are', async () => {
  const shop = await makeShop(portal);
  const phones = Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`phones.${n}`, `+38067111220${n}`]));
  const id = await add(shop.owner, { name: 'A', ...phones });
  await shop.order('1', { phones: ['+380671112200', '+380671112209'] });
  expect((await edit(shop.owner, id, { note: 'new' })).status).toBe(303);
});
