import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { drift } from '../../../src/identity/identity.ts';
import { sql } from '../../../src/platform/db.ts';
import { apiKey, makeApp, makeUser, signIn, type TestApp } from '../../make.ts';
import { makeShop, namesIn, type Shop, textOf } from '../shop.ts';
import { add, edit, fieldsOf } from './form.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const contactsOf = (shop: Shop, id: string) =>
  portal.tenancy.inCompany(shop.company, (db) =>
    db.query<{
      kind: string;
      value: string;
      channels: string[];
      by_hand: boolean;
      origin_id: string;
      phone_key: string | null;
    }>(
      sql`select kind, value, channels, by_hand, origin_id, phone_key from contact where customer_id = ${id}::uuid order by kind, position`,
    ),
  );
const values = async (shop: Shop, id: string, kind: string) =>
  (await contactsOf(shop, id)).filter((each) => each.kind === kind).map(({ value }) => value);

describe('P-06 C-12 adding by hand', () => {
  test('P-56 to P-63 stores everything that was typed, and the page shows it', async () => {
    const shop = await makeShop(portal);
    const id = await add(shop.owner, {
      name: ' Olena   Koval ',
      gender: 'female',
      region: 'Kyiv',
      'phones.0': '067 123 45 67',
      'phones.0.channels': ['viber', 'telegram'],
      'phones.1': '+380501112233',
      'emails.0': 'Olena@Example.com',
      otherChannels: 'instagram: olena',
      note: 'Call after six.\r\nPays by card.',
    });
    const { text } = await shop.owner.get(`/customers/${id}`);
    const shown = textOf(text);
    for (const words of [
      'Olena Koval',
      'female',
      'Kyiv',
      '+380 67 123 4567',
      'Viber, Telegram',
      '+380 50 111 2233',
      'olena@example.com',
      'instagram: olena',
      'Call after six.',
      'Pays by card.',
      'only for your company',
    ])
      expect(shown).toContain(words);
    expect(await contactsOf(shop, id)).toEqual([
      expect.objectContaining({
        kind: 'email',
        value: 'olena@example.com',
        by_hand: true,
        origin_id: id,
        phone_key: null,
      }),
      expect.objectContaining({
        kind: 'phone',
        value: '+380671234567',
        channels: ['viber', 'telegram'],
        by_hand: true,
        phone_key: expect.any(String),
      }),
      expect.objectContaining({ kind: 'phone', value: '+380501112233', channels: [] }),
    ]);
    const list = textOf((await shop.owner.get('/customers?q=0671234567')).text);
    expect(list).toContain('Olena Koval');
    expect(await portal.tenancy.inCompany(shop.company, drift)).toEqual({ customers: 0, days: 0, uncounted: 0 });
  });

  test('P-18 a typed customer stands in All and in no other preset, and a later order of the number is theirs', async () => {
    const shop = await makeShop(portal);
    const id = await add(shop.owner, { name: 'Typed', 'phones.0': '067 123 45 67' });
    expect(namesIn((await shop.owner.get('/customers')).text)).toEqual(['Typed']);
    for (const segment of ['new', 'loyal', 'inactive'])
      expect(namesIn((await shop.owner.get(`/customers?segment=${segment}`)).text)).toEqual([]);
    const order = await shop.order('1', { name: 'Other Name', phones: ['+380 67 1234567'], region: 'Lviv' });
    expect(order.customerId).toBe(id);
    const shown = textOf((await shop.owner.get(`/customers/${id}`)).text);
    expect(shown).toContain('Typed');
    // What nobody typed comes from the order.
    expect(shown).toContain('Lviv');
  });

  test('nothing at all is nobody', async () => {
    const shop = await makeShop(portal);
    const { status, text } = await shop.owner.post('/customers/new', { name: '  ' });
    expect(status).toBe(422);
    expect(textOf(text)).toContain('Please give a name, a phone, an e-mail or another channel.');
  });
});

describe('limits', () => {
  test('P-57 P-58 P-60 to P-63 are enforced beside each field, and nothing typed is lost', async () => {
    const shop = await makeShop(portal);
    const long = (n: number) => 'x'.repeat(n);
    const phones = Object.fromEntries(Array.from({ length: 6 }, (_, n) => [`phones.${n}`, `+38067111220${n}`]));
    const emails = Object.fromEntries(Array.from({ length: 6 }, (_, n) => [`emails.${n}`, `mail-${n}@example.com`]));
    const fields = {
      ...phones,
      ...emails,
      name: long(256),
      otherChannels: long(101),
      note: long(2001),
      region: long(256),
    };
    const { status, text } = await shop.owner.post('/customers/new', fields);
    expect(status).toBe(422);
    const shown = textOf(text);
    for (const words of [
      'At most 255 characters.',
      'At most 100 characters.',
      'At most 2000 characters.',
      'At most 5 phones.',
      'At most 5 e-mail addresses.',
    ])
      expect(shown).toContain(words);
    const kept = fieldsOf(text);
    expect(kept.name).toEqual([long(256)]);
    expect(kept.note).toEqual([long(2001)]);
    expect(kept['phones.5']).toEqual(['+380671112205']);
    expect(kept['emails.5']).toEqual(['mail-5@example.com']);
  });

  test('what just fits is taken', async () => {
    const shop = await makeShop(portal);
    const name = 'Ї'.repeat(255);
    const note = `a\n${'я'.repeat(1998)}`;
    const id = await add(shop.owner, {
      name,
      note: note.replace('\n', '\r\n'),
      otherChannels: 'ю'.repeat(100),
      ...Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`phones.${n}`, `+38067111220${n}`])),
      ...Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`emails.${n}`, `mail-${n}@example.com`])),
    });
    const kept = fieldsOf((await shop.owner.get(`/customers/${id}/edit`)).text);
    expect(kept.name).toEqual([name]);
    expect(kept.note).toEqual([note]);
    expect(await values(shop, id, 'phone')).toHaveLength(5);
  });

  test('P-58 P-60 what is no phone and no e-mail is said beside its own row', async () => {
    const shop = await makeShop(portal);
    const { status, text } = await shop.owner.post('/customers/new', {
      name: 'A',
      'phones.0': '12',
      'emails.0': 'no mail',
    });
    expect(status).toBe(422);
    expect(text).toContain('id="d-phones.0"');
    expect(text).toContain('id="d-emails.0"');
    expect(fieldsOf(text)['phones.0']).toEqual(['12']);
  });
});

describe('P-54 editing', () => {
  test('P-40 P-55 P-68 P-69 the way: list, page, "Edit"; or straight from the row', async () => {
    const shop = await makeShop(portal);
    const { customerId } = await shop.order('1', { name: 'Anna', phones: ['067 123 45 67'] });
    const list = (await shop.owner.get('/customers')).text;
    expect(list).toContain(`href="/customers/${customerId}"`);
    expect(list).toContain(`href="/customers/${customerId}/edit"`);
    expect((await shop.owner.get(`/customers/${customerId}`)).text).toContain(`href="/customers/${customerId}/edit"`);
    const form = fieldsOf((await shop.owner.get(`/customers/${customerId}/edit`)).text);
    expect(form).toMatchObject({ name: ['Anna'], 'phones.0': ['+380 67 123 4567'] });
  });

  test('reading 14 what a person wrote stays against later orders, until it is taken from the latest order again', async () => {
    const shop = await makeShop(portal);
    const person = { phones: ['067 123 45 67'] };
    const { customerId: id } = await shop.order('1', { ...person, name: 'From Order', region: 'Lviv', gender: 'male' });
    expect((await edit(shop.owner, id, { name: 'By Hand', region: 'Odesa', gender: '' })).status).toBe(303);
    await shop.order(
      '2',
      { ...person, name: 'Second', region: 'Dnipro', gender: 'male' },
      { placedAt: '2026-11-10T10:00:00Z' },
    );
    const shown = textOf((await shop.owner.get(`/customers/${id}`)).text);
    expect(shown).toContain('By Hand');
    expect(shown).toContain('Odesa');
    const form = (await shop.owner.get(`/customers/${id}/edit`)).text;
    expect(textOf(form)).toContain('Take it from the latest order again: Second');
    expect((await edit(shop.owner, id, { latest: ['name', 'region', 'gender'] })).status).toBe(303);
    expect(fieldsOf((await shop.owner.get(`/customers/${id}/edit`)).text)).toMatchObject({
      name: ['Second'],
      region: ['Dnipro'],
      gender: ['male'],
    });
    expect(await portal.tenancy.inCompany(shop.company, drift)).toEqual({ customers: 0, days: 0, uncounted: 0 });
  });

  test('P-58 the order of the numbers is the person’s, and the first is the main one', async () => {
    const shop = await makeShop(portal);
    const id = await add(shop.owner, {
      name: 'A',
      'phones.0': '+380671112201',
      'phones.1': '+380671112202',
      'phones.2': '+380671112203',
    });
    const form = fieldsOf((await shop.owner.get(`/customers/${id}/edit`)).text);
    const moved = await shop.owner.post(`/customers/${id}/edit`, { ...form, name: 'Unsaved', do: 'phones.2.up' });
    expect(moved.status).toBe(200);
    expect(fieldsOf(moved.text)).toMatchObject({
      name: ['Unsaved'],
      'phones.1': ['+380 67 111 2203'],
      'phones.2': ['+380 67 111 2202'],
    });
    expect(await values(shop, id, 'phone')).toEqual(['+380671112201', '+380671112202', '+380671112203']);
    const again = await shop.owner.post(`/customers/${id}/edit`, { ...fieldsOf(moved.text), do: 'phones.1.up' });
    expect((await shop.owner.post(`/customers/${id}/edit`, fieldsOf(again.text))).status).toBe(303);
    expect(await values(shop, id, 'phone')).toEqual(['+380671112203', '+380671112201', '+380671112202']);
    expect(textOf((await shop.owner.get(`/customers?q=Unsaved`)).text)).toContain('+380 67 111 2203');
  });

  test('rows are added and taken away by buttons that need no script', async () => {
    const shop = await makeShop(portal);
    const more = await shop.owner.post('/customers/new', {
      name: 'A',
      'phones.0': '+380671112201',
      do: 'phones.2.more',
    });
    expect(more.text).toContain('name="phones.1"');
    const less = await shop.owner.post('/customers/new', {
      ...fieldsOf(more.text),
      'phones.1': '+380671112202',
      do: 'phones.0.remove',
    });
    expect(fieldsOf(less.text)['phones.0']).toEqual(['+380671112202']);
  });

  test('a typed contact goes, one that an order proves stays and says why', async () => {
    const shop = await makeShop(portal);
    const { customerId: id } = await shop.order('1001', { name: 'A', phones: ['067 123 45 67'] });
    await edit(shop.owner, id, { 'phones.1': '+380671112202', 'emails.0': 'a@example.com' });
    expect(await values(shop, id, 'phone')).toEqual(['+380671234567', '+380671112202']);
    expect(textOf((await shop.owner.get(`/customers/${id}/edit`)).text)).toContain('From order 1001.');
    await edit(shop.owner, id, {}, ['phones.0', 'phones.1', 'emails.0']);
    expect(await values(shop, id, 'phone')).toEqual(['+380671234567']);
    expect(await values(shop, id, 'email')).toEqual([]);
    // The one that was taken away is free for somebody else.
    const other = await shop.order('2', { name: 'B', phones: ['+380671112202'] });
    expect(other.customerId).not.toBe(id);
  });

  test('P-58 more numbers than the form allows only become fewer', async () => {
    const shop = await makeShop(portal);
    const phones = Array.from({ length: 6 }, (_, n) => `+38067111220${n}`);
    const { customerId: id } = await shop.order('1', { name: 'A', phones });
    const form = (await shop.owner.get(`/customers/${id}/edit`)).text;
    expect(textOf(form)).toContain('This customer has 6 phones');
    expect((await edit(shop.owner, id, { name: 'B' })).status).toBe(303);
    const { status, text } = await edit(shop.owner, id, { 'phones.6': '+380671112209' });
    expect(status).toBe(422);
    expect(textOf(text)).toContain('At most 5 phones.');
  });

  test('P-59 with the number its key changes, by which reviews are found', async () => {
    const shop = await makeShop(portal);
    const id = await add(shop.owner, { name: 'A', 'phones.0': '+380671112201' });
    const [before] = await contactsOf(shop, id);
    await edit(shop.owner, id, { 'phones.0': '+380671112202' });
    const [after] = await contactsOf(shop, id);
    expect(after?.value).toBe('+380671112202');
    expect(after?.phone_key).not.toBe(before?.phone_key);
  });

  test('P-64 tags are ticked on the form', async () => {
    const shop = await makeShop(portal);
    const id = await add(shop.owner, { name: 'A' });
    await shop.owner.post(`/customers/${id}/tags`, { tag: 'VIP' });
    const form = fieldsOf((await shop.owner.get(`/customers/${id}/edit`)).text);
    expect(form.tags).toHaveLength(1);
    await edit(shop.owner, id, {}, ['tags']);
    expect(fieldsOf((await shop.owner.get(`/customers/${id}/edit`)).text).tags).toBeUndefined();
    expect(textOf((await shop.owner.get(`/customers/${id}/history`)).text)).toContain('VIP');
  });

  test('P-65 P-66 the note is marked as private, says what belongs there, and never leaves by the API', async () => {
    const shop = await makeShop(portal);
    const id = await add(shop.owner, { name: 'A', note: 'Canary note', otherChannels: 'Canary channel' });
    const form = textOf((await shop.owner.get(`/customers/${id}/edit`)).text);
    expect(form).toContain('only for your company');
    expect(form).toContain('Wishes about delivery and payment');
    const key = await apiKey(portal, shop.company);
    for (const path of ['', `/${id}`]) {
      const { status, text } = await request(portal.app)
        .get(`/api/v1/companies/${shop.company.slug}/customers${path}`)
        .auth(key, { type: 'bearer' });
      expect(status).toBe(200);
      expect(text).not.toContain('Canary');
    }
  });

  test('reading 21 who is known by an account alone gets a phone by hand, and the account stays', async () => {
    const shop = await makeShop(portal);
    const { customerId: id } = await shop.message('1', { accountId: 'u-77' });
    expect(textOf((await shop.owner.get(`/customers/${id}/edit`)).text)).toContain('account u-77');
    await edit(shop.owner, id, { name: 'Known now', 'phones.0': '067 123 45 67' });
    expect((await contactsOf(shop, id)).map(({ value }) => value)).toEqual(['u-77', '+380671234567']);
    expect((await shop.order('2', { phones: ['067 123 45 67'] })).customerId).toBe(id);
  });

  test('a viewer reads the note and cannot change it; without a plan nobody can', async () => {
    const shop = await makeShop(portal);
    const id = await add(shop.owner, { name: 'A', note: 'Ring twice' });
    const viewer = await signIn(portal, await makeUser(portal, { company: shop.company, role: 'viewer' }));
    const page = (await viewer.get(`/customers/${id}`)).text;
    expect(page).toContain('Ring twice');
    expect(page).not.toContain(`/customers/${id}/edit`);
    expect((await viewer.get(`/customers/${id}/edit`)).status).toBe(403);
  });
});
