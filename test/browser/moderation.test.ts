import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { makeCompany, makeUser, type TestUser } from '../make.ts';
import { publishReview, writeDispute, writeReply, writeReview } from '../moderation/make.ts';
import { faultsOf } from './look.ts';
import { collectComplaints, DESK, openSite, type Site, signIn } from './site.ts';
import { textOf } from './texts.ts';

let site: Site;
let company: Company;
let author: TestUser;
let page: Page;
let other: Page;
const complaints: string[] = [];
beforeAll(async () => {
  site = await openSite();
  company = await makeCompany(site.portal, { name: 'Honey & Bees' });
  author = await makeUser(site.portal, { company });
  [page, other] = [await site.open(), await site.open()];
  for (const each of [page, other]) collectComplaints(each, complaints);
  await signIn(page, await makeUser(site.portal, { moderator: true, name: 'Anna' }));
  await signIn(other, await makeUser(site.portal, { moderator: true, name: 'Bohdan' }));
});
afterAll(() => site.close());

const waiting = async () => {
  const [row] = await site.portal.database.prisma.$queryRaw<{ n: number }[]>(
    sql`select count(*)::int as n from moderation_case where decision is null`,
  );
  return row?.n;
};

const LONG = `${'x'.repeat(300)} ‮מימין לשמאל‬ <b>bold</b> {{name}} 💐\n\nA new line. `.repeat(4);

describe('P-88 moderating', () => {
  test('by keys alone: through the queue, take, publish, refuse with a reason, ask for a change', async () => {
    for (const text of ['The first', 'The second', 'The third'])
      await writeReview(site.portal, company, { user: author, text });
    await page.goto('/moderation');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    expect(await textOf(page.locator(':focus'))).toBe('The first');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Review about' }).waitFor();
    // A stray key does not decide: nobody has taken the case yet.
    await page.keyboard.press('p');
    expect(await textOf(page.locator(':focus'))).toBe('Publish');
    expect(await waiting()).toBe(3);
    await page.keyboard.press('c');
    await page.getByText('You have this case.').waitFor();
    await page.keyboard.press('p');
    await page.getByText('Published. Its author').waitFor();
    expect(await textOf(page.locator('.said').first())).toBe('The second');

    // The next one is taken already. Refusing asks for its reason first.
    await page.keyboard.press('r');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    await page.keyboard.press('r');
    await page.getByText('Refused, with the reason.').waitFor();

    await page.keyboard.press('e');
    await page.keyboard.type('When? c p r e j k');
    await page.keyboard.press('Escape');
    await page.keyboard.press('e');
    await page.getByText('The author is asked for a change.').waitFor();
    expect(await waiting()).toBe(0);
    await page.getByText('Nothing waits').waitFor();
  });

  test('keys can be seen, and switched off for good', async () => {
    const { caseId } = await writeReview(site.portal, company);
    await page.goto(`/moderation/${caseId}`);
    await page.keyboard.press('?');
    await page.getByText('take the case, or keep it').waitFor();
    await page.getByLabel('Single keys work').click();
    await page.reload();
    await page.keyboard.press('c');
    await page.keyboard.press('q');
    expect(new URL(page.url()).pathname).toBe(`/moderation/${caseId}`);
    await page.getByText('Keyboard shortcuts').click();
    await page.getByLabel('Single keys work').click();
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('q');
    await page.getByRole('heading', { name: 'Moderation' }).waitFor();
  });

  test('keys mean the same on a Cyrillic keyboard, and who writes keeps the case', async () => {
    const { caseId } = await writeReview(site.portal, company);
    const own = await site.open();
    await signIn(own, await makeUser(site.portal, { moderator: true }));
    await own.clock.install();
    await own.goto(`/moderation/${caseId}`);
    await own.dispatchEvent('main', 'keydown', { key: 'с', code: 'KeyC', bubbles: true });
    await own.getByText('You have this case.').waitFor();
    await own.getByLabel('Your words').fill('At once: no need to renew.');
    await own.clock.fastForward(61_000);
    const renewal = own.waitForRequest((request) => request.method() === 'POST');
    await own.getByLabel('Your words').fill('A minute later.');
    expect(new URL((await renewal).url()).pathname).toBe(`/moderation/${caseId}/claim`);
    expect(await own.getByLabel('Your words').inputValue()).toBe('A minute later.');
  });

  test('two with the same page open: the second sees who decided and keeps the words', async () => {
    const { caseId } = await writeReview(site.portal, company, { user: author });
    for (const each of [page, other]) await each.goto(`/moderation/${caseId}`);
    await other.getByLabel('Your words').fill('What exactly was ordered?');
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('Published. Its author').waitFor();
    await other.getByRole('button', { name: 'Ask for a change' }).click();
    await other.getByText('Published: Anna').waitFor();
    expect(await other.getByLabel('What you typed').inputValue()).toBe('What exactly was ordered?');
    expect(await faultsOf(other)).toEqual([]);
    expect(complaints.splice(0).filter((each) => !each.includes('status of 409'))).toEqual([]);
  });

  test('without JavaScript', async () => {
    const plain = await site.open({ javaScriptEnabled: false });
    await signIn(plain, await makeUser(site.portal, { moderator: true, name: 'Vira' }));
    const phone = '+380671119900';
    await writeReview(site.portal, company, { user: author, phone, text: 'Without a script' });
    await plain.goto('/moderation');
    await plain.getByRole('link', { name: 'Without a script' }).click();
    await plain.getByRole('button', { name: 'Take it' }).click();
    await plain.getByText('You have this case.').waitFor();
    await plain.getByRole('button', { name: 'Refuse' }).click();
    await plain.getByText('Choose a reason').waitFor();
    await plain.getByLabel('Reason, if you refuse').selectOption({ label: 'Another reason (say which below)' });
    await plain.getByLabel('Your words').fill('It is about somebody else.');
    await plain.getByRole('button', { name: 'Refuse' }).click();
    await plain.getByText('Refused, with the reason.').waitFor();
  });

  test('any text fits, in light and dark, on a desk and on a phone', async () => {
    await page.setViewportSize(DESK.viewport);
    const phone = '+380671119911';
    const published = await publishReview(site.portal, company, { phone, user: author, text: LONG.slice(0, 1900) });
    await writeReply(site.portal, published, LONG.slice(0, 1900));
    const { caseId: dispute } = await writeDispute(site.portal, published, {
      company: await makeCompany(site.portal, { name: 'y'.repeat(100) }),
    });
    const { caseId } = await writeReview(site.portal, await makeCompany(site.portal), {
      phone,
      user: author,
      text: `${LONG.slice(0, 1900)} call 067 123 45 67 https://example.com/${'z'.repeat(60)}`,
    });
    for (const path of [
      '/moderation',
      '/moderation?state=decided',
      '/moderation?state=mine',
      `/moderation/${caseId}`,
      `/moderation/${dispute}`,
    ]) {
      await page.goto(path);
      expect([path, await faultsOf(page)]).toEqual([path, []]);
    }
    await page.goto(`/moderation/${caseId}`);
    await page.getByRole('button', { name: 'Refuse' }).click();
    await page.getByRole('alert').first().waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.keyboard.press('?');
    expect(await faultsOf(page)).toEqual([]);
    complaints.splice(0);
  });
});
