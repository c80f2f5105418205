import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import * as customers from '../../src/customers/customers.ts';
import { NOW } from '../customers/shop.ts';
import { apiKey, makeApp, memberOf, type TestApp } from '../make.ts';
import { confirm, fieldsOf, linkTo, makeShop, open, type Shop, textOf } from './shop.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
  portal.setNow(NOW);
});
afterAll(() => portal.close());

const olena = { name: 'Олена Коваль', phones: ['067 123 45 67'], region: 'Kyiv' };
const twin = { name: 'Олена Коваль', phones: ['067 123 45 68'], emails: ['twin@example.com'], region: 'Lviv' };

/** Two whose numbers differ in a digit, found. */
async function twins(): Promise<Shop & { one: string; other: string; orders: string[] }> {
  const shop = await makeShop(portal);
  const first = await shop.order('1', olena, { total: '100.00' });
  const second = await shop.order('2', twin, { total: '50.00', placedAt: '2026-11-05T10:00:00Z' });
  await shop.find();
  return { ...shop, one: first.customerId, other: second.customerId, orders: [first.id, second.id] };
}

const pairOf = (html: string) => /id="pair-([^"]*)"/.exec(html)?.[1] ?? '';

describe('the page of duplicates', () => {
  test('says that there are none, and looks for them when told to', async () => {
    const shop = await makeShop(portal);
    expect(textOf(await open(shop, '/duplicates'))).toContain('No duplicates');
    await shop.order('1', olena);
    await shop.order('2', twin);
    await shop.owner.post('/duplicates/search');
    expect(textOf(await open(shop, '/duplicates'))).toContain('Looking for duplicates…');
    await portal.runJobs();
    const text = textOf(await open(shop, '/duplicates'));
    expect(text).toContain('1 thing was new.');
    expect(text).toContain('Their numbers differ in one digit: +380 67 123 4567 and +380 67 123 4568.');
  });

  test('shows both sides with contacts, orders, sums and dates, and counts in the menu', async () => {
    const shop = await twins();
    const text = textOf(await open(shop, '/duplicates'));
    for (const part of ['twin@example.com', 'Lviv', 'Kyiv', 'UAH 100.00', 'UAH 50.00', '5 Nov 2026']) {
      expect(text).toContain(part);
    }
    expect(text).toMatch(/Customers Duplicates 1 /);
  });

  test('can be filtered by reason; one put off waits under a filter of its own and in no count', async () => {
    const shop = await twins();
    expect(textOf(await open(shop, '/duplicates?reason=name'))).toContain('None of this kind');
    const html = await open(shop, '/duplicates?reason=digit');
    await shop.owner.post(`/duplicates/${pairOf(html)}/postponement`);
    const text = textOf(await open(shop, '/duplicates'));
    expect(text).toContain('No duplicates');
    expect(text).toContain('For later 1');
    expect(text).not.toContain('Duplicates 1');
    expect(textOf(await open(shop, '/duplicates?later=1'))).toContain('Put off by');
  });

  test('“not the same” keeps them apart for good, whatever names both, until it is taken back', async () => {
    const shop = await twins();
    const id = pairOf(await open(shop, '/duplicates'));
    const answer = await shop.owner.post(`/duplicates/${id}/dismissal`);
    const html = await open(shop, String(answer.headers.location));
    expect(textOf(html)).toContain('No duplicates');
    await shop.find();
    const both = await shop.order('3', { ...olena, phones: [...olena.phones, ...twin.phones] });
    expect([await shop.ownerOf(shop.orders[0] as string), both.customerId]).toEqual([shop.one, shop.one]);
    expect(textOf(await open(shop, `/orders/${both.id}`))).toContain('kept apart');

    const undo = linkTo(html, 'Take it back');
    await confirm(shop.owner, await open(shop, undo), undo);
    await shop.expectSound();
    const survivor = await shop.owner.get(`/customers/${shop.other}`);
    // The order that names both joins them now that nothing keeps them apart.
    expect([survivor.status, survivor.headers.location]).toEqual([301, `/customers/${shop.one}`]);
  });

  test('with “ask”, an order that names two raises a question that says so', async () => {
    const shop = await makeShop(portal, { identity: 'ask' });
    await shop.order('1', { name: 'Іван', phones: ['067 111 22 33'] });
    await shop.order('2', { name: 'Петро', emails: ['petro@example.com'] });
    await shop.order('3', { name: 'Іван', phones: ['067 111 22 33'], emails: ['petro@example.com'] });
    const html = await open(shop, '/duplicates');
    expect(textOf(html)).toContain('One order or message names both of them, over the e-mail petro@example.com.');
    expect(linkTo(html, 'Order 3')).toMatch(/^\/orders\//);
  });
});

describe('a question', () => {
  test('rests while one of them is deleted, in the list and in the menu, and is asked again when that one is brought back', async () => {
    const shop = await twins();
    const owner = {
      deleted: (ids: string[]) => portal.tenancy.inCompany(shop.company, (db) => customers.remove(db, ids, null)),
    };
    await owner.deleted([shop.other]);
    const text = textOf(await open(shop, '/duplicates'));
    expect(text).toContain('No duplicates');
    expect(text).not.toMatch(/Duplicates 1 /);
    await portal.tenancy.inCompany(shop.company, (db) => customers.restore(db, [shop.other], null));
    expect(textOf(await open(shop, '/duplicates'))).toMatch(/Duplicates 1 /);
  });

  test('follows one of them who is merged into a third, and rests when that makes them one', async () => {
    const shop = await twins();
    const third = await shop.order('t', { name: 'Третя', emails: ['third@example.com'] }, { total: '3.00' });
    await confirm(
      shop.owner,
      await open(shop, `/duplicates/merge?ids=${shop.other},${third.customerId}`),
      '/duplicates/merge',
    );
    const html = await open(shop, '/duplicates');
    expect(textOf(html)).toContain('UAH 53.00');
    await shop.find();
    expect(textOf(await open(shop, '/duplicates'))).toMatch(/Duplicates 1 /);
    await confirm(
      shop.owner,
      await open(shop, linkTo(html, 'Merge… : Олена Коваль and Олена Коваль')),
      '/duplicates/merge',
    );
    const text = textOf(await open(shop, '/duplicates'));
    expect(text).toContain('No duplicates');
    expect(text).not.toMatch(/Duplicates 1 /);
  });
});

describe('merging', () => {
  test('shows what comes of it, and does it', async () => {
    const shop = await twins();
    const preview = await open(shop, linkTo(await open(shop, '/duplicates'), 'Merge… : Олена Коваль and Олена Коваль'));
    const after = textOf(preview.split('id="after"')[1] ?? '');
    for (const part of ['+380 67 123 4567', '+380 67 123 4568', 'twin@example.com', 'UAH 150.00', 'Lviv', 'Orders 2']) {
      expect(after).toContain(part);
    }
    expect(await shop.ownerOf(shop.orders[1] as string)).toBe(shop.other);
    const target = await confirm(shop.owner, preview, '/duplicates/merge');
    expect(textOf(await open(shop, target))).toContain('They are one customer now.');
    const gone = await shop.owner.get(`/customers/${shop.other}/orders`);
    expect([gone.status, gone.headers.location]).toEqual([301, `/customers/${shop.one}/orders`]);
    await shop.expectSound();
    expect(textOf(await open(shop, '/duplicates'))).toContain('No duplicates');
  });

  test('of three ticked customers, into the oldest; the API leads there too, over merges of merges', async () => {
    const shop = await makeShop(portal);
    const people = [];
    for (const n of [1, 2, 3])
      people.push((await shop.order(`${n}`, { name: `N${n}`, emails: [`n${n}@example.com`] })).customerId);
    const [first, second, third] = people as [string, string, string];
    await confirm(shop.owner, await open(shop, `/duplicates/merge?ids=${third},${second}`), '/duplicates/merge');
    // The third is the second by now.
    await confirm(shop.owner, await open(shop, `/duplicates/merge?ids=${first}&ids=${third}`), '/duplicates/merge');
    const key = await apiKey(portal, shop.company);
    const answer = await request(portal.app)
      .get(`/api/v1/companies/${shop.company.slug}/customers/${third}`)
      .set('Authorization', `Bearer ${key}`);
    expect([answer.status, answer.headers.location]).toEqual([301, expect.stringContaining(`/customers/${first}`)]);
    const page = await shop.owner.get(`/customers/${third}`);
    expect([page.status, page.headers.location]).toEqual([301, `/customers/${first}`]);
    await shop.expectSound();
  });

  test('who changed meanwhile is not merged unseen: the person is told and sees how it is now', async () => {
    const shop = await twins();
    const preview = await open(shop, `/duplicates/merge?ids=${shop.one},${shop.other}`);
    await shop.order('9', olena, { total: '7.00' });
    const answer = await shop.owner.post('/duplicates/merge', fieldsOf(preview, '/duplicates/merge'));
    expect(answer.status).toBe(409);
    expect(textOf(answer.text)).toContain('Something has changed in the meantime');
    expect(textOf(answer.text)).toContain('UAH 157.00');
    expect(await shop.ownerOf(shop.orders[1] as string)).toBe(shop.other);
    expect((await shop.owner.get(`/customers/${shop.other}`)).status).toBe(200);
    await confirm(shop.owner, answer.text, '/duplicates/merge');
    expect((await shop.owner.get(`/customers/${shop.other}`)).status).toBe(301);
  });

  test.each([
    ['nobody', () => '/duplicates/merge'],
    ['one alone', (shop: { one: string }) => `/duplicates/merge?ids=${shop.one}`],
    ['one twice', (shop: { one: string }) => `/duplicates/merge?ids=${shop.one}&ids=${shop.one}`],
    ['what is no id', () => "/duplicates/merge?ids=1' or '1'='1&ids=x"],
  ])('of %s is no merge', async (_what, path) => {
    const shop = await twins();
    expect(textOf(await open(shop, path(shop)))).toContain('There is nothing to merge');
  });

  test('of more than ten is refused', async () => {
    const shop = await makeShop(portal);
    const ids: string[] = [];
    for (let n = 0; n < 11; n++) ids.push((await shop.order(`${n}`, { emails: [`n${n}@example.com`] })).customerId);
    expect(textOf(await open(shop, `/duplicates/merge?ids=${ids.join(',')}`))).toContain('At most 10 customers');
    const ten = await open(shop, `/duplicates/merge?ids=${ids.slice(1).join(',')}`);
    await confirm(shop.owner, ten, '/duplicates/merge');
    await shop.expectSound();
  });

  test('starts from ticked rows of the list', async () => {
    const shop = await twins();
    expect(await open(shop, '/customers')).toContain('formaction="/duplicates/merge/choice"');
    const answer = await shop.owner.post('/duplicates/merge/choice', {
      ids: [shop.one, shop.other],
      what: '',
      tag: '',
    });
    expect(answer.status).toBe(303);
    expect(textOf(await open(shop, String(answer.headers.location)))).toContain('Merge 2 customers');
  });

  test('starts from the question on the customer’s page, which says why', async () => {
    const shop = await twins();
    const html = await open(shop, `/customers/${shop.other}`);
    expect(textOf(html)).toContain('One digit apart');
    expect(textOf(await open(shop, linkTo(html, 'Lay them side by side')))).toContain('Merge 2 customers');
  });

  test('starts from a customer’s page too: found by the search', async () => {
    const shop = await twins();
    const tab = await open(shop, `/customers/${shop.one}/identity`);
    const search = await open(shop, `${linkTo(tab, 'Merge with…')}?q=twin@example.com`);
    expect(textOf(await open(shop, linkTo(search, 'Choose')))).toContain('Merge 2 customers');
    const nobody = await open(shop, `/customers/${shop.one}/merge?q=nobody+at+all`);
    expect(textOf(nobody)).toContain('Nobody else was found.');
  });
});

describe('a viewer', () => {
  test('reads duplicates and decisions, and is shown no button', async () => {
    const shop = await twins();
    const viewer = await memberOf(portal, shop.company, 'viewer');
    const html = (await viewer.get('/duplicates')).text;
    expect(textOf(html)).toContain('differ in one digit');
    expect(html).not.toMatch(/dismissal|postponement|duplicates\/merge/);
    expect((await viewer.get(`/customers/${shop.one}/identity`)).text).not.toContain('/merge');
    expect((await viewer.get('/duplicates/decisions')).status).toBe(200);
    expect((await viewer.get('/duplicates/merge')).status).toBe(403);
  });
});
