import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import * as duplicates from '../../src/duplicates/duplicates.ts';
import { ingestOrders } from '../../src/ingest/ingest.ts';
import { faultsOf } from './look.ts';
import { makeShop, type Shop } from './shop.ts';
import { openSite, type Site, signIn } from './site.ts';

let site: Site;
let shop: Shop;
let page: Page;
beforeAll(async () => {
  site = await openSite();
  shop = await makeShop(site.portal);
  const twin = { name: 'Koval Olena', phones: ['067 123 45 68'], emails: ['twin@example.com'], region: 'Lviv' };
  const at = new Date(Date.now() - 3_600_000).toISOString();
  const order = { externalId: 'twin', number: '7001', placedAt: at, currency: 'UAH', total: '99.00', customer: twin };
  await ingestOrders(site.portal.tenancy, shop.company, [order], new Date());
  await duplicates.findNear(site.portal.services, shop.company);
  page = await site.open({ javaScriptEnabled: false });
  await signIn(page, shop.owner);
});
afterAll(() => site.close());

test('without JavaScript and with the keyboard alone two customers are merged, taken apart, and an order is moved', async () => {
  await page.goto('/duplicates');
  await press(page.getByRole('link', { name: /^Merge….*Koval/ }));
  await page.getByRole('heading', { name: 'Merge customers' }).waitFor();
  await press(page.getByRole('button', { name: 'Merge 2 customers' }));
  await page.getByText('They are one customer now.').waitFor();

  await press(page.getByRole('link', { name: 'Take it back' }));
  await page.getByRole('heading', { name: 'Take back a decision' }).waitFor();
  await press(page.getByRole('button', { name: 'Take it back' }));
  await page.getByText('The decision was taken back.').waitFor();
  await page.getByText(/taken back by/).waitFor();

  await page.goto(`/orders/${shop.order}/owner?q=twin@example.com`);
  await press(page.getByRole('link', { name: 'Choose Koval Olena' }));
  await press(page.getByRole('button', { name: 'Move the order' }));
  await page.getByText('A person put it here').waitFor();
});

test('every preview is fit for everybody, in light and dark, at 1280 and 360 px', async () => {
  const own = await site.open();
  await signIn(own, shop.owner);
  const contact = encodeURIComponent('email olena@example.com');
  for (const path of [
    `/customers/${shop.olena}/split?contact=${contact}`,
    '/duplicates/sharing?kind=email&value=olena@example.com',
    `/customers/${shop.olena}/merge?q=customer`,
  ]) {
    await own.goto(path);
    expect([path, await faultsOf(own)]).toEqual([path, []]);
  }
  await own
    .getByRole('link', { name: /^Choose/ })
    .first()
    .click();
  await own.getByRole('button', { name: 'Merge 2 customers' }).waitFor();
  expect(await faultsOf(own)).toEqual([]);
});

/** Goes there as the keyboard does, and presses Enter: what cannot be focused cannot be pressed. */
async function press(target: Locator): Promise<void> {
  await target.first().focus();
  await page.keyboard.press('Enter');
}
