import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { OPENAPI_ADDRESS } from '../../src/api/docs-page.ts';
import { sql } from '../../src/platform/db.ts';
import { routes } from '../../src/routes.ts';
import { makeCompany, makeUser } from '../make.ts';
import { type Everything, makeEverything } from './everything.ts';
import { faultsOf } from './look.ts';
import { collectComplaints, openSite, PHONE, type Site, signIn } from './site.ts';
import { countOf } from './texts.ts';

// Taken from the route table: a page that is added tomorrow is looked at tomorrow.
const LEAD_ON = ['/', '/settings'];
const NO_PAGES = ['/healthz', '/readyz', '/metrics', OPENAPI_ADDRESS, '/customers/total'];
// Pieces of a page.
const PIECES = /\/count$|^\/segments\/coverage$/;
const pages = routes.filter(
  ({ method, path, permission }) =>
    method === 'GET' &&
    !permission.startsWith('api:') &&
    ![...LEAD_ON, ...NO_PAGES].includes(path) &&
    !path.endsWith('/file') &&
    !PIECES.test(path),
);
const open = pages.filter(({ permission }) => permission === 'public' || permission === 'loopback');
const closed = pages.filter((page) => !open.includes(page));

// What else these pages can look like.
const STATES = [
  '/customers?where=gender:is:female&where=orders:gte:1&where=nonsense&add=activity&per=50',
  '/customers?where=any(gender:is:female,all(orders:gte:1,none(region:is:Lviv)))&where=any(colour:is:red)&into=0',
  '/customers?where=gender:is:female&add=tag&into=0',
  '/customers?segment=:segment',
  '/customers?where=gender:is:female&edit=:segment',
  '/customers?add=gender',
  '/customers?add=region',
  '/customers?add=orders&op=gte&value=many',
  '/customers?where=gender:is:female&select=page',
  '/customers?select=all',
  '/customers?q=nobody+has+this+name',
  '/customers?page=2&sort=-sum',
  '/customers/:customer/messages?thread=t:t-1',
  '/customers/:customer/messages?thread=:talk',
  '/u/nowhere',
  '/orders?customer=none',
  '/orders?q=no-such-order',
  '/sms?kind=one',
  '/sms/new?filter=where%3Dorders%253Agte%253A1',
  '/sms/:draft',
  '/sms/:campaign?show=failed',
  '/sms/:campaign?show=skipped',
  '/sms/stops?q=0671234567',
  '/sms/stops?q=0670000000',
  '/customers?where=consent:is:yes&add=consent',
  '/no-such-page',
];

let site: Site;
let all: Everything;
let stranger: Page;
let member: Page;
let complaints: string[];
beforeAll(async () => {
  site = await openSite();
  all = await makeEverything(site.portal);
  [stranger, member] = [await site.open(), await site.open()];
  complaints = [];
  for (const page of [stranger, member]) collectComplaints(page, complaints);
  await signIn(member, all.admin);
});
afterAll(() => site.close());

describe('fit for everybody, in light and dark, at 1280 and 360 px, and without a complaint of the browser:', () => {
  test.each(open.map(({ path }) => path))('%s', (path) => look(stranger, path));
  test.each(closed.map(({ path }) => path))('%s', (path) => look(member, path));
  test.each(STATES)('%s', (path) => look(member, path));
});

test('who chose dark has it, whatever the system says', async () => {
  await chooseTheme('dark');
  await look(member, '/customers?add=orders');
  expect(await member.locator('html').getAttribute('data-bs-theme')).toBe('dark');
  await chooseTheme('auto');
});

test('every menu fits where it opens', async () => {
  await member.goto('/customers');
  const menus = await countOf(member.locator('details.pop'));
  expect(menus).toBe(5);
  for (let at = 0; at < menus; at++) {
    await member.evaluate(
      `document.querySelectorAll('details.pop').forEach((menu, at) => { menu.open = at === ${at}; })`,
    );
    expect(await faultsOf(member, '.pop[open]')).toEqual([]);
    const { x = 0, width = 0 } = (await member.locator('.pop[open] .pop-panel').boundingBox()) ?? {};
    expect([x >= 0, x + width <= PHONE.viewport.width]).toEqual([true, true]);
  }
});

test('a form that was not understood says so to everybody', async () => {
  await member.goto('/admin/companies/new');
  await member.getByLabel('Name', { exact: true }).fill(' ');
  await member.getByLabel('Short name').fill('No good');
  await member.getByRole('button', { name: 'Make the company' }).click();
  await member.getByRole('alert').waitFor();
  expect(await faultsOf(member)).toEqual([]);
  complaints.splice(0);
});

test('a new key is shown once, to everybody', async () => {
  await member.goto('/settings/keys');
  await member.getByLabel('What is it for?').fill('Shop');
  await member.getByRole('button', { name: 'Make the key' }).click();
  await member.getByRole('button', { name: 'Copy' }).waitFor();
  expect(await faultsOf(member)).toEqual([]);
});

test('P-05 a company without anything, and without a plan, is told what to do', async () => {
  const newcomer = await site.open();
  collectComplaints(newcomer, complaints);
  await signIn(newcomer, await makeUser(site.portal, { company: await makeCompany(site.portal, { plan: 'free' }) }));
  for (const path of ['/customers', '/orders', '/exports', '/notices']) await look(newcomer, path);
});

/** Goes there and looks. An address that is no good one is part of it: 404 and 422 are pages too. */
async function look(page: Page, path: string): Promise<void> {
  const response = await page.goto(addressOf(path));
  const status = response?.status() ?? 0;
  if (!STATES.includes(path)) expect(status).toBe(200);
  expect(await faultsOf(page)).toEqual([]);
  // The browser says so whenever a page comes with such a status.
  const expected = status >= 400 ? `status of ${status}` : null;
  expect(complaints.splice(0).filter((complaint) => !expected || !complaint.includes(expected))).toEqual([]);
}

/** The path with the ids of the shop in it: `:id` by what the route says, in our own addresses by the kind. */
function addressOf(path: string): string {
  const route = pages.find((each) => each.path === path);
  return path.replace(/:(\w+)(?=[/?]|$)/g, (_, name: string) => {
    const kind = route?.ids?.[name] ?? name;
    if (kind === 'key' && path.startsWith('/admin')) return all.portalKey;
    if (kind === 'talk') return encodeURIComponent(all.talk);
    if (path.startsWith('/u/')) return all.stopLink;
    if (kind === 'token') return path.startsWith('/invitations') ? all.invitation : all.reset;
    const id = all.ids[kind as keyof Everything['ids']];
    if (!id) throw new Error(`${path}: there is no ${kind} to look at`);
    return id;
  });
}

const chooseTheme = (theme: string) =>
  site.portal.database.prisma.$executeRaw(sql`update app_user set theme = ${theme} where id = ${all.admin.id}::uuid`);
