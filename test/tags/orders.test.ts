import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import { makeShop } from '../customers/shop.ts';
import { makeApp, type TestApp } from '../make.ts';
import { chipsIn, rows } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

test('P-73 an order gets a tag out of the same list as customers, from its row, and shows it wherever it stands', async () => {
  const shop = await makeShop(portal);
  await shop.order('1', { name: 'Olena', phones: ['067 123 45 67'] });
  const [order] = await rows<{ id: string; customer_id: string }>(
    portal,
    sql`select id, customer_id from arrival where company_id = ${shop.company.id}::uuid`,
  );
  const [page, tab] = [`/orders/${order?.id}`, `/customers/${order?.customer_id}/orders`];
  expect((await shop.owner.get(tab)).text).toContain(`href="${page}#tag"`);
  expect((await shop.owner.get('/orders')).text).toContain(`href="${page}#tag"`);
  await shop.owner.post(`/customers/${order?.customer_id}/tags`, { tag: 'Опт' });
  expect((await shop.owner.get(page)).text).toContain('<option value="Опт">');
  expect((await shop.owner.post(`${page}/tags`, { tag: 'опт' })).headers.location).toBe(page);
  expect((await shop.owner.post(`${page}/tags`, { tag: ' ' })).status).toBe(422);
  for (const path of [page, '/orders']) expect(chipsIn((await shop.owner.get(path)).text)).toEqual(['Опт']);
  expect(chipsIn((await shop.owner.get(tab)).text)).toEqual(['Опт', 'Опт']);
  const removal = /action="([^"]*\/removal)"/.exec((await shop.owner.get(page)).text)?.[1] ?? '';
  expect((await shop.owner.post(removal)).headers.location).toBe(page);
  expect(chipsIn((await shop.owner.get(page)).text)).toEqual([]);
});
