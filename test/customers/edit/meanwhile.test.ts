import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as identity from '../../../src/identity/identity.ts';
import { sql } from '../../../src/platform/db.ts';
import type { CompanyDb } from '../../../src/tenancy/handles.ts';
import { makeApp, makeUser, signIn, type TestApp } from '../../make.ts';
import { makeShop, type Shop, textOf } from '../shop.ts';
import { add, edit, fieldsOf } from './form.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const decide = <T>({ company }: Shop, what: (db: CompanyDb) => Promise<T>) =>
  portal.tenancy.inCompany(company, async (db) => {
    await identity.lock(db);
    return what(db);
  });

const open = async ({ owner }: Shop, id: string) => fieldsOf((await owner.get(`/customers/${id}/edit`)).text);

const phonesOf = async ({ company }: Shop, id: string) =>
  (
    await portal.tenancy.inCompany(company, (db) =>
      db.query<{ value: string }>(sql`
        select value from contact where customer_id = ${id}::uuid and kind = 'phone' order by position, created_at, value`),
    )
  ).map(({ value }) => value);

const tagsOf = async ({ company }: Shop, id: string) =>
  (
    await portal.tenancy.inCompany(company, (db) =>
      db.query<{ name: string }>(sql`
        select t.name from customer_tag g join tag t on t.id = g.tag_id where g.customer_id = ${id}::uuid order by t.name`),
    )
  ).map(({ name }) => name);

const [P1, P2, P3] = ['+380671112201', '+380671112202', '+380671112203'];

describe('P-54 what happens while the form is open, and is no edit, costs nothing', () => {
  test('a tag, and somebody merged in with numbers typed by hand', async () => {
    const shop = await makeShop(portal);
    const a = await add(shop.owner, { name: 'Anna', 'phones.0': P1 });
    const b = await add(shop.owner, { name: 'Berta', 'phones.0': P2, 'emails.0': 'berta@example.com' });
    const opened = await open(shop, a);
    await shop.owner.post(`/customers/${a}/tags`, { tag: 'VIP' });
    await decide(shop, (db) => identity.merge(db, { customerIds: [a, b], userId: null }));
    const saved = await shop.owner.post(`/customers/${a}/edit`, { ...opened, note: 'new note', 'phones.1': P3 });
    expect(saved.status).toBe(303);
    expect(await phonesOf(shop, a)).toEqual([P1, P3, P2]);
    expect(await tagsOf(shop, a)).toEqual(['VIP']);
    const page = textOf((await shop.owner.get(`/customers/${a}`)).text);
    expect(page).toContain('new note');
    expect(page).toContain('berta@example.com');
    expect(await portal.tenancy.inCompany(shop.company, identity.drift)).toEqual({
      customers: 0,
      days: 0,
      uncounted: 0,
    });
  });

  test('a name that came by a merge', async () => {
    const shop = await makeShop(portal);
    const { customerId: a } = await shop.order('1', { name: 'By order', phones: [P1] });
    const { customerId: b } = await shop.order('2', { name: 'Other', phones: [P2] });
    await edit(shop.owner, b, { name: 'By hand', region: 'Lviv' });
    const opened = await open(shop, a);
    await decide(shop, (db) => identity.merge(db, { customerIds: [a, b], userId: null }));
    await shop.owner.post(`/customers/${a}/edit`, { ...opened, note: 'new note' });
    expect(await open(shop, a)).toMatchObject({ name: ['By hand'], region: ['Lviv'], note: ['new note'] });
  });

  test('a number that a split gave to somebody else is not asked for back; a tag taken off stays off', async () => {
    const shop = await makeShop(portal);
    const a = await add(shop.owner, { name: 'Anna', 'phones.0': P1, 'phones.1': P2 });
    await shop.owner.post(`/customers/${a}/tags`, { tag: 'VIP' });
    const opened = await open(shop, a);
    const [tag] = await portal.tenancy.inCompany(shop.company, (db) =>
      db.query<{ id: string }>(sql`select id from tag`),
    );
    await shop.owner.post(`/customers/${a}/tags/${tag?.id}/removal`);
    await decide(shop, (db) =>
      identity.split(db, { customerId: a, contacts: [{ kind: 'phone', value: P2 }], userId: null }),
    );
    expect((await shop.owner.post(`/customers/${a}/edit`, { ...opened, note: 'new note' })).status).toBe(303);
    expect(await phonesOf(shop, a)).toEqual([P1]);
    expect(await tagsOf(shop, a)).toEqual([]);
  });

  test('what the form takes away goes, and only that', async () => {
    const shop = await makeShop(portal);
    const a = await add(shop.owner, { name: 'Anna', 'phones.0': P1, 'phones.1': P2 });
    const opened = await open(shop, a);
    const b = await add(shop.owner, { name: 'Berta', 'phones.0': P3 });
    await decide(shop, (db) => identity.merge(db, { customerIds: [a, b], userId: null }));
    await shop.owner.post(`/customers/${a}/edit`, { ...opened, 'phones.0': '' });
    expect(await phonesOf(shop, a)).toEqual([P2, P3]);
  });

  test('a merge while two versions are chosen between', async () => {
    const shop = await makeShop(portal);
    const olga = await signIn(portal, await makeUser(portal, { company: shop.company }));
    const a = await add(shop.owner, { name: 'Anna', 'phones.0': P1 });
    const b = await add(shop.owner, { name: 'Berta', 'phones.0': P2 });
    const opened = await open(shop, a);
    await edit(olga, a, { note: 'of Olga' });
    const told = await shop.owner.post(`/customers/${a}/edit`, { ...opened, 'phones.1': P3 });
    expect(told.status).toBe(409);
    await decide(shop, (db) => identity.merge(db, { customerIds: [a, b], userId: null }));
    const picks = { 'pick.phones': 'mine', 'pick.note': 'theirs', do: 'choose' };
    const saved = await shop.owner.post(`/customers/${a}/edit`, { ...hiddenOf(told.text), ...picks });
    expect(saved.status).toBe(303);
    expect(await phonesOf(shop, a)).toEqual([P1, P3, P2]);
    expect(await open(shop, a)).toMatchObject({ note: ['of Olga'] });
  });
});

/** What the page of the choice carries along. */
function hiddenOf(html: string): Record<string, string[]> {
  const [, form = ''] = /<form method="post" action="\/customers\/[^"]*\/edit">([\s\S]*?)<\/form>/.exec(html) ?? [];
  return fieldsOf(`<form id="edit-form">${form.replace(/<input[^>]*type="radio"[^>]*>/g, '')}</form>`);
}
