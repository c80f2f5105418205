import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import * as ledger from '../../src/ledger/ledger.ts';
import { sql } from '../../src/platform/db.ts';
import { type Standin, startStandin } from '../standin/twilio.ts';
import { rows } from '../tags/make.ts';
import { faultsOf } from './look.ts';
import { makeShop, OLENA, type Shop } from './shop.ts';
import { openSite, PHONE, type Site, signIn } from './site.ts';
import { textOf } from './texts.ts';

let standin: Standin;
let site: Site;
let shop: Shop;
let plain: Page;
let page: Page;
beforeAll(async () => {
  standin = await startStandin({ token: 'token' });
  site = await openSite({
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'token',
    TWILIO_FROM: '+15005550006',
    TWILIO_API_URL: standin.url,
  });
  shop = await makeShop(site.portal);
  await site.portal.database.prisma.$executeRaw(
    sql`update company set quiet_hours = null, sms_cap = 0 where id = ${shop.company.id}::uuid`,
  );
  [plain, page] = [await site.open({ javaScriptEnabled: false }), await site.open()];
  await signIn(plain, shop.owner);
  await signIn(page, shop.owner);
});
afterAll(async () => {
  await site.close();
  await standin.close();
});

/** What the provider tells of everything that was handed over. */
async function deliverAll(): Promise<void> {
  const handedOver = await rows<{ id: string; sid: string }>(
    site.portal,
    sql`select id, sid from delivery where state = 'accepted'`,
  );
  const news = handedOver.map((each) => ({ ...each, state: 'delivered' as const, at: new Date() }));
  await site.portal.tenancy.inCompany(shop.company, (db) => ledger.hear(db, news));
}

const figure = (on: Page, label: string) =>
  textOf(
    on
      .locator('.sms-figure', { has: on.locator('dt', { hasText: label }) })
      .locator('dd')
      .first(),
  );

describe('without JavaScript', () => {
  test('P-07 a segment gets a campaign: written, checked, looked at, launched, delivered', async () => {
    await plain.goto('/sms');
    await plain.getByRole('link', { name: 'New campaign' }).first().click();
    await plain.getByLabel('Name').fill('Autumn');
    await plain.getByLabel('Recipients').selectOption({ label: 'Loyal' });
    await plain.getByLabel('Text', { exact: true }).fill('Hi {{first_name|friend}} — 20 % off');
    await plain.getByRole('button', { name: 'Check' }).click();
    expect(await textOf(plain.locator('#check'))).toContain('Unicode');
    expect(await textOf(plain.locator('#check mark').first())).toBe('—');
    await plain.getByRole('button', { name: 'Save and see recipients' }).last().click();
    const recipients = Number(await figure(plain, 'Recipients'));
    expect(recipients).toBeGreaterThan(0);
    await plain.getByRole('link', { name: 'See all recipients' }).click();
    expect(await textOf(plain.locator('tbody'))).toContain('20 % off');
    await plain.goBack();
    await plain.getByRole('link', { name: 'Launch…' }).click();
    await plain.getByRole('button', { name: /^Send to \d+ customer/ }).click();
    expect(await textOf(plain.getByRole('status'))).toContain('Launched');
    await site.portal.runJobs();
    await deliverAll();
    await plain.getByRole('link', { name: 'Look again' }).click();
    expect(await figure(plain, 'Delivered')).toBe(String(recipients));
    expect(await textOf(plain.locator('h1'))).toContain('Finished');
  });

  test('P-02 one customer gets a text, and its tab shows it', async () => {
    await plain.goto(`/customers/${shop.olena}`);
    await plain.getByRole('link', { name: 'SMS', exact: true }).last().click();
    await plain.getByLabel('Text', { exact: true }).fill('Your parcel is here');
    await plain.getByRole('button', { name: 'Send' }).click();
    expect(await textOf(plain.getByRole('status'))).toContain('on its way');
    await site.portal.runJobs();
    await plain.reload();
    expect(await textOf(plain.locator('main'))).toContain('Your parcel is here');
  });

  test('P-07 ticked customers are written to, paused, taken up again and cancelled', async () => {
    await plain.goto('/customers');
    for (const at of [0, 1]) await plain.locator('.tick-box').nth(at).check();
    await plain.getByRole('button', { name: 'Send SMS' }).click();
    expect(await textOf(plain.getByLabel('Recipients'))).toContain('2 chosen customers');
    await plain.getByLabel('Name').fill('Two of them');
    await plain.getByLabel('Text', { exact: true }).fill('Hi');
    await plain.getByRole('button', { name: 'Save and see recipients' }).last().click();
    await plain.getByRole('link', { name: 'Launch…' }).click();
    await plain.getByRole('button', { name: /^Send to/ }).click();
    await plain.getByRole('button', { name: 'Pause' }).click();
    expect(await textOf(plain.locator('main'))).toContain('Paused by hand');
    await plain.getByRole('button', { name: 'Go on' }).click();
    await plain.getByRole('link', { name: 'Cancel…' }).click();
    await plain.getByRole('button', { name: 'Cancel the campaign' }).click();
    expect(await textOf(plain.locator('h1'))).toContain('Cancelled');
    expect(await figure(plain, 'Skipped')).toBe('2');
  });
});

describe('with JavaScript', () => {
  test('P-02 fields are put in where one writes, and what it costs is told while one writes', async () => {
    await page.goto('/sms/new');
    await page.getByLabel('Recipients').selectOption({ label: 'All customers' });
    await page.getByLabel('Text', { exact: true }).fill('Hi ');
    await page.getByRole('button', { name: 'First word of the name' }).click();
    await page.keyboard.type('!');
    expect(await page.getByLabel('Text', { exact: true }).inputValue()).toBe('Hi {{first_name|friend}}!');
    await page.locator('#check', { hasText: '1 SMS' }).waitFor();
    await page.keyboard.type(' „');
    await page.locator('#check mark', { hasText: '„' }).first().waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByLabel('Show it for').fill(OLENA.name);
    await page.getByRole('button', { name: 'Check' }).click();
    await page.locator('#check', { hasText: 'Hi Olena!' }).waitFor();
    expect(page.url()).toContain('/sms/new');
  });

  test('P-07 from the keyboard alone a draft is written, launched, and followed until it has arrived', async () => {
    await page.goto('/sms/new?filter=q%3Dolena');
    await page.getByLabel('Name').focus();
    await page.keyboard.type('By keys');
    await page.getByLabel('Text', { exact: true }).focus();
    await page.keyboard.type('Hello');
    await page.getByRole('button', { name: 'Save and see recipients' }).last().press('Enter');
    await page.getByRole('link', { name: 'Launch…' }).press('Enter');
    await page.getByRole('button', { name: /^Send to/ }).press('Enter');
    await page.getByRole('status').waitFor();
    await page.locator('#copy').focus();
    await site.portal.runJobs();
    await page.locator('h1', { hasText: 'Finished' }).waitFor();
    await deliverAll();
    await page.locator('#campaign', { hasText: /\d delivered/ }).waitFor();
    // The page looked again by itself, and left the person where they were.
    expect(await page.evaluate('document.activeElement.id')).toBe('copy');
    await page.setViewportSize(PHONE.viewport);
    expect(await faultsOf(page)).toEqual([]);
  });
});
