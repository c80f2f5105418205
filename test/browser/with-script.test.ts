import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { sql } from '../../src/platform/db.ts';
import { makeShop, OLENA, type Shop } from './shop.ts';
import { openSite, type Site, signIn } from './site.ts';
import { countOf, textOf, textsOf } from './texts.ts';

let site: Site;
let shop: Shop;
let page: Page;
beforeAll(async () => {
  site = await openSite();
  shop = await makeShop(site.portal);
  page = await site.open();
  await signIn(page, shop.owner);
});
afterAll(() => site.close());

const execute = (statement: string) => site.portal.database.pool.query(statement);

/** Waits for the text to stand there. */
const shows = (selector: string, text: string) => page.locator(selector, { hasText: text }).waitFor();

describe('with JavaScript', () => {
  test('P-92 an export tells how far it is, and that it is ready, by itself', async () => {
    await page.goto('/customers');
    await page.locator('summary', { hasText: 'Export' }).click();
    await page.getByRole('button', { name: 'CSV file (.csv)' }).click();
    await shows('#exports', 'Waiting');
    await page.evaluate('window.stayed = true');
    await setExport('running');
    await shows('#exports', '20 of 45');
    expect(await page.getByRole('progressbar').getAttribute('value')).toBe('20');
    await setExport('queued');
    await site.portal.runJobs();
    await shows('#exports', 'Ready');
    await page.getByRole('link', { name: 'Download' }).waitFor();
    // Finished: it asks no more.
    expect(await countOf(page.locator('#exports[hx-get]'))).toBe(0);
    expect(await page.evaluate('window.stayed')).toBe(true);
  });

  test('a list that takes long to count is shown at once, and its number comes later', async () => {
    await beSlowForTheImpatient();
    const asked = page.waitForResponse((response) => response.url().includes('/customers/total?'));
    const response = await page.goto('/customers?where=gender:is:male');
    expect(await response?.text()).toContain('counting…');
    expect((await asked).status()).toBe(200);
    await shows('.pager-range', '1–20 of 22');
  });

  test('without JavaScript the number comes to who asks for it', async () => {
    await beSlowForTheImpatient();
    const plain = await site.open({ javaScriptEnabled: false });
    await signIn(plain, shop.owner);
    await plain.goto('/customers?where=gender:is:male');
    expect(await textOf(plain.locator('.pager-range'))).toContain('1–20 counting…');
    await plain.getByRole('link', { name: 'Count now' }).click();
    expect(await textOf(plain.locator('.pager-range'))).toBe('1–20 of 22');
    await plain.context().close();
  });

  test('P-32 Back brings the former filter, and what was found with it', async () => {
    await page.goto('/customers?where=gender:is:female&where=orders:gte:2');
    const found = await textsOf(page.locator('tbody .who'));
    await page.getByRole('link', { name: 'Remove the filter “Gender: female”' }).click();
    await page.waitForURL((url) => !url.search.includes('gender'));
    await page.getByRole('link', { name: OLENA.name, exact: true }).click();
    await page.getByRole('heading', { name: OLENA.name }).waitFor();
    await page.goBack();
    expect(await textsOf(page.locator('.chip > span'))).toEqual(['Orders: 2 or more']);
    await page.goBack();
    expect(await textsOf(page.locator('.chip > span'))).toEqual(['Gender: female', 'Orders: 2 or more']);
    expect(await textsOf(page.locator('tbody .who'))).toEqual(found);
  });

  test('a menu closes when one clicks elsewhere', async () => {
    await page.goto('/customers');
    await page.locator('summary', { hasText: 'Add filter' }).click();
    const entry = page.locator('.list-tools').getByRole('link', { name: 'Region' });
    expect(await entry.isVisible()).toBe(true);
    await page.getByRole('heading', { level: 1 }).click();
    expect(await entry.isVisible()).toBe(false);
  });
});

/** As the worker leaves the only export while it writes. */
const setExport = (state: 'queued' | 'running') =>
  site.portal.database.prisma.$executeRaw(sql`update export set state = ${state}, rows_total = 45, rows_done = 20`);

/** The database keeps everybody waiting who would wait less than a second for an answer. */
async function beSlowForTheImpatient(): Promise<void> {
  await execute(`create or replace function slow_for_the_impatient() returns boolean language plpgsql as $$
    begin
      if current_setting('statement_timeout') like '%ms' then perform pg_sleep(60); end if;
      return true;
    end $$`);
  await execute('drop policy if exists slow_for_the_impatient on customer');
  await execute('create policy slow_for_the_impatient on customer as restrictive using (slow_for_the_impatient())');
}
