import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { faultsOf } from './look.ts';
import { makeShop, OLENA, type Shop } from './shop.ts';
import { openSite, type Site, signIn } from './site.ts';
import { countOf, textOf, textsOf } from './texts.ts';

let site: Site;
let shop: Shop;
let plain: Page;
let page: Page;
beforeAll(async () => {
  site = await openSite();
  shop = await makeShop(site.portal);
  [plain, page] = [await site.open({ javaScriptEnabled: false }), await site.open()];
  await signIn(plain, shop.owner);
  await signIn(page, shop.owner);
});
afterAll(() => site.close());

const chips = (on: Page, within = 'main') => textsOf(on.locator(`${within} .tag-list .tag`));
const tagged = (on: Page, name: string) =>
  countOf(on.locator('tbody tr', { has: on.locator('.tag', { hasText: name }) }));

describe('without JavaScript', () => {
  test('P-08 P-70 a tag is put on a customer and taken off again', async () => {
    await plain.goto(`/customers/${shop.olena}`);
    await plain.getByLabel('Tag to add').fill('Постійна');
    await plain.getByRole('button', { name: 'Add tag' }).click();
    expect(await textOf(plain.getByRole('status'))).toContain('Постійна');
    expect(await chips(plain)).toEqual(['Постійна']);
    await plain.goto(`/customers?q=${encodeURIComponent(OLENA.name)}`);
    expect(await chips(plain)).toEqual(['Постійна']);
    await plain.goto(`/customers/${shop.olena}/orders`);
    await plain.getByRole('button', { name: 'Take off the tag Постійна' }).click();
    expect(plain.url()).toContain('/orders');
    expect(await chips(plain, '.customer-head')).toEqual([]);
  });

  test('P-73 a tag is put on an order from its row', async () => {
    await plain.goto(`/customers/${shop.olena}/orders`);
    await plain.getByRole('link', { name: 'Add a tag to order 1001' }).click();
    await plain.getByLabel('Tag to add').fill('Подарунок');
    await plain.getByRole('button', { name: 'Add tag' }).click();
    expect(await chips(plain)).toEqual(['Подарунок']);
    await plain.goto('/orders');
    expect(await tagged(plain, 'Подарунок')).toBe(1);
  });

  test('P-09 P-49 ticked rows get a tag, which the list shows', async () => {
    await plain.goto('/customers?per=50');
    for (const at of [0, 2]) await plain.locator('.tick-box').nth(at).check();
    await plain.getByLabel('Tag', { exact: true }).fill('Двоє');
    await plain.getByRole('button', { name: 'Add tag' }).click();
    expect(await textOf(plain.getByRole('status'))).toContain('2 customers got the tag');
    expect(plain.url()).toContain('per=50');
    expect(await tagged(plain, 'Двоє')).toBe(2);
  });

  test('P-09 all that match get a tag by a job, which is undone again', async () => {
    await plain.goto('/customers?where=gender:is:male');
    await plain.getByRole('link', { name: /^All \d+ customers that match$/ }).click();
    await plain.getByLabel('Tag', { exact: true }).fill('Чоловіки');
    await plain.getByRole('button', { name: 'Add tag' }).click();
    expect(await textOf(plain.locator('main'))).toContain('men');
    await plain.getByRole('button', { name: 'Add tag' }).click();
    expect(await textOf(plain.locator('h1'))).toContain('Waiting');
    await site.portal.runJobs();
    await plain.getByRole('link', { name: 'Look again' }).click();
    expect(await textOf(plain.locator('h1'))).toContain('Done');
    await plain.goto('/customers?where=gender:is:male');
    expect(await tagged(plain, 'Чоловіки')).toBe(20);
    await plain.getByRole('link', { name: 'Bulk actions' }).click();
    await plain.getByRole('link', { name: 'Add the tag “Чоловіки”' }).click();
    await plain.getByRole('button', { name: 'Undo' }).click();
    expect(await textOf(plain.locator('h1'))).toContain('Undone');
    await plain.goto('/customers?where=gender:is:male');
    expect(await tagged(plain, 'Чоловіки')).toBe(0);
  });

  test('two tags are merged after a look at what that means', async () => {
    for (const name of ['Перша', 'Друга']) {
      await plain.goto('/tags');
      await plain.getByLabel('Name').fill(name);
      await plain.getByText('Green').click();
      await plain.getByRole('button', { name: 'Add tag' }).click();
    }
    await plain.getByRole('link', { name: 'Merge the tag Перша into another one' }).click();
    await plain.getByLabel('Into which tag?').selectOption({ label: 'Друга' });
    await plain.getByRole('button', { name: 'Show what changes' }).click();
    expect(await textOf(plain.locator('main'))).toContain('This cannot be undone.');
    await plain.getByRole('button', { name: 'Merge the tags' }).click();
    expect(await countOf(plain.locator('main .tag', { hasText: 'Перша' }))).toBe(0);
  });
});

describe('with JavaScript', () => {
  test('P-09 rows are counted as they are ticked; Shift ticks what lies between, the head the whole page', async () => {
    await page.goto('/customers');
    const count = () => textOf(page.locator('.ticks-count output'));
    await page.locator('.tick-box').nth(1).click();
    expect(await count()).toBe('1');
    await page
      .locator('.tick-box')
      .nth(5)
      .click({ modifiers: ['Shift'] });
    expect(await count()).toBe('5');
    await page.locator('.tick-all').click();
    expect(await count()).toBe('20');
    await page.locator('.tick-all').click();
    expect(await page.locator('.ticks-count').isVisible()).toBe(false);
  });

  test('P-09 a bulk action tells by itself when it is done', async () => {
    await page.goto('/customers?where=gender:is:male&select=all');
    await page.getByLabel('Tag', { exact: true }).fill('Самі');
    await page.getByRole('button', { name: 'Add tag' }).click();
    await page.getByRole('button', { name: 'Add tag' }).click();
    await page.locator('#bulk', { hasText: 'Waiting' }).waitFor();
    await page.evaluate('window.stayed = true');
    await site.portal.runJobs();
    await page.locator('#bulk', { hasText: 'Done' }).waitFor();
    expect(await page.evaluate('window.stayed')).toBe(true);
    expect(await countOf(page.locator('#bulk[hx-get]'))).toBe(0);
  });

  test('the questions before a bulk action are fit for everybody', async () => {
    for (const name of ['Add tag', 'Delete']) {
      await page.goto('/customers?where=gender:is:male&select=all');
      await page.getByLabel('Tag', { exact: true }).fill('x'.repeat(50));
      await page.getByRole('button', { name }).click();
      await page.locator('h1', { hasText: '22 customers' }).waitFor();
      expect(await faultsOf(page)).toEqual([]);
    }
  });

  test('P-08 P-09 with the keyboard alone: tick, type, Enter', async () => {
    await page.goto('/customers');
    await page.locator('.tick-box').nth(3).focus();
    await page.keyboard.press('Space');
    await page.getByLabel('Tag', { exact: true }).focus();
    await page.keyboard.type('Клавіші');
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('1 customer got the tag').waitFor();
    expect(await tagged(page, 'Клавіші')).toBe(1);
  });
});
