import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { codeOf, HALF_MINUTE } from '../auth/second-factor-make.ts';
import { makeCompany, makeUser, type TestUser } from '../make.ts';
import { faultsOf } from './look.ts';
import { openSite, type Site, signIn } from './site.ts';
import { countOf, textOf, textsOf } from './texts.ts';

let site: Site;
let user: TestUser;
let now: Date;
beforeAll(async () => {
  site = await openSite();
  user = await makeUser(site.portal, { company: await makeCompany(site.portal) });
  now = new Date();
  site.portal.setNow(now);
});
afterAll(() => site.close());

/** The app on the phone, half a minute later. */
function nextCode(secret: string): string {
  now = new Date(now.getTime() + HALF_MINUTE);
  site.portal.setNow(now);
  return codeOf(secret, now);
}

describe('without JavaScript and with the keyboard alone', () => {
  let page: Page;
  let secret: string;
  let recovery: string[];

  test('one sets two-factor sign-in up, and takes the recovery codes along as a file', async () => {
    page = await site.open({ javaScriptEnabled: false });
    await signIn(page, user);
    await page.goto('/profile');
    await press(page, page.getByRole('link', { name: 'Two-factor sign-in' }));
    await type(page, page.getByLabel('Current password'), user.password);
    const picture = page.getByRole('img', { name: /QR code/ });
    await picture.waitFor();
    expect((await picture.boundingBox())?.width).toBeGreaterThan(150);
    secret = await textOf(page.locator('.factor-secret'));
    await type(page, page.getByLabel('Code'), nextCode(secret));
    await page.getByRole('heading', { name: 'Recovery codes' }).waitFor();
    recovery = await textsOf(page.locator('.factor-codes code'));
    const download = page.waitForEvent('download');
    await press(page, page.getByRole('link', { name: 'Download as text' }));
    expect((await download).suggestedFilename()).toBe('clientele-recovery-codes.txt');
    const chunks = [];
    for await (const chunk of await (await download).createReadStream()) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    expect(recovery.filter((code) => !text.includes(code))).toEqual([]);
  });

  test('one signs in with the code of the app, and is where one wanted to be', async () => {
    const own = await site.open({ javaScriptEnabled: false });
    await own.goto('/profile/sessions');
    await fillPassword(own);
    await own.getByRole('heading', { name: 'Second step' }).waitFor();
    await type(own, own.getByLabel('Code'), '000000');
    expect(await textOf(own.locator('.field-error'))).toContain('This code is wrong');
    await type(own, own.getByLabel('Code'), nextCode(secret));
    await own.getByRole('heading', { name: 'Where you are signed in' }).waitFor();
    expect(await countOf(own.getByText('this one'))).toBe(1);
  });

  test('one signs in with a recovery code, and ends the other sessions', async () => {
    const own = await site.open({ javaScriptEnabled: false });
    await own.goto('/profile/sessions');
    await fillPassword(own);
    await type(own, own.getByLabel('Code'), recovery[0] ?? '');
    expect(await textOf(own.getByRole('status'))).toContain('9 are left');
    await press(own, own.getByRole('button', { name: 'End all others' }));
    await own.getByText('You are signed in nowhere else.').waitFor();
    await page.goto('/profile');
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  test('one turns it off again', async () => {
    await page.goto('/profile/security');
    await fillPassword(page);
    await type(page, page.getByLabel('Code'), nextCode(secret));
    await press(page, page.getByRole('link', { name: 'Turn off' }));
    await page.getByLabel('Current password').fill(user.password);
    await type(page, page.getByLabel('Code'), nextCode(secret));
    await page.getByRole('heading', { name: 'Off' }).waitFor();
  });

  async function fillPassword(own: Page): Promise<void> {
    await own.getByLabel('E-mail').fill(user.email);
    await type(own, own.getByLabel('Password'), user.password);
  }
});

test('every step is fit for everybody, in light and dark, at 1280 and 360 px', async () => {
  const person = await makeUser(site.portal, { company: await makeCompany(site.portal) });
  const page = await site.open();
  await signIn(page, person);
  const faults: string[] = [];
  const look = async (what: string) => faults.push(...(await faultsOf(page)).map((fault) => `${what}: ${fault}`));
  await page.goto('/profile/security');
  await page.getByLabel('Current password').fill(person.password);
  await page.getByRole('button', { name: 'Set up' }).click();
  await page.locator('.factor-secret').waitFor();
  await look('setup');
  const secret = await textOf(page.locator('.factor-secret'));
  await type(page, page.getByLabel('Code'), nextCode(secret));
  await page.locator('.factor-codes').waitFor();
  await look('codes');
  for (const path of ['/profile/security', '/profile/security/removal']) {
    await page.goto(path);
    await look(path);
  }
  const half = await site.open();
  await half.goto('/login');
  await half.getByLabel('E-mail').fill(person.email);
  await type(half, half.getByLabel('Password'), person.password);
  await half.getByRole('heading', { name: 'Second step' }).waitFor();
  faults.push(...(await faultsOf(half)));
  expect(faults).toEqual([]);
});

/** Tab leads there, and Enter does the rest. */
async function press(page: Page, what: Locator): Promise<void> {
  await tabTo(page, what);
  await page.keyboard.press('Enter');
}

async function type(page: Page, field: Locator, text: string): Promise<void> {
  await field.focus();
  await field.fill('');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

const MOST = 80;

async function tabTo(page: Page, what: Locator): Promise<void> {
  await what.waitFor();
  for (let stop = 0; stop < MOST; stop++) {
    if (
      await what.evaluate(
        (element: { ownerDocument: { activeElement: unknown } }) => element === element.ownerDocument.activeElement,
      )
    )
      return;
    await page.keyboard.press('Tab');
  }
  throw new Error('Tab does not lead there');
}
