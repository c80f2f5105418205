import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Company } from '../../src/tenancy/company.ts';
import { joinCompany, makeCompany, makeUser } from '../make.ts';
import { faultsOf } from './look.ts';
import { openSite, type Site, signIn } from './site.ts';
import { textOf } from './texts.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

const FIRST = 'First & Sons, Makers of Household Goods for the Whole Family';

/** Somebody of two companies who types into a form of the first, and in another tab moves on to the second. */
async function twoTabs(javaScriptEnabled: boolean) {
  const first = await makeCompany(site.portal, { name: FIRST });
  const second = await makeCompany(site.portal, { name: 'Second' });
  const user = await makeUser(site.portal, { company: first });
  await joinCompany(site.portal, user, second);
  const page = await site.open({ javaScriptEnabled });
  await signIn(page, user);
  await page.goto('/settings/company');
  await page.getByLabel('Name').fill('Typed “name” & more');
  const other = await page.context().newPage();
  await other.goto('/companies');
  await other.getByRole('listitem').filter({ hasText: 'Second' }).getByRole('button', { name: 'Work here' }).click();
  await other.getByRole('heading', { name: 'Customers', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'This form belongs to another company' }).waitFor();
  return { first, second, page };
}

const nameOf = async ({ id }: Company) => (await site.portal.tenancy.companyOfJob({ companyId: id }))?.name;

describe.each([
  ['with JavaScript', true],
  ['without JavaScript', false],
])('a form saved from a tab of another company, %s', (_, javaScriptEnabled) => {
  test('is refused with a word, and sent where it belongs by one button', async () => {
    const { first, second, page } = await twoTabs(javaScriptEnabled);
    expect(await textOf(page.getByRole('main'))).toContain(`“${FIRST}”`);
    expect([await nameOf(first), await nameOf(second)]).toEqual([FIRST, 'Second']);
    await page.getByRole('button', { name: `Switch to ${FIRST} and send` }).click();
    await page.getByRole('status').filter({ hasText: 'Saved.' }).waitFor();
    expect(await page.getByLabel('Name').inputValue()).toBe('Typed “name” & more');
    expect([await nameOf(first), await nameOf(second)]).toEqual(['Typed “name” & more', 'Second']);
  });
});

test('who stays where they are now has changed nothing, and finds the typed words by Back', async () => {
  const { first, second, page } = await twoTabs(true);
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('link', { name: 'Stay in Second' }).click();
  await page.getByRole('heading', { name: 'Customers', exact: true }).waitFor();
  expect([await nameOf(first), await nameOf(second)]).toEqual([FIRST, 'Second']);
  await page.goBack();
  await page.goBack();
  expect(await page.getByLabel('Name').inputValue()).toBe('Typed “name” & more');
});
