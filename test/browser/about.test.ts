import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { sql } from '../../src/platform/db.ts';
import { buy, codeTo, newPhone, publish } from '../about/make.ts';
import { makeCompany } from '../make.ts';
import { keyOfPhone } from '../setup/phone-key.ts';
import { faultsOf } from './look.ts';
import { collectComplaints, openSite, type Site } from './site.ts';
import { textOf } from './texts.ts';

// Each look is two sizes with all rules and two more for the colours.

let site: Site;
let page: Page;
const complaints: string[] = [];
beforeAll(async () => {
  site = await openSite();
  page = await site.open({ javaScriptEnabled: false });
});
afterAll(() => site.close());

const heading = () => textOf(page.getByRole('heading', { level: 1 }));
const main = () => textOf(page.getByRole('main'));
const LONG = 'Donaudampfschifffahrtsgesellschaft'.repeat(4);

/** Somebody about whom two companies published, and one looked. */
async function reviewed(): Promise<string> {
  const phone = newPhone();
  const one = await makeCompany(site.portal, { name: 'Lampka' });
  const two = await makeCompany(site.portal, { name: `Gartenhaus ${LONG}` });
  await buy(site.portal, one, { phones: [phone], name: 'Olena' });
  await publish(site.portal, one, phone, { text: `Did not come for the parcel. ${LONG}` });
  await publish(site.portal, two, phone, { sentiment: 'positive', reason: 'good_buyer', text: 'Fine' });
  await site.portal.tenancy.inCompany(two, ({ tables }) =>
    tables.reviewLook.create({ data: { companyId: two.id, phoneKey: keyOfPhone(phone) } }),
  );
  return phone;
}

async function prove(phone: string): Promise<void> {
  await page.goto('/about-me');
  await page.getByLabel('Country').selectOption('UA');
  await page.getByLabel('Phone number').fill(`0${phone.slice(4)}`);
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.getByLabel('Code from the SMS').fill(await codeTo(site.portal, phone));
  await page.getByRole('button', { name: 'Go on' }).click();
}

test('without JavaScript: a number is proved, reviews are answered and disputed, the data is taken and erased, one leaves', async () => {
  const phone = await reviewed();
  await page.goto('/about-me');
  await page.getByRole('link', { name: 'Українська' }).click();
  expect(await heading()).toBe('Що про вас знають компанії?');
  await page.getByRole('link', { name: 'English' }).click();
  await page.getByLabel('Country').selectOption('UA');
  await page.getByLabel('Phone number').fill('12');
  await page.getByRole('button', { name: 'Send me a code' }).click();
  expect(await main()).toContain('This is no phone number');
  expect(await page.getByLabel('Country').inputValue()).toBe('UA');
  await prove(phone);
  expect(await heading()).toContain('About your number');
  const review = page.getByRole('article', { name: 'Lampka' });
  await review.getByRole('link', { name: 'Answer' }).click();
  await page.getByLabel('Your answer').fill('I was ill that week.');
  await page.getByRole('button', { name: 'Send the answer' }).click();
  expect(await textOf(review)).toContain('being read by a moderator');
  await review.getByRole('link', { name: 'This is not true' }).click();
  await page.getByLabel('What is not true?').fill('I came the next day.');
  await page.getByRole('button', { name: 'Send it' }).click();
  expect(await textOf(review)).toContain('being looked into');
  await page.getByRole('link', { name: 'Object', exact: true }).click();
  await page.getByRole('button', { name: 'Object to the sharing' }).click();
  expect(await main()).toContain('hidden until it is decided');
  await page.getByRole('button', { name: 'Make a copy' }).click();
  await site.portal.runJobs();
  await page.getByRole('link', { name: 'Look again' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^About my number \d{4}-\d\d-\d\d\.json$/);
  await page.getByRole('link', { name: 'Erase' }).click();
  await page.getByRole('button', { name: 'Erase for good' }).click();
  await site.portal.runJobs();
  await page.getByRole('link', { name: 'Look again' }).click();
  expect(await textOf(page.locator('#erasure'))).toContain('1 company · 1 order');
  await page.getByRole('button', { name: 'Leave' }).click();
  expect(await main()).toContain('You have left');
  await page.goBack();
  await page.reload();
  expect(await main()).toContain('Send me a code');
});

test('every step is fit for everybody, in light and dark, at 1280 and 360 px, and without a complaint of the browser', async () => {
  const phone = await reviewed();
  // Whoever looks for hurdles does so with a script.
  page = await site.open();
  collectComplaints(page, complaints);
  await page.goto('/about-me');
  expect(await faultsOf(page)).toEqual([]);
  await page.getByLabel('Phone number').fill(phone);
  await page.getByRole('button', { name: 'Send me a code' }).click();
  expect(await faultsOf(page)).toEqual([]);
  await page.getByLabel('Code from the SMS').fill('12345');
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByText('The code has six digits.').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  complaints.splice(0);
  await page.getByLabel('Code from the SMS').fill(await codeTo(site.portal, phone));
  await page.getByRole('button', { name: 'Go on' }).click();
  expect(await faultsOf(page)).toEqual([]);
  const review = page.getByRole('article', { name: 'Lampka' });
  await review.getByRole('link', { name: 'Answer' }).click();
  expect(await faultsOf(page)).toEqual([]);
  await page.getByLabel('Your answer').fill('I was ill that week.');
  await page.getByRole('button', { name: 'Send the answer' }).click();
  await review.getByRole('link', { name: 'This is not true' }).click();
  await page.getByLabel('What is not true?').fill(LONG);
  await page.getByRole('button', { name: 'Send it' }).click();
  await page.goto('/about-me/erasure');
  expect(await faultsOf(page)).toEqual([]);
  await page.goto('/about-me/objection');
  expect(await faultsOf(page)).toEqual([]);
  await page.getByLabel('Why do you object?').fill(LONG);
  await page.getByRole('button', { name: 'Object to the sharing' }).click();
  await page.getByRole('button', { name: 'Make a copy' }).click();
  await site.portal.runJobs();
  await site.portal.database.prisma.$executeRaw(
    sql`update reply set state = 'refused', answer = ${`No names, please. ${LONG}`}, decided_at = now()`,
  );
  await page.goto('/about-me');
  expect(await faultsOf(page)).toEqual([]);
  expect(complaints).toEqual([]);
});
