import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import { customerIds, makeShop, message, NO_DRIFT, openPortal, order, type Portal, statuses } from './make.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

const olena = { name: 'Olena', phones: ['067 123 45 67'], emails: ['olena@x.test'] };

describe('who is new', () => {
  test('P-14 an order of somebody unknown adds a customer', async () => {
    const shop = await makeShop(portal);
    const [result] = await shop.orders(order('A-1', olena));
    const customer = await shop.only();
    expect(result).toMatchObject({ status: 'created', customerId: customer.id });
    expect(customer).toMatchObject({ name: 'Olena', orders_count: 1n, activities_count: 1n });
    expect(await shop.contacts()).toEqual([
      { kind: 'email', value: 'olena@x.test', given: 'olena@x.test', customer_id: customer.id },
      { kind: 'phone', value: '+380671234567', given: '067 123 45 67', customer_id: customer.id },
    ]);
  });

  test('P-15 a message of somebody unknown adds a customer', async () => {
    const shop = await makeShop(portal);
    const [result] = await shop.messages(message('M-1', olena));
    expect(await shop.only()).toMatchObject({
      id: result?.customerId,
      name: 'Olena',
      threads_count: 1n,
      activities_count: 1n,
    });
  });

  test('an order without any usable contact is kept and has no customer', async () => {
    const shop = await makeShop(portal);
    const results = await shop.orders(
      order('A-1', {}),
      order('A-2', { name: 'Olena', phones: [], emails: null }),
      order('A-3', { phones: ['12', ' '], emails: ['no address'] }),
    );
    expect(customerIds(results)).toEqual([null, null, null]);
    expect(statuses(results)).toEqual(['created', 'created', 'created']);
    expect(await shop.customers()).toEqual([]);
  });

  test('a phone that cannot be read is kept as given and joins nobody', async () => {
    const shop = await makeShop(portal);
    const unread = { phones: ['ask for Olena', '067 123 45 67 ext. later'], emails: ['olena at x'] };
    const [first, second] = await shop.orders(
      order('A-1', { accountId: 'u-1', ...unread }),
      order('A-2', { accountId: 'u-2', ...unread }),
    );
    expect(first?.customerId).not.toBe(second?.customerId);
    const rows = await shop.query<{ given: object }>(sql`select given from arrival order by external_id`);
    expect(rows.map((row) => row.given)).toEqual([
      { accountId: 'u-1', ...unread },
      { accountId: 'u-2', ...unread },
    ]);
    expect((await shop.contacts()).map(({ kind }) => kind)).toEqual(['account', 'account']);
  });

  test('the same people at two companies are two customers', async () => {
    const [one, two] = [await makeShop(portal), await makeShop(portal)];
    const [first] = await one.orders(order('A-1', olena));
    const [second] = await two.orders(order('A-1', olena));
    expect(first?.customerId).not.toBe(second?.customerId);
    expect([first?.status, second?.status]).toEqual(['created', 'created']);
  });
});

describe('who is known', () => {
  test('P-35 P-36 every later order and message of a known person is linked', async () => {
    const shop = await makeShop(portal);
    const ids = [
      ...customerIds(await shop.orders(order('A-1', olena))),
      ...customerIds(await shop.orders(order('A-2', { phones: ['+380671234567'] }))),
      ...customerIds(await shop.messages(message('M-1', { emails: ['olena@x.test'] }))),
      ...customerIds(await shop.orders(order('A-3', olena), order('A-4', olena))),
    ];
    expect(new Set(ids)).toEqual(new Set([(await shop.only()).id]));
    expect(await shop.only()).toMatchObject({ orders_count: 4n, threads_count: 1n, activities_count: 5n });
  });

  test('P-37 an e-mail identifies whatever its case and the blanks around it', async () => {
    const shop = await makeShop(portal);
    const spellings = ['olena@x.test', ' Olena@X.test', 'OLENA@X.TEST ', '\tolena@x.Test'];
    const results = await shop.orders(...spellings.map((email, n) => order(`A-${n}`, { emails: [email] })));
    expect(customerIds(results)).toEqual(spellings.map(() => results[0]?.customerId));
    expect(await shop.contacts()).toMatchObject([{ value: 'olena@x.test', given: 'olena@x.test' }]);
  });

  test('P-37 another e-mail that only looks alike is another person', async () => {
    const shop = await makeShop(portal);
    const different = ['olena@x.test', 'ol.ena@x.test', 'olena+shop@x.test', 'olena@x.test.ua'];
    await shop.orders(...different.map((email, n) => order(`A-${n}`, { emails: [email] })));
    expect(await shop.customers()).toHaveLength(different.length);
  });

  test('P-38 a phone identifies however it is written, by the country of the company', async () => {
    const shop = await makeShop(portal, { country: 'DE', currency: 'EUR' });
    const spellings = [
      '+49 170 1234567',
      '0170 1234567',
      '0049 170 1234567',
      '0170.123.45.67',
      '(0170) 123 45-67',
      '+49 (0) 170/1234567',
    ];
    const results = await shop.orders(...spellings.map((phone, n) => order(`A-${n}`, { phones: [phone] })));
    expect(customerIds(results)).toEqual(spellings.map(() => results[0]?.customerId));
    expect(await shop.contacts()).toMatchObject([{ value: '+491701234567', given: '+49 170 1234567' }]);
  });

  test('P-39 orders under one account with different data belong to one customer, who has all the contacts', async () => {
    const shop = await makeShop(portal);
    const results = await shop.orders(
      order('A-1', { accountId: 'u-77', name: 'Olena', phones: ['067 123 45 67'] }),
      order('A-2', { accountId: 'u-77', name: 'Mother', phones: ['067 765 43 21'], emails: ['mother@x.test'] }),
    );
    expect(new Set(customerIds(results)).size).toBe(1);
    expect((await shop.contacts()).map(({ value }) => value)).toEqual([
      'u-77',
      'mother@x.test',
      '+380671234567',
      '+380677654321',
    ]);
    const later = await shop.orders(order('A-3', { emails: ['mother@x.test'] }));
    expect(customerIds(later)).toEqual([(await shop.only()).id]);
  });

  test('an account, a phone and an e-mail that read alike are three contacts', async () => {
    const shop = await makeShop(portal);
    await shop.orders(order('A-1', { accountId: '+380671234567' }), order('A-2', { phones: ['+380671234567'] }));
    expect(await shop.customers()).toHaveLength(2);
  });

  test('accounts identify letter by letter', async () => {
    const shop = await makeShop(portal);
    await shop.orders(order('A-1', { accountId: 'u-77' }), order('A-2', { accountId: 'U-77' }));
    expect(await shop.customers()).toHaveLength(2);
  });
});

describe('two customers meet', () => {
  test('with automatic they become one, the older, and all that was the other one’s is found there', async () => {
    const shop = await makeShop(portal);
    const [phone] = await shop.orders(order('A-1', { phones: ['067 123 45 67'], name: 'Olena' }));
    const [email] = await shop.orders(order('A-2', { emails: ['olena@x.test'] }));
    await shop.messages(message('M-1', { emails: ['olena@x.test'] }));
    const [joint] = await shop.orders(order('A-3', { phones: ['0671234567'], emails: ['olena@x.test'] }));
    expect(joint?.customerId).toBe(phone?.customerId);
    expect(await shop.only()).toMatchObject({
      id: phone?.customerId,
      orders_count: 3n,
      threads_count: 1n,
      sum_all: 3000n,
    });
    const merges = await shop.query(sql`
      select m.survivor_id, m.merged_id, m.because_kind, m.because_value, a.external_id
      from customer_merge m join arrival a on a.id = m.arrival_id`);
    expect(merges).toEqual([
      {
        survivor_id: phone?.customerId,
        merged_id: email?.customerId,
        because_kind: 'email',
        because_value: 'olena@x.test',
        external_id: 'A-3',
      },
    ]);
    expect(await shop.drift()).toEqual(NO_DRIFT);
  });

  test('the answer names the survivor for every item of the call, also for one that was there before', async () => {
    const shop = await makeShop(portal);
    const [first] = await shop.orders(order('A-1', { phones: ['067 123 45 67'] }));
    const second = order('A-2', { emails: ['olena@x.test'] });
    await shop.orders(second);
    const results = await shop.orders(second, order('A-3', { phones: ['067 123 45 67'], emails: ['olena@x.test'] }));
    expect(statuses(results)).toEqual(['unchanged', 'created']);
    expect(customerIds(results)).toEqual([first?.customerId, first?.customerId]);
  });

  test('one that had taken in others leads them on to the survivor', async () => {
    const shop = await makeShop(portal);
    const [oldest] = await shop.orders(order('A-1', { accountId: 'u-1' }));
    await shop.orders(order('A-2', { phones: ['067 123 45 67'] }));
    await shop.orders(order('A-3', { emails: ['olena@x.test'] }));
    await shop.orders(order('A-4', { phones: ['067 123 45 67'], emails: ['olena@x.test'] }));
    await shop.orders(order('A-5', { accountId: 'u-1', emails: ['olena@x.test'] }));
    const merged = await shop.query(sql`select merged_into from customer where merged_into is not null`);
    expect(merged).toEqual([{ merged_into: oldest?.customerId }, { merged_into: oldest?.customerId }]);
    expect(await shop.only()).toMatchObject({ orders_count: 5n });
  });

  test('with ask they stay two, the order goes to the stronger contact, and a person is asked once', async () => {
    const shop = await makeShop(portal, { identity: 'ask' });
    const [phone] = await shop.orders(order('A-1', { phones: ['067 123 45 67'] }));
    const [email] = await shop.orders(order('A-2', { emails: ['olena@x.test'] }));
    const both = { emails: ['olena@x.test'], phones: ['067 123 45 67'] };
    const joint = await shop.orders(order('A-3', both), order('A-4', both));
    expect(customerIds(joint)).toEqual([phone?.customerId, phone?.customerId]);
    expect(customerIds(await shop.orders(order('A-5', both)))).toEqual([phone?.customerId]);
    const raised = await shop.query(sql`
      select d.customer_id, d.other_id, d.because_kind, d.state, a.external_id from duplicate d join arrival a on a.id = d.arrival_id`);
    expect(raised).toEqual([
      {
        customer_id: phone?.customerId,
        other_id: email?.customerId,
        because_kind: 'email',
        state: 'open',
        external_id: 'A-3',
      },
    ]);
    expect(await shop.drift()).toEqual(NO_DRIFT);
  });
});

test('P-42 the first phone stays the first, in whatever batch the others come', async () => {
  const shop = await makeShop(portal);
  const others = [0, 1, 2].map((n) => order(`B-${n}`, { emails: [`other-${n}@x.test`] }));
  await shop.orders(...others, order('A-1', { accountId: 'u-1', phones: ['067 123 45 67'] }));
  await shop.orders(order('A-2', { accountId: 'u-1', phones: ['067 765 43 21'] }));
  const phones = await shop.query<{ value: string }>(
    sql`select value from contact where kind = 'phone' order by position`,
  );
  expect(phones.map(({ value }) => value)).toEqual(['+380671234567', '+380677654321']);
});

test('a merge keeps what the merged customer owned, so that it can be undone', async () => {
  const shop = await makeShop(portal);
  await shop.orders(order('A-1', { phones: ['067 123 45 67'] }));
  await shop.orders(order('A-2', { emails: ['olena@x.test'], accountId: 'u-1' }));
  await shop.orders(order('A-3', { phones: ['067 123 45 67'], emails: ['olena@x.test'] }));
  const [merge] = await shop.query<{ contacts: unknown }>(sql`select contacts from customer_merge`);
  expect(merge?.contacts).toEqual([
    { kind: 'account', value: 'u-1' },
    { kind: 'email', value: 'olena@x.test' },
  ]);
});
