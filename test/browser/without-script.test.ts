import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { letters, makeUser } from '../make.ts';
import { makeShop, OLENA, type Shop } from './shop.ts';
import { openSite, type Site, signIn } from './site.ts';
import { countOf, textOf, textsOf } from './texts.ts';

let site: Site;
let shop: Shop;
let page: Page;
beforeAll(async () => {
  site = await openSite();
  shop = await makeShop(site.portal);
  page = await site.open({ javaScriptEnabled: false });
  await signIn(page, shop.owner);
});
afterAll(() => site.close());

const names = () => page.locator('tbody .who');
const range = () => textOf(page.locator('.pager-range'));

describe('without JavaScript', () => {
  test('P-12 the sign-in leads to the list of customers, and signing out ends it', async () => {
    const own = await site.open({ javaScriptEnabled: false });
    await own.goto('/exports');
    await own.getByLabel('E-mail').fill(shop.owner.email);
    await own.getByLabel('Password').fill('not the password');
    await own.getByRole('button', { name: 'Sign in' }).click();
    expect(await textOf(own.getByRole('alert'))).toContain('wrong');
    expect(await own.getByLabel('E-mail').inputValue()).toBe(shop.owner.email);
    await own.getByLabel('Password').fill(shop.owner.password);
    await own.getByRole('button', { name: 'Sign in' }).click();
    expect(await heading(own)).toBe('Exports');
    await own.getByRole('link', { name: 'Customers', exact: true }).click();
    expect(await heading(own)).toBe('Customers');
    await openPerson(own);
    await own.getByRole('button', { name: 'Sign out' }).click();
    await own.goto('/customers');
    expect(await heading(own)).toBe('Sign in');
  });

  test('P-17 a ready group is one click away', async () => {
    await page.goto('/customers');
    await page.getByRole('navigation', { name: 'Segments' }).getByRole('link', { name: /^New/ }).click();
    expect(await textsOf(names())).toContain('Customer 11');
    expect(await textsOf(names())).not.toContain(OLENA.name);
  });

  test.each(['067-123-45-67', '+38 (067) 123 45 67', 'olena@EXAMPLE.com', 'koval olena', '1001'])(
    'P-50 P-51 the search finds a customer by %s',
    async (wanted) => {
      await page.goto('/customers');
      await page.getByRole('searchbox').fill(wanted);
      await page.getByRole('button', { name: 'Search', exact: true }).click();
      expect(await textsOf(names())).toEqual([OLENA.name]);
    },
  );

  test('P-32 one criterion is added, then the next; each can be taken away again', async () => {
    await page.goto('/customers');
    await chooseField('Gender');
    await page.getByLabel('male', { exact: true }).check();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    expect(await range()).toBe('1–20 of 22');
    await chooseField('Orders');
    await page.getByLabel('How it is compared').selectOption('more than');
    await page.getByRole('textbox', { name: 'Orders' }).fill('2');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    expect(await textsOf(page.locator('.chip > span'))).toEqual(['Gender: male', 'Orders: more than 2']);
    expect(await range()).toBe('1–5 of 5');
    await page.getByRole('link', { name: 'Remove the filter “Gender: male”' }).click();
    expect(await textsOf(page.locator('.chip > span'))).toEqual(['Orders: more than 2']);
    expect(await range()).toBe('1–11 of 11');
  });

  test('P-32 what cannot be a criterion is said beside what was typed', async () => {
    await page.goto('/customers?where=gender:is:male');
    await chooseField('Orders');
    await page.getByRole('textbox', { name: 'Orders' }).fill('many');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    expect(await textOf(page.getByRole('alert'))).toContain('Please enter a whole number');
    expect(await page.getByRole('textbox', { name: 'Orders' }).inputValue()).toBe('many');
    expect(await textsOf(page.locator('.chip > span'))).toEqual(['Gender: male']);
  });

  test('P-52 P-53 a page has 20 customers, or as many as one chooses; one can turn them and jump', async () => {
    await page.goto('/customers');
    expect([await countOf(names()), await range()]).toEqual([20, '1–20 of 45']);
    await page.getByRole('link', { name: 'Next page' }).click();
    expect([await countOf(names()), await range()]).toEqual([20, '21–40 of 45']);
    await page.getByRole('spinbutton', { name: 'Page' }).fill('3');
    await page.getByRole('button', { name: 'Go' }).click();
    expect([await countOf(names()), await range()]).toEqual([5, '41–45 of 45']);
    await page.getByRole('link', { name: '50', exact: true }).click();
    expect([await countOf(names()), await range()]).toEqual([45, '1–45 of 45']);
  });

  test('P-67 P-68 P-72 the name opens the customer with its tabs, and a number the order', async () => {
    await page.goto('/customers?q=Olena');
    await page.getByRole('link', { name: OLENA.name, exact: true }).click();
    expect(await heading(page)).toBe(OLENA.name);
    expect(await textOf(page.getByRole('main'))).toContain('written as 067 123 45 67');
    await openTab('Messages');
    expect(await textOf(page.getByRole('main'))).toContain('When will it come?');
    await openTab('Feedback');
    expect(await textOf(page.getByRole('main'))).toContain('The bulb was broken.');
    await openTab('Orders');
    const row = await textOf(page.locator('tbody tr', { hasText: '1001' }));
    for (const part of ['Desk lamp “Firefly”', '6 items', OLENA.name, 'card', 'courier', 'site', 'shipped']) {
      expect(row).toContain(part);
    }
    await page.getByRole('link', { name: '1001', exact: true }).click();
    expect(await heading(page)).toBe('Order 1001');
    expect(await textOf(page.getByRole('main'))).toContain('Khreshchatyk 1, Kyiv');
  });

  test('P-92 P-93 P-94 the export of what the list shows is asked for, announced, and taken', async () => {
    await page.goto('/customers?where=gender:is:male');
    await page.locator('summary', { hasText: 'Export' }).click();
    await page.getByRole('button', { name: 'Excel file (.xlsx)' }).click();
    expect(await heading(page)).toBe('Exports');
    expect(await textOf(page.getByRole('status'))).toContain(`The link will come by e-mail to ${shop.owner.email}`);
    expect(await textOf(page.getByRole('listitem').filter({ hasText: 'Excel' }))).toContain('Waiting');
    await site.portal.runJobs();
    await page.getByRole('link', { name: 'Look again' }).click();
    expect(await textOf(page.getByRole('listitem').filter({ hasText: 'Excel' }))).toContain('22 customers');
    expect(await letters(site.portal, shop.owner.email)).toHaveLength(1);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^Customers of .+\.xlsx$/);
    expect(await download.failure()).toBeNull();
    await page.getByRole('link', { name: '1 unread notice' }).click();
    expect(await textOf(page.getByRole('main'))).toContain('22 customers. The link has been sent by e-mail.');
  });

  test('language and look are changed from every page, and one stays where one is', async () => {
    const own = await site.open({ javaScriptEnabled: false });
    await signIn(own, await makeUser(site.portal, { company: shop.company, name: 'Vera' }));
    await own.goto('/customers?q=Olena');
    await openPerson(own);
    await own.getByRole('button', { name: 'Dark' }).click();
    expect(await own.locator('html').getAttribute('data-bs-theme')).toBe('dark');
    await openPerson(own);
    await own.getByRole('button', { name: 'Українська' }).click();
    expect(await own.locator('html').getAttribute('lang')).toBe('uk');
    expect(await heading(own)).toBe('Клієнти');
    expect(new URL(own.url()).search).toBe('?q=Olena');
    expect(await own.locator('html').getAttribute('data-bs-theme')).toBe('dark');
  });
});

const heading = (at: Page) => textOf(at.getByRole('heading', { level: 1 }));

const openPerson = (at: Page) => at.locator('.shell-tools summary').click();

async function chooseField(name: string): Promise<void> {
  await page.locator('summary', { hasText: 'Add filter' }).click();
  await page.locator('.list-tools').getByRole('link', { name, exact: true }).click();
}

const openTab = (name: string) =>
  page
    .getByRole('navigation', { name: 'About this customer' })
    .getByRole('link', { name: new RegExp(`^${name}`) })
    .click();
