import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { makeUser } from '../make.ts';
import { faultsOf } from './look.ts';
import { makeShop, type Shop } from './shop.ts';
import { collectComplaints, openSite, type Site, signIn } from './site.ts';

let site: Site;
let shop: Shop;
beforeAll(async () => {
  site = await openSite();
  shop = await makeShop(site.portal);
});
afterAll(() => site.close());

const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true }).click();
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();

test.each([
  ['with', true],
  ['without', false],
])(
  'P-06 P-54 P-58 a customer is added, its numbers put in order, edited and looked up in its history (%s JavaScript)',
  async (how, javaScriptEnabled) => {
    const page = await site.open({ javaScriptEnabled });
    const complaints: string[] = [];
    collectComplaints(page, complaints);
    await signIn(page, shop.owner);
    const name = `Iryna ${how}`;
    const number = (n: number) => `+3806311122${how === 'with' ? 1 : 2}${n}`;
    await page.goto('/customers');
    await page.getByRole('link', { name: 'Add customer' }).click();
    await page.getByLabel('Full name').fill(name);
    await page.getByLabel('Phone 1', { exact: true }).fill(number(1));
    await page.getByRole('group', { name: 'Phone 1: also reached by' }).getByLabel('Viber').check();
    await page.getByRole('button', { name: 'Another phone' }).click();
    await page.getByLabel('Phone 2', { exact: true }).fill(number(2));
    await page.getByRole('button', { name: 'Another phone' }).click();
    await page.getByLabel('Phone 3', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Move up: Phone 2' }).click();
    await page.getByRole('group', { name: 'Phone 2: also reached by' }).locator('[value=viber][checked]').waitFor();
    expect(await page.getByLabel('Full name').inputValue()).toBe(name);
    await page.getByLabel('Note').fill('Two lines:\nof a note');
    await save(page);
    await heading(page, name);
    await page.getByText('The customer was added.').waitFor();
    await page.getByText('of a note').waitFor();

    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    await page.getByLabel('Region').fill('Poltava');
    // Enter saves, and moves no number.
    await page.getByLabel('Region').press('Enter');
    await heading(page, name);
    await page.getByRole('link', { name: 'History', exact: true }).click();
    await page.getByText('Poltava').first().waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  },
);

test('P-06 the warning before a duplicate is fit for everybody', async () => {
  const page = await site.open();
  await signIn(page, shop.owner);
  await page.goto('/customers/new');
  await page.getByLabel('Full name').fill('Somebody');
  await page.getByLabel('Phone 1', { exact: true }).fill('067 123 45 67');
  await save(page);
  await page.getByRole('heading', { name: 'Is it perhaps somebody who is here already?' }).waitFor();
  await page.getByRole('link', { name: 'Open that one Olena Koval' }).waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save without that contact' }).click();
  await heading(page, 'Somebody');
  await page.context().close();
});

test('P-54 the second of two who edit is told, chooses and saves; the page is fit for everybody', async () => {
  const [mine, theirs] = [await site.open(), await site.open()];
  await signIn(mine, shop.owner);
  await signIn(theirs, await makeUser(site.portal, { company: shop.company, name: 'Olga Second' }));
  for (const page of [mine, theirs]) await page.goto(`/customers/${shop.olena}/edit`);
  await theirs.getByLabel('Full name').fill('Olena of Olga');
  await save(theirs);
  await heading(theirs, 'Olena of Olga');
  await mine.getByLabel('Full name').fill('Olena of mine');
  await mine.getByLabel('Note').fill('Mine alone');
  await save(mine);
  await heading(mine, 'Somebody else has saved meanwhile');
  await mine.getByText('Olga Second saved at').waitFor();
  expect(await faultsOf(mine)).toEqual([]);
  await mine.getByRole('group', { name: 'Full name' }).getByLabel('Keep what is saved').check();
  await mine.getByRole('button', { name: 'Save this choice' }).click();
  await heading(mine, 'Olena of Olga');
  await mine.getByText('Mine alone').waitFor();
  for (const page of [mine, theirs]) await page.context().close();
});

test('a customer is deleted after a question, and brought back by a click', async () => {
  const page = await site.open({ javaScriptEnabled: false });
  await signIn(page, shop.owner);
  await page.goto('/customers?q=Customer+7');
  await page.getByRole('link', { name: 'Edit Customer 7', exact: true }).click();
  await page.getByRole('link', { name: 'Delete' }).click();
  await heading(page, 'Delete Customer 7?');
  await page.getByRole('button', { name: 'Delete the customer' }).click();
  await heading(page, 'Deleted customers');
  await page.getByRole('button', { name: 'Bring back Customer 7' }).click();
  await heading(page, 'Customer 7');
  await page.getByText('The customer is back, as it was.').waitFor();
  await page.context().close();
});
