import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import { NOW } from '../customers/shop.ts';
import { makeApp, type TestApp } from '../make.ts';
import { confirm, fieldsOf, linkTo, makeShop, open, type Shop, textOf } from './shop.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
  portal.setNow(NOW);
});
afterAll(() => portal.close());

const ann = { name: 'Ann', phones: ['067 111 22 33'] };
const ben = { name: 'Ben', emails: ['ben@example.com'] };
const both = { name: 'Ben', phones: ann.phones, emails: ben.emails };

interface Pair extends Shop {
  ann: string;
  ben: string;
  orders: Record<'ann' | 'ben', string>;
}

async function annAndBen(): Promise<Pair> {
  const shop = await makeShop(portal);
  const [first, second] = [await shop.order('a', ann), await shop.order('b', ben)];
  return { ...shop, ann: first.customerId, ben: second.customerId, orders: { ann: first.id, ben: second.id } };
}

async function merged(): Promise<Pair> {
  const shop = await annAndBen();
  await confirm(shop.owner, await open(shop, `/duplicates/merge?ids=${shop.ann},${shop.ben}`), '/duplicates/merge');
  return shop;
}

const identity = (shop: Pair) => open(shop, `/customers/${shop.ann}/identity`);

describe('splitting', () => {
  test('takes an earlier customer out again: what came after the merge goes by its own contacts, what names both stays', async () => {
    const shop = await merged();
    const later = await shop.order('c', { name: 'Ben', emails: ben.emails, phones: ['050 111 22 33'] });
    const split = linkTo(await identity(shop), 'Take out again');
    const preview = await open(shop, split);
    expect(textOf(preview)).toContain('Order b');
    const target = await confirm(shop.owner, preview, `/customers/${shop.ann}/split`);
    expect(textOf(await open(shop, target))).toContain('They are two customers now, and stay apart.');
    expect(await shop.ownerOf(shop.orders.ann)).toBe(shop.ann);
    expect([await shop.ownerOf(shop.orders.ben), await shop.ownerOf(later.id)]).toEqual([shop.ben, shop.ben]);
    expect((await shop.owner.get(`/customers/${shop.ben}`)).status).toBe(200);
    await shop.expectSound();
    // An account is stronger than a phone, a phone than an e-mail; and nothing is merged again.
    const strongest = await shop.order('d', both);
    expect(strongest.customerId).toBe(shop.ann);
    expect(textOf(await open(shop, `/orders/${strongest.id}`))).toContain('Of customers that are kept apart');
    expect((await shop.owner.get(`/customers/${shop.ben}`)).status).toBe(200);
    await shop.find();
    expect(textOf(await open(shop, '/duplicates'))).toContain('No duplicates');
  });

  test('gives ticked contacts to a new customer, with the orders that they prove', async () => {
    const shop = await makeShop(portal);
    const first = await shop.order('a', ann);
    const second = await shop.order('b', both);
    const third = await shop.order('c', ben);
    expect([second.customerId, third.customerId]).toEqual([first.customerId, first.customerId]);
    const path = `/customers/${first.customerId}/split`;
    const preview = await open(shop, `${path}?contact=${encodeURIComponent('email ben@example.com')}`);
    expect(textOf(preview.split('id="after"')[1] ?? '')).toMatch(/Ben \+380.* Ben new ben@/);
    await confirm(shop.owner, preview, path);
    // A phone is stronger than an e-mail.
    expect([await shop.ownerOf(first.id), await shop.ownerOf(second.id)]).toEqual([first.customerId, first.customerId]);
    expect([null, first.customerId]).not.toContain(await shop.ownerOf(third.id));
    await shop.expectSound();
  });

  test.each([
    ['every contact', ['phone +380671112233', 'email ben@example.com'], 'leave one'],
    ['a contact that is not there', ['email nobody@example.com'], 'not there any more'],
    ['nonsense', ['nonsense'], 'not there any more'],
  ])('of %s is refused', async (_what, contacts, words) => {
    const shop = await makeShop(portal);
    const { customerId } = await shop.order('a', both);
    const query = contacts.map((contact) => `contact=${encodeURIComponent(contact)}`).join('&');
    expect(textOf(await open(shop, `/customers/${customerId}/split?${query}`))).toContain(words);
    const answer = await shop.owner.post(`/customers/${customerId}/split`, { contact: contacts, stamp: 'x' });
    expect(answer.status).toBe(422);
  });

  test('of one who has a single contact has nothing to offer', async () => {
    const shop = await annAndBen();
    expect(textOf(await open(shop, `/customers/${shop.ann}/split`))).toContain('There is nothing to split');
    expect(await identity(shop)).not.toContain('/split');
  });

  test('of a merged customer leads to the survivor', async () => {
    const shop = await merged();
    const answer = await shop.owner.get(`/customers/${shop.ben}/split`);
    expect([answer.status, answer.headers.location]).toEqual([301, `/customers/${shop.ann}/split`]);
  });
});

describe('moving an order', () => {
  test('gives it to the customer who was found, and later ones like it follow', async () => {
    const shop = await annAndBen();
    const stays = await shop.order('a2', ann);
    const path = linkTo(await open(shop, `/orders/${shop.orders.ann}`), 'Belongs to another customer…');
    const found = await open(shop, `${path}?q=ben@example.com`);
    const preview = await open(shop, linkTo(found, 'Choose'));
    expect(textOf(preview)).toContain('Later orders with the same contacts and the same name will go to Ben too.');
    const target = await confirm(shop.owner, preview, path);
    expect(textOf(await open(shop, target))).toContain('A person put it here');
    expect([await shop.ownerOf(shop.orders.ann), await shop.ownerOf(stays.id)]).toEqual([shop.ben, shop.ann]);
    expect((await shop.order('c', ann)).customerId).toBe(shop.ben);
    await shop.expectSound();
    const undo = linkTo(await open(shop, '/duplicates/decisions'), 'Take back');
    await confirm(shop.owner, await open(shop, undo), undo);
    expect(await shop.ownerOf(shop.orders.ann)).toBe(shop.ann);
    await shop.expectSound();
  });

  test('to nobody, to a foreign customer or to where it is is refused', async () => {
    const [shop, other] = [await annAndBen(), await annAndBen()];
    const path = `/orders/${shop.orders.ann}/owner`;
    for (const customer of ['', 'nonsense', other.ben, shop.ann]) {
      expect((await shop.owner.post(path, { customer, stamp: 'x' })).status).toBe(422);
    }
    expect(await shop.ownerOf(shop.orders.ann)).toBe(shop.ann);
  });
});

describe('a shared contact', () => {
  test('no longer identifies: what only it had joined comes apart, until it is one person’s again', async () => {
    const shop = await makeShop(portal);
    const office = { emails: ['info@example.com'] };
    const first = await shop.order('a', { ...ann, ...office });
    const second = await shop.order('b', { name: 'Ben', phones: ['050 444 55 66'], ...office });
    const third = await shop.order('c', { name: 'Cora', ...office });
    expect([second.customerId, third.customerId]).toEqual([first.customerId, first.customerId]);
    const tab = await open(shop, `/customers/${first.customerId}/identity`);
    const path = [...tab.matchAll(/href="(\/duplicates\/sharing[^"]*)"/g)]
      .map(([, href]) => href ?? '')
      .find((href) => href.includes('info'));
    const preview = await open(shop, String(path).replaceAll('&#x3D;', '=').replaceAll('&amp;', '&'));
    expect(textOf(preview)).toContain('Mark the e-mail info@example.com as shared?');
    expect(textOf(preview)).toContain('→ nobody');
    await confirm(shop.owner, preview, '/duplicates/sharing');
    expect([await shop.ownerOf(first.id), await shop.ownerOf(third.id)]).toEqual([first.customerId, null]);
    expect([null, first.customerId]).not.toContain(await shop.ownerOf(second.id));
    await shop.expectSound();
    const again = await open(shop, linkTo(await open(shop, '/duplicates/sharing'), 'Not shared : info@example.com'));
    expect(textOf(again)).toContain('Is the e-mail info@example.com one person’s again?');
    await confirm(shop.owner, again, '/duplicates/sharing');
    expect(await shop.ownerOf(third.id)).toBe(await shop.ownerOf(first.id));
    await shop.expectSound();
  });

  test('of a customer who was deleted is released: for those who are left, and for the deleted one once it is back', async () => {
    const shop = await makeShop(portal);
    const office = { emails: ['info@example.com'] };
    const all = ['info@example.com', 'office@example.com'];
    const first = await shop.order('a', { ...ann, emails: all });
    const third = await shop.order('c', { name: 'Cora', ...office });
    for (const value of all) {
      const preview = await open(shop, `/duplicates/sharing?${new URLSearchParams({ kind: 'email', value })}`);
      await confirm(shop.owner, preview, '/duplicates/sharing');
    }
    expect((await shop.owner.post(`/customers/${first.customerId}/deletion`)).status).toBe(303);
    const page = await open(shop, '/duplicates/sharing');
    expect(page).not.toContain(`/customers/${first.customerId}"`);
    for (const contact of all) {
      const again = await open(shop, linkTo(await open(shop, '/duplicates/sharing'), `Not shared : ${contact}`));
      await confirm(shop.owner, again, '/duplicates/sharing');
    }
    expect(textOf(await open(shop, '/duplicates/sharing'))).toContain('No shared contacts');
    expect([null, first.customerId]).not.toContain(await shop.ownerOf(third.id));
    const anew = await shop.order('d', { emails: ['office@example.com'] });
    expect([first.customerId, await shop.ownerOf(third.id)]).not.toContain(anew.customerId);
    await shop.expectSound();
    expect((await shop.owner.post(`/customers/${first.customerId}/restoration`)).status).toBe(303);
    const questions = await portal.tenancy.inCompany(shop.company, (db) =>
      db.query<{ value: string }>(sql`select because_value as value from duplicate where state = 'open' order by 1`),
    );
    expect(questions.map(({ value }) => value)).toEqual(all);
    await shop.expectSound();
  });

  test('is proposed beyond five names, and not again once somebody said that it is one person’s', async () => {
    const shop = await makeShop(portal);
    for (const name of ['Ann', 'Ben', 'Cora', 'Dan', 'Eva', 'Finn'])
      await shop.order(name, { name, phones: ['044 123 45 67'] });
    await shop.find();
    const html = await open(shop, '/duplicates');
    expect(textOf(html)).toContain('Used under 6 different names');
    expect(textOf(await open(shop, linkTo(html, 'Look… : +380 44 123 4567')))).toContain('as shared?');
    const id = /sharing\/([^/]*)\/dismissal/.exec(html)?.[1];
    await shop.owner.post(`/duplicates/sharing/${id}/dismissal`);
    await shop.find();
    expect(textOf(await open(shop, '/duplicates/sharing'))).toContain('No shared contacts');
  });

  test('marked by two at once is marked once, and the second is told', async () => {
    const shop = await makeShop(portal);
    await shop.order('a', both);
    const form = { kind: 'phone', value: '+380671112233' };
    const preview = await open(shop, `/duplicates/sharing?${new URLSearchParams(form)}`);
    const fields = fieldsOf(preview, '/duplicates/sharing');
    expect((await shop.owner.post('/duplicates/sharing', fields)).status).toBe(303);
    expect((await shop.owner.post('/duplicates/sharing', fields)).status).toBe(422);
    const steps = await portal.tenancy.inCompany(shop.company, (db) =>
      db.query(sql`select step_id from decision where undone_at is null`),
    );
    expect(steps).toHaveLength(1);
  });
});

describe('decisions', () => {
  test('tell who decided what and when, on their page and on the customer’s, and are taken back with a preview', async () => {
    const shop = await merged();
    expect(textOf(await open(shop, '/duplicates/decisions'))).toMatch(/Merged Ben went into Ann\. User [^ ]+, \d/);
    const html = await identity(shop);
    expect(textOf(html)).toContain('Ben went into Ann.');
    const undo = linkTo(html, 'Take back');
    const preview = await open(shop, undo);
    expect(textOf(preview.split('id="after"')[1] ?? '')).toMatch(/Ann .*Ben new/);
    await confirm(shop.owner, preview, undo);
    expect(await shop.ownerOf(shop.orders.ben)).toBe(shop.ben);
    expect(textOf(await open(shop, '/duplicates/decisions'))).toContain('taken back by');
    expect((await shop.owner.get(undo)).status).toBe(404);
    expect((await shop.owner.get(`/customers/${shop.ben}`)).status).toBe(200);
    await shop.expectSound();
  });

  test('a merge of who was kept apart overrules that, and says so; taken back, they are kept apart again', async () => {
    const shop = await annAndBen();
    await portal.tenancy.inCompany(shop.company, (db) =>
      db.execute(sql`
        insert into duplicate (company_id, id, customer_id, other_id, reason)
        values (${shop.company.id}::uuid, gen_random_uuid(), ${shop.ann}::uuid, ${shop.ben}::uuid, 'typed')`),
    );
    const id = /id="pair-([^"]*)"/.exec(await open(shop, '/duplicates'))?.[1];
    await shop.owner.post(`/duplicates/${id}/dismissal`);
    await confirm(shop.owner, await open(shop, `/duplicates/merge?ids=${shop.ann},${shop.ben}`), '/duplicates/merge');
    const html = await open(shop, '/duplicates/decisions');
    expect(textOf(html)).toContain('overruled by a later merge');
    const undo = linkTo(html, 'Take back');
    await confirm(shop.owner, await open(shop, undo), undo);
    expect((await shop.order('x', both)).customerId).toBe(shop.ann);
    expect((await shop.owner.get(`/customers/${shop.ben}`)).status).toBe(200);
    await shop.expectSound();
  });

  test('are written into the history of the customers', async () => {
    const shop = await merged();
    expect(textOf(await open(shop, `/customers/${shop.ann}/history`))).toContain('Ben');
  });

  test('notes of a merged customer are shown with its name, and go with it when it is taken out', async () => {
    const shop = await annAndBen();
    await portal.tenancy.inCompany(shop.company, (db) =>
      db.execute(sql`update customer set note = 'Rings <twice> & waits' where id = ${shop.ben}::uuid`),
    );
    const preview = await open(shop, `/duplicates/merge?ids=${shop.ann},${shop.ben}`);
    expect(textOf(preview.split('id="after"')[1] ?? '')).toContain('Note about Ben Rings <twice> & waits');
    await confirm(shop.owner, preview, '/duplicates/merge');
    expect(textOf(await identity(shop))).toContain('Note about Ben Rings <twice> & waits');
    const split = await open(shop, linkTo(await identity(shop), 'Take out again'));
    await confirm(shop.owner, split, `/customers/${shop.ann}/split`);
    expect(textOf(await identity(shop))).not.toContain('Rings');
  });
});

test('hostile names pass unharmed through every page', async () => {
  const shop = await makeShop(portal);
  const name = `<script>alert(1)</script> {{7*7}} ' " \` \\ %s ${'x'.repeat(200)} ‮эб 👩‍👩‍👧`;
  const first = await shop.order('<b>1</b>', { name, phones: ['067 111 22 33'], region: '<i>K</i>' });
  const second = await shop.order('2', { name, emails: ["o'dd&+x@example.com"], region: '<i>K</i>' });
  await shop.find();
  const merge = await open(shop, `/duplicates/merge?ids=${first.customerId},${second.customerId}`);
  for (const html of [
    await open(shop, '/duplicates'),
    merge,
    await open(shop, `/orders/${first.id}/owner?q=${encodeURIComponent(name)}`),
  ]) {
    expect(html).not.toContain('<script>alert');
    expect(textOf(html)).toContain(name);
  }
  await confirm(shop.owner, merge, '/duplicates/merge');
  for (const path of [
    '/duplicates/decisions',
    `/customers/${first.customerId}/identity`,
    `/customers/${first.customerId}/split`,
  ]) {
    const html = await open(shop, path);
    expect(html).not.toContain('<script>alert');
    expect(textOf(html)).toContain(name);
  }
  await shop.expectSound();
});
