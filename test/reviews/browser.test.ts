import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { makeReviews } from '../browser/reviews.ts';
import { openSite, PHONE, type Site, signIn } from '../browser/site.ts';
import { textOf } from '../browser/texts.ts';
import { makeCompany, makeUser } from '../make.ts';
import { bad, nextPhone, ordered, publishAll } from './make.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

/** Somebody at a company that has had an order from this number. */
async function seller(phone: string, options: Parameters<Site['open']>[0] = {}) {
  const company = await makeCompany(site.portal);
  const owner = await makeUser(site.portal, { company });
  const customer = await ordered(site.portal, company, { phones: [phone], name: 'Olena Koval' });
  const page = await site.open(options);
  await signIn(page, owner);
  await page.goto(`/customers/${customer}`);
  return { company, owner, page };
}

const main = (page: Page) => textOf(page.locator('main'));

test('P-79 P-80 P-82 P-84 P-86 P-87 without JavaScript, on a phone: from the customer to the review, over its rules, and back', async () => {
  const phone = nextPhone();
  const [author, reader] = [await seller(phone, { ...PHONE, javaScriptEnabled: false }), await seller(phone)];
  const { page } = author;
  await page.getByRole('link', { name: /^Reviews/ }).click();
  await page.getByRole('link', { name: 'Leave a review about the customer' }).click();
  expect(await main(page)).toContain('only where the buyer is objectively bad');
  await page.getByRole('radio', { name: /^Bad/ }).check();
  await page.getByLabel('Reason').selectOption({ label: 'Refused a parcel' });
  await page.getByLabel('What happened').fill('bad');
  await page.getByRole('button', { name: 'Send to the moderator' }).click();
  expect(await main(page)).toContain('a bad review needs facts');
  expect(await page.getByRole('radio', { name: /^Bad/ }).isChecked()).toBe(true);
  await page.getByLabel('What happened').fill(bad.text);
  await page.getByRole('button', { name: 'Send to the moderator' }).click();
  expect(await main(page)).toContain('Waits for a moderator');
  await publishAll(site.portal);
  await reader.page.getByRole('link', { name: /^Reviews/ }).click();
  expect(await main(reader.page)).toContain(bad.text);
});

test('P-89 with the keyboard alone: what is folded opens, and a review is disputed', async () => {
  const phone = nextPhone();
  const { company, owner, page } = await seller(phone);
  const { review } = await makeReviews(site.portal, company, owner, phone);
  await page.getByRole('link', { name: /^Reviews/ }).click();
  const fold = page.locator('summary', { hasText: 'older than 12 months' });
  const inside = page.locator('details', { has: fold }).locator('.said-text').first();
  expect(await inside.isVisible()).toBe(false);
  await fold.focus();
  await page.keyboard.press('Enter');
  await inside.waitFor({ state: 'visible' });
  await page.locator(`a[href$="${review}/dispute"]`).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Why is it not true?').fill('She takes every parcel.');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByText('You have disputed this').waitFor();
});
