import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { makeCompany, makeUser } from '../make.ts';
import { openSite, type Site, signIn } from './site.ts';
import { textOf } from './texts.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

async function shop(javaScriptEnabled: boolean): Promise<Page> {
  const company = await makeCompany(site.portal);
  const page = await site.open({ javaScriptEnabled });
  await signIn(page, await makeUser(site.portal, { company }));
  return page;
}

const file = (text: string) => ({ name: 'clients.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
const TEXT = 'Name;Contact;E-mail\nOlena;0671111111;o@example.com\nIvan;12;\n';

async function choose(page: Page): Promise<void> {
  await page.goto('/imports');
  await page.getByRole('link', { name: 'Import a file' }).first().click();
  await page.getByLabel('File').setInputFiles(file(TEXT));
  await page.getByRole('button', { name: 'Read the file' }).click();
}

const tile = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'What becomes of the rows' }).getByRole('link', { name });

describe('customers from a file', () => {
  test('C-12 C-13 without JavaScript: choose, say the columns, look at the check, import, read the report', async () => {
    const page = await shop(false);
    await choose(page);
    await page.getByLabel('What “Contact” is').selectOption({ label: 'Phone' });
    await page.getByRole('button', { name: 'Preview' }).click();
    expect(await textOf(page.locator('#preview'))).toContain('+380 67 111 1111');
    await page.getByRole('button', { name: 'Check all rows' }).click();
    await site.portal.runJobs();
    await page.getByRole('link', { name: 'Look again' }).click();
    expect(await textOf(tile(page, 'New'))).toContain('1');
    await tile(page, 'Refused').click();
    expect(await textOf(page.locator('tbody'))).toContain('“12” is no phone number');
    await page.getByRole('link', { name: 'Import…' }).click();
    expect(await textOf(page.getByRole('main'))).toContain('cannot be undone');
    await page.getByRole('button', { name: 'Import' }).click();
    await site.portal.runJobs();
    await page.getByRole('link', { name: 'Look again' }).click();
    await tile(page, 'New').click();
    await page.getByRole('link', { name: 'Olena' }).click();
    expect(await textOf(page.getByRole('heading', { level: 1 }))).toContain('Olena');
  });

  test('C-13 the page goes on by itself when the rows have been checked, and can be worked by the keyboard alone', async () => {
    const page = await shop(true);
    await choose(page);
    const columns = page.getByLabel('What “Contact” is');
    await columns.focus();
    await page.keyboard.type('Ph');
    expect(await columns.inputValue()).toBe('phone');
    await page.getByRole('button', { name: 'Check all rows' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('progressbar').waitFor();
    await site.portal.runJobs();
    await tile(page, 'New').waitFor();
    expect(await textOf(page.getByRole('main'))).toContain('Nothing has been written yet');
  });
});
