import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { makeShop, type Shop } from './shop.ts';
import { openSite, type Site, signIn } from './site.ts';
import { countOf, textOf } from './texts.ts';

let site: Site;
let shop: Shop;
beforeAll(async () => {
  site = await openSite();
  shop = await makeShop(site.portal);
});
afterAll(() => site.close());

async function member(javaScriptEnabled: boolean): Promise<Page> {
  const page = await site.open({ javaScriptEnabled });
  await signIn(page, shop.owner);
  return page;
}

describe('segments in the browser', () => {
  test('P-32 P-33 are built, saved, deleted and brought back without JavaScript', async () => {
    const page = await member(false);
    await page.goto('/customers?where=gender:is:male');
    await page.getByRole('link', { name: 'Add an alternative to “men”' }).click();
    await page.locator('.list-tools').getByRole('link', { name: 'Orders', exact: true }).first().click();
    await page.locator('#value').fill('2');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.locator('summary', { hasText: 'Save' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Men or often');
    await page.getByRole('button', { name: 'Save segment' }).click();
    expect(await textOf(page.getByRole('status'))).toContain('“Men or often” is saved.');
    expect(await textOf(page.locator('.groups [aria-current]'))).toContain('Men or often');
    await page.goto('/segments');
    expect(await textOf(page.locator('main'))).toContain('men or at least 2 orders');
    await page.getByRole('button', { name: 'Delete “Men or often”' }).click();
    await page.getByRole('button', { name: 'Restore “Men or often”' }).click();
    expect(await textOf(page.getByRole('status'))).toContain('is back');
    await page.context().close();
  });

  test('P-17 a number that takes long comes by itself, and the page stays', async () => {
    const page = await member(true);
    await page.goto('/customers?where=activity:before:1m');
    await page.locator('summary', { hasText: 'Save' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Asleep');
    await page.getByRole('button', { name: 'Save segment' }).click();
    const client = await site.portal.database.pool.connect();
    try {
      await client.query('begin; lock table customer in access exclusive mode');
      await page.goto('/segments');
      await page.evaluate('window.stayed = true');
      expect(await textOf(page.locator('main'))).toContain('counting…');
    } finally {
      await client.query('rollback');
      client.release();
    }
    await page.locator('li', { hasText: 'Asleep' }).locator('.segment-count', { hasText: /^\d+$/ }).waitFor();
    await page.locator('.coverage', { hasText: 'at once' }).waitFor();
    expect(await page.evaluate('window.stayed')).toBe(true);
    await page.context().close();
  });

  test.each([true, false])('P-17 tabs of a very big list get their numbers (script: %s)', async (script) => {
    const page = await member(script);
    const name = `Men of ${script}`;
    await page.goto('/customers?where=gender:is:male');
    await page.locator('summary', { hasText: 'Save' }).click();
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByRole('button', { name: 'Save segment' }).click();
    await site.portal.database.prisma.$executeRaw`update activity_rollup set customers = customers + 20001`;
    await page.goto('/customers');
    const wait = page.getByRole('link', { name: 'Some numbers take longer: wait for them' });
    if (script) await page.locator('.groups li', { hasText: name }).locator('.count', { hasText: /^\d+$/ }).waitFor();
    else await wait.click();
    expect(await countOf(wait)).toBe(0);
    if (!script) expect(await textOf(page.locator('main li', { hasText: name }).first())).toMatch(/\d/);
    await page.context().close();
  });
});
