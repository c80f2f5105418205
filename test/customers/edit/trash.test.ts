import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { erase, expireDeleted, remove, restore } from '../../../src/customers/customers.ts';
import { drift } from '../../../src/identity/identity.ts';
import { newId } from '../../../src/kernel/id.ts';
import { sql } from '../../../src/platform/db.ts';
import { apiKey, makeApp, makeUser, signIn, type TestApp } from '../../make.ts';
import { keyOfPhone } from '../../setup/phone-key.ts';
import { makeShop, namesIn, type Shop, textOf } from '../shop.ts';
import { add, edit } from './form.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const NONE = { customers: 0, days: 0, uncounted: 0 };
const ANNA = { name: 'Anna Canary', phones: ['067 123 45 67'], emails: ['anna@example.com'], region: 'Kyiv' };
const counts = (shop: Shop) => portal.tenancy.inCompany(shop.company, drift);
const del = (shop: Shop, id: string) => shop.owner.post(`/customers/${id}/deletion`);

/** Every text the company keeps, wherever. */
async function everything(shop: Shop): Promise<string> {
  const { rows } = await portal.database.pool.query<{ name: string }>(
    `select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'company_id'
     and table_name not in ('job', 'app_user')`,
  );
  const texts = await Promise.all(
    rows.map(({ name }) =>
      portal.database.pool.query<{ all: string }>(
        `select coalesce(string_agg(t::text, ' '), '') as all from ${name} t where company_id = $1`,
        [shop.company.id],
      ),
    ),
  );
  return texts.map((each) => each.rows[0]?.all).join('\n');
}

describe('a dealing with a number', () => {
  const keys = (shop: Shop) =>
    portal.tenancy.inCompany(shop.company, (db) =>
      db.query<{ phone_key: string }>(sql`select phone_key from dealing where company_id = ${shop.company.id}::uuid`),
    );

  test('is forgotten with the customer, unless somebody else’s order names the number too', async () => {
    const shop = await makeShop(portal);
    const [alone, both] = ['+380671230001', '+380671230002'];
    const { customerId: first } = await shop.order('1', { name: 'Anna', phones: [alone, both] });
    await del(shop, first);
    await shop.order('2', { name: 'Boris', phones: [both] });
    expect((await keys(shop)).map((row) => row.phone_key).sort()).toEqual([alone, both].map(keyOfPhone).sort());
    await portal.tenancy.inCompany(shop.company, (db) => erase(db, [first], null));
    expect(await keys(shop)).toEqual([{ phone_key: keyOfPhone(both) }]);
    expect(await everything(shop)).not.toContain(alone);
  });
});

describe('deleting one', () => {
  test('says first what will happen, and does it only then', async () => {
    const shop = await makeShop(portal);
    const { customerId: id } = await shop.order('1', ANNA);
    expect((await shop.owner.get(`/customers/${id}/edit`)).text).toContain(`/customers/${id}/deletion`);
    const asked = textOf((await shop.owner.get(`/customers/${id}/deletion`)).text);
    expect(asked).toContain('Delete Anna Canary?');
    expect(asked).toContain('1 order, without the customer');
    expect(asked).toContain('30 days');
    expect((await shop.owner.get(`/customers/${id}`)).status).toBe(200);
  });

  test('lists, search, counts, pages and the API do not see the customer any more; the order stays', async () => {
    const shop = await makeShop(portal);
    const { customerId: id, id: orderId } = await shop.order('1', ANNA, { delivery: { address: 'Khreshchatyk 1' } });
    expect((await del(shop, id)).status).toBe(303);
    for (const query of ['', '?q=Anna', '?q=0671234567', '?segment=new', '?where=region%3Ais%3AKyiv'])
      expect([query, namesIn((await shop.owner.get(`/customers${query}`)).text)]).toEqual([query, []]);
    for (const tab of ['', '/orders', '/messages', '/feedback', '/history', '/edit'])
      expect([tab, (await shop.owner.get(`/customers/${id}${tab}`)).status]).toEqual([tab, 404]);
    const key = await apiKey(portal, shop.company);
    const call = (path: string) =>
      request(portal.app).get(`/api/v1/companies/${shop.company.slug}${path}`).auth(key, { type: 'bearer' });
    expect((await call(`/customers/${id}`)).status).toBe(404);
    expect((await call(`/customers/${id}/orders`)).status).toBe(404);
    expect((await call('/customers')).body).toMatchObject({ customers: [], total: 0 });
    const order = textOf((await shop.owner.get(`/orders/${orderId}`)).text);
    expect(order).toContain('deleted customer');
    for (const secret of ['Anna', 'anna@', '123', 'Khreshchatyk']) expect(order).not.toContain(secret);
    expect(textOf((await shop.owner.get('/orders')).text)).toContain('deleted customer');
    expect(await counts(shop)).toEqual(NONE);
  });

  test('the contacts are free: a new order makes a new customer, who is nobody’s duplicate', async () => {
    const shop = await makeShop(portal);
    const { customerId: id } = await shop.order('1', ANNA);
    await del(shop, id);
    const { customerId: next } = await shop.order('2', ANNA);
    expect(next).not.toBe(id);
    expect(namesIn((await shop.owner.get('/customers')).text)).toEqual(['Anna Canary']);
    expect(await counts(shop)).toEqual(NONE);
  });

  test('addresses of customers that were merged into the deleted one lead nowhere', async () => {
    const shop = await makeShop(portal);
    const first = await shop.order('1', { name: 'A', phones: ANNA.phones });
    const second = await shop.order('2', { name: 'B', emails: ANNA.emails });
    await shop.order('3', ANNA);
    expect((await shop.owner.get(`/customers/${second.customerId}`)).status).toBe(301);
    await del(shop, first.customerId);
    expect((await shop.owner.get(`/customers/${second.customerId}`)).status).toBe(404);
    expect((await del(shop, second.customerId)).status).toBe(404);
  });

  test('a viewer may neither delete nor bring back', async () => {
    const shop = await makeShop(portal);
    const { customerId: id } = await shop.order('1', ANNA);
    const viewer = await signIn(portal, await makeUser(portal, { company: shop.company, role: 'viewer' }));
    await viewer.get(`/customers/${id}`);
    expect((await viewer.post(`/customers/${id}/deletion`)).status).toBe(403);
    expect((await viewer.get('/customers/deleted')).status).toBe(403);
  });
});

describe('an order posted again', () => {
  test('of a deleted customer changes the order and makes nobody', async () => {
    const shop = await makeShop(portal);
    const { customerId: id, id: orderId } = await shop.order('1', ANNA);
    await del(shop, id);
    const again = await shop.order('1', ANNA, { status: 'shipped' });
    expect(again).toEqual({ id: orderId, customerId: 'null' });
    expect(namesIn((await shop.owner.get('/customers')).text)).toEqual([]);
    expect(textOf((await shop.owner.get(`/orders/${orderId}`)).text)).toMatch(/shipped/i);
    await shop.owner.post(`/customers/${id}/restoration`);
    expect(textOf((await shop.owner.get(`/customers/${id}/orders`)).text)).toMatch(/shipped/i);
    expect(await counts(shop)).toEqual(NONE);
  });

  test('that turns out to be somebody else’s leaves the deleted customer', async () => {
    const shop = await makeShop(portal);
    const { customerId: id } = await shop.order('1', ANNA);
    const petro = await shop.order('2', { name: 'Petro', phones: ['+380501112233'] });
    await del(shop, id);
    expect(await shop.order('1', { name: 'Petro', phones: ['+380501112233'] })).toMatchObject({
      customerId: petro.customerId,
    });
    expect(await counts(shop)).toEqual(NONE);
  });

  test('of an erased customer brings nothing of the person back', async () => {
    const shop = await makeShop(portal);
    const { customerId: id } = await shop.order('1', ANNA);
    const message = await shop.message('m', ANNA, { text: 'I am Anna Canary' });
    await del(shop, id);
    await shop.owner.post(`/customers/${id}/erasure`);
    await shop.order('1', ANNA, { status: 'completed', delivery: { address: 'Canary street' } });
    await shop.message('m', ANNA, { text: 'I am still Anna Canary' });
    expect(message.customerId).toBe(id);
    const all = await everything(shop);
    for (const secret of ['Canary', 'anna@example.com', '671234567']) expect(all).not.toContain(secret);
    expect(all).toContain('completed');
    expect(await counts(shop)).toEqual(NONE);
  });
});

describe('bringing back', () => {
  test('gives everything back, and the history tells of both', async () => {
    const shop = await makeShop(portal);
    const { customerId: id } = await shop.order('1', ANNA);
    await edit(shop.owner, id, { note: 'Ring twice', 'phones.1': '+380501112233', 'phones.1.channels': 'viber' });
    await del(shop, id);
    const page = (await shop.owner.get('/customers/deleted')).text;
    expect(textOf(page)).toContain('Anna Canary');
    expect(page).toContain(`/customers/${id}/restoration`);
    expect((await shop.owner.post(`/customers/${id}/restoration`)).headers.location).toBe(`/customers/${id}`);
    const shown = textOf((await shop.owner.get(`/customers/${id}`)).text);
    for (const words of [
      'The customer is back, as it was.',
      'Anna Canary',
      'Ring twice',
      '+380 50 111 2233',
      'Viber',
      'anna@example.com',
    ])
      expect(shown).toContain(words);
    const history = textOf((await shop.owner.get(`/customers/${id}/history`)).text);
    expect(history).toContain('Deleted');
    expect(history).toContain('Restored');
    expect(namesIn((await shop.owner.get('/customers?q=0671234567')).text)).toEqual(['Anna Canary']);
  });

  test('a contact that somebody else has got meanwhile stays there, and both pages ask whether they are one', async () => {
    const shop = await makeShop(portal);
    const { customerId: id } = await shop.order('1', ANNA);
    await del(shop, id);
    const { customerId: next } = await shop.order('2', { name: 'Anna New', phones: ANNA.phones });
    await shop.owner.post(`/customers/${id}/restoration`);
    const shown = textOf((await shop.owner.get(`/customers/${id}`)).text);
    expect(shown).toContain('phone +380 67 123 4567');
    expect(shown).toContain('May be the same person as Anna New');
    expect(textOf((await shop.owner.get(`/customers/${next}`)).text)).toContain(
      'May be the same person as Anna Canary',
    );
    expect(await counts(shop)).toEqual(NONE);
  });

  test('what was never deleted, or is a stranger’s, is not there', async () => {
    const shop = await makeShop(portal);
    const other = await makeShop(portal);
    const { customerId: id } = await other.order('1', ANNA);
    await del(other, id);
    await shop.owner.get('/customers/new');
    for (const path of ['restoration', 'erasure'])
      for (const each of [id, newId()]) expect((await shop.owner.post(`/customers/${each}/${path}`)).status).toBe(404);
    expect(textOf((await shop.owner.get('/customers/deleted')).text)).toContain('Nobody is deleted');
  });
});

describe('after 30 days', () => {
  test('everything personal is gone for good, and the orders stay as figures', async () => {
    const shop = await makeShop(portal);
    const { customerId: id, id: orderId } = await shop.order('1', ANNA, {
      delivery: { method: 'courier', address: 'Canary street' },
    });
    await shop.message('m', ANNA, { text: 'Canary speaking' });
    await shop.feedback('f', ANNA, { text: 'Canary is pleased' });
    await shop.owner.get(`/customers/${id}`);
    await shop.owner.post(`/customers/${id}/tags`, { tag: 'Kept' });
    await edit(shop.owner, id, { note: 'Canary note', name: 'Anna Canary-Koval', otherChannels: 'Canary' });
    await del(shop, id);
    await expireDeleted(portal.services);
    expect((await everything(shop)).includes('Canary')).toBe(true);
    portal.setNow(new Date(Date.now() + 31 * 86_400_000));
    await expireDeleted(portal.services);
    portal.setNow(null);
    const all = await everything(shop);
    for (const secret of ['Canary', 'anna@example.com', '671234567', 'Kyiv']) expect(all).not.toContain(secret);
    const order = textOf((await shop.owner.get(`/orders/${orderId}`)).text);
    expect(order).toContain('deleted customer');
    expect(order).toContain('10.00');
    expect((await shop.owner.post(`/customers/${id}/restoration`)).status).toBe(404);
    expect(await counts(shop)).toEqual(NONE);
  });

  test('erased at once, after a second question', async () => {
    const shop = await makeShop(portal);
    const id = await add(shop.owner, { name: 'Anna Canary', 'phones.0': '067 123 45 67' });
    expect((await shop.owner.post(`/customers/${id}/erasure`)).status).toBe(404);
    await del(shop, id);
    expect(textOf((await shop.owner.get(`/customers/${id}/erasure`)).text)).toContain('There is no way back.');
    expect((await shop.owner.post(`/customers/${id}/erasure`)).status).toBe(303);
    expect(await everything(shop)).not.toContain('Canary');
  });
});

describe('remove and restore, whoever they are', () => {
  test('give back the same state', async () => {
    const shop = await makeShop(portal);
    const people = Array.from({ length: 12 }, (_, n) => ({
      name: `Person ${n}`,
      phones: n % 3 === 0 ? [`+3806711122${10 + n}`, `+3805011122${10 + n}`] : [`+3806711122${10 + n}`],
      emails: n % 2 === 0 ? [`person-${n}@example.com`] : [],
    }));
    for (const [n, person] of people.entries()) await shop.order(`o-${n}`, person);
    // Two that are one.
    await shop.order('both', { phones: [people[1]?.phones[0] ?? '', people[2]?.phones[0] ?? ''] });
    const typed = await add(shop.owner, {
      name: 'Typed',
      'phones.0': '+380991112233',
      note: 'A note',
      'emails.0': 'typed@example.com',
    });
    await portal.tenancy.inCompany(shop.company, async (db) => {
      const rows = await db.query<{ id: string }>(sql`select id from customer where listed order by id`);
      const ids = rows.map(({ id }) => id);
      expect(ids).toContain(typed);
      const before = await state();
      for (let mask = 1; mask < 2 ** ids.length; mask += 331) {
        const some = ids.filter((_, n) => mask & (1 << n));
        expect(await remove(db, [...some, ...some, newId()], null)).toHaveLength(some.length);
        expect(await remove(db, some, null)).toEqual([]);
        expect(await restore(db, some, null)).toMatchObject({ taken: [] });
        expect(await state()).toEqual(before);
      }
      expect(await drift(db)).toEqual(NONE);

      async function state() {
        const of = (table: string, without: string) =>
          db.query(sql`select ${table} as name, (select jsonb_agg(j order by j::text) from (
            select to_jsonb(t) - ${without} as j from ${TABLES[table] ?? sql`contact`} t) rows) as rows`);
        return [
          await of('customer', 'updated_at'),
          await of('contact', ''),
          await of('arrival', ''),
          await of('evidence', ''),
          await of('duplicate', ''),
          await of('activity_rollup', ''),
          await of('customer_search', ''),
        ];
      }
    });
  });
});

const TABLES: Record<string, ReturnType<typeof sql>> = {
  customer: sql`customer`,
  contact: sql`contact`,
  arrival: sql`arrival`,
  evidence: sql`evidence`,
  duplicate: sql`duplicate`,
  activity_rollup: sql`(select * from activity_rollup where customers <> 0)`,
  customer_search: sql`customer_search`,
};
