import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { OPENAPI_ADDRESS } from '../../src/api/docs-page.ts';
import { sql } from '../../src/platform/db.ts';
import { routes } from '../../src/routes.ts';
import { type Everything, makeEverything } from './everything.ts';
import { faultsOf } from './look.ts';
import { collectComplaints, openSite, type Site, signIn } from './site.ts';

// Taken from the route table: a page that is added tomorrow is looked at tomorrow.
const LEAD_ON = ['/', '/settings'];
const NO_PAGES = ['/healthz', '/readyz', '/metrics', OPENAPI_ADDRESS, '/customers/total', '/exports/:id/file'];
const pages = routes.filter(
  ({ method, path, permission }) =>
    method === 'GET' && !permission.startsWith('api:') && ![...LEAD_ON, ...NO_PAGES].includes(path),
);
const open = pages.filter(({ permission }) => permission === 'public' || permission === 'loopback');
const closed = pages.filter((page) => !open.includes(page));

// What else these pages can look like.
const STATES = [
  '/customers?where=gender:is:female&where=orders:gte:1&where=nonsense&add=activity&per=50',
  '/customers?add=gender',
  '/customers?add=region',
  '/customers?add=orders&op=gte&value=many',
  '/customers?q=nobody+has+this+name',
  '/customers?page=2&sort=-sum',
  '/customers/:customer/messages?thread=t:t-1',
  '/orders?customer=none',
  '/orders?q=no-such-order',
  '/no-such-page',
];

// Two looks with all rules, two more for the colours: on a busy machine that takes its time.
jest.setTimeout(120_000);

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
  await member.emulateMedia({ colorScheme: 'light' });
  await look(member, '/customers?add=orders');
  await chooseTheme('auto');
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
    if (kind === 'token') return path.startsWith('/invitations') ? all.invitation : all.reset;
    const id = all.ids[kind as keyof Everything['ids']];
    if (!id) throw new Error(`${path}: there is no ${kind} to look at`);
    return id;
  });
}

const chooseTheme = (theme: string) =>
  site.portal.database.prisma.$executeRaw(sql`update app_user set theme = ${theme} where id = ${all.admin.id}::uuid`);
