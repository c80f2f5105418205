import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import {
  customerIds,
  dump,
  feedback,
  makeShop,
  message,
  NO_DRIFT,
  openPortal,
  order,
  type Portal,
  type Shop,
  statuses,
} from '../identity/make.ts';

let portal: Portal;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

const olena = { name: 'Olena', phones: ['067 123 45 67'], emails: ['olena@x.test'] };
const ivan = { name: 'Ivan', phones: ['067 765 43 21'] };
const searchTexts = (shop: Shop) =>
  shop.query<{ customer_id: string; text: string }>(sql`select customer_id, text from customer_search`);

describe('why it is here', () => {
  const because = (shop: Shop) =>
    shop.query<{ rule: string; value: string }>(
      sql`select because_rule as rule, because_value as value from arrival order by external_id`,
    );

  test('stays the reason of the first time when only the status changes', async () => {
    const shop = await makeShop(portal);
    await shop.orders(order('A-1', olena), order('A-2', olena));
    const before = await because(shop);
    await shop.orders(order('A-1', olena, { status: 'paid' }), order('A-2', olena, { status: 'paid' }));
    expect(before.map(({ rule }) => rule)).toEqual(['new', 'known']);
    expect(await because(shop)).toEqual(before);
  });

  test('is told anew when the contact that proved it is gone', async () => {
    const shop = await makeShop(portal);
    await shop.orders(order('A-1', olena), order('A-2', { emails: olena.emails }));
    await shop.orders(order('A-1', { emails: olena.emails }));
    expect((await because(shop))[0]).toEqual({ rule: 'known', value: 'olena@x.test' });
  });
});

describe('the same again', () => {
  test('changes nothing at all, whatever the kind', async () => {
    const shop = await makeShop(portal);
    const items = [{ name: 'T-shirt', quantity: 2.5, unitPrice: '4.00' }];
    const orders = [
      order('A-1', olena, { items, status: 'paid', updatedAt: '2026-11-05T10:00:00Z' }),
      order('A-2', {}),
      order('A-3', ivan, { currency: 'PLN' }),
    ];
    const messages = [message('M-1', olena, { orderExternalId: 'A-1' }), message('M-2', ivan, { threadId: 'T' })];
    const ratings = [feedback('F-1', olena)];
    const first = [await shop.orders(...orders), await shop.messages(...messages), await shop.feedback(...ratings)];
    const before = await dump(shop);
    const again = [await shop.orders(...orders), await shop.messages(...messages), await shop.feedback(...ratings)];
    expect(await dump(shop)).toEqual(before);
    expect(again).toEqual(first.map((results) => results.map((result) => ({ ...result, status: 'unchanged' }))));
  });

  test('is told by content, not by the order of fields or the offset of a time', async () => {
    const shop = await makeShop(portal);
    await shop.orders(order('A-1', olena, { placedAt: '2026-11-01T10:00:00Z' }));
    const { emails, phones, name } = olena;
    const [result] = await shop.orders({
      customer: { emails, phones, name },
      placedAt: '2026-11-01T12:00:00+02:00',
      total: '10.00',
      currency: 'UAH',
      source: null,
      externalId: 'A-1',
    });
    expect(result?.status).toBe('unchanged');
  });

  test('twice in one call counts once', async () => {
    const shop = await makeShop(portal);
    const results = await shop.orders(order('A-1', olena), order('A-1', olena), order('A-2', olena));
    expect(statuses(results)).toEqual(['created', 'unchanged', 'created']);
    expect(new Set(customerIds(results)).size).toBe(1);
    expect(results[0]?.id).toBe(results[1]?.id);
    expect(await shop.only()).toMatchObject({ orders_count: 2n });
  });

  test('names are of one kind: an order, a message and a feedback may bear the same', async () => {
    const shop = await makeShop(portal);
    await shop.orders(order('1', olena));
    await shop.messages(message('1', olena));
    await shop.feedback(feedback('1', olena));
    expect(await shop.only()).toMatchObject({ orders_count: 1n, threads_count: 1n, feedback_count: 1n });
  });
});

describe('another content under the same name', () => {
  test('without updatedAt the last write wins', async () => {
    const shop = await makeShop(portal);
    await shop.orders(order('A-1', olena, { total: '10.00', items: [{ name: 'A', quantity: 1, unitPrice: '10' }] }));
    const [result] = await shop.orders(order('A-1', olena, { total: '25.00', status: 'cancelled' }));
    expect(result?.status).toBe('updated');
    expect(await shop.only()).toMatchObject({ orders_count: 1n, sum_all: 2500n, sum_cancelled: 2500n, sum_open: 0n });
    expect(await shop.query(sql`select * from order_item`)).toEqual([]);
    expect(await shop.drift()).toEqual(NO_DRIFT);
  });

  test('within one call the last one stays', async () => {
    const shop = await makeShop(portal);
    const results = await shop.orders(order('A-1', olena), order('A-1', ivan, { total: '7.00' }));
    expect(statuses(results)).toEqual(['created', 'updated']);
    expect(new Set(customerIds(results)).size).toBe(1);
    expect(await shop.only()).toMatchObject({ name: 'Ivan', sum_all: 700n });
    expect((await shop.contacts()).map(({ value }) => value)).toEqual(['+380677654321']);
  });

  test('an older updatedAt than the one stored changes nothing, the same or a newer one does', async () => {
    const shop = await makeShop(portal);
    const at = (updatedAt: string, total: string) => order('A-1', olena, { updatedAt, total });
    await shop.orders(at('2026-11-05T10:00:00Z', '10'));
    const before = await dump(shop);
    expect(statuses(await shop.orders(at('2026-11-05T09:59:59Z', '20')))).toEqual(['unchanged']);
    expect(await dump(shop)).toEqual(before);
    expect(statuses(await shop.orders(at('2026-11-05T10:00:00Z', '30')))).toEqual(['updated']);
    expect(statuses(await shop.orders(at('2026-11-05T11:00:00+01:00', '40')))).toEqual(['updated']);
    expect(statuses(await shop.orders(at('2026-11-06T10:00:00Z', '50'), at('2026-11-05T10:00:00Z', '60')))).toEqual([
      'updated',
      'unchanged',
    ]);
    expect(await shop.only()).toMatchObject({ sum_all: 5000n });
  });

  test('a newer updatedAt counts even when nothing else is new: what lies between comes too late', async () => {
    const shop = await makeShop(portal);
    const at = (day: number, status: string) => order('A-1', olena, { updatedAt: `2026-11-0${day}T10:00:00Z`, status });
    await shop.orders(at(1, 'new'));
    expect(statuses(await shop.orders(at(3, 'new')))).toEqual(['unchanged']);
    expect(statuses(await shop.orders(at(2, 'cancelled')))).toEqual(['unchanged']);
    expect(await shop.only()).toMatchObject({ sum_open: 1000n, sum_cancelled: 0n });
  });

  test('a newer updatedAt within one call counts even when nothing else is new', async () => {
    const shop = await makeShop(portal);
    const at = (day: number, status: string) => order('A-1', olena, { updatedAt: `2026-11-0${day}T10:00:00Z`, status });
    const results = await shop.orders(at(1, 'new'), at(3, 'new'), at(2, 'cancelled'));
    expect(statuses(results)).toEqual(['created', 'unchanged', 'unchanged']);
    expect(await shop.only()).toMatchObject({ sum_open: 1000n });
    expect(statuses(await shop.orders(at(2, 'cancelled')))).toEqual(['unchanged']);
  });

  test('a message may change its thread and its direction', async () => {
    const shop = await makeShop(portal);
    await shop.messages(message('M-1', olena, { threadId: 'T' }), message('M-2', olena, { threadId: 'T' }));
    expect(await shop.only()).toMatchObject({ threads_count: 1n, unanswered_count: 1n });
    await shop.messages(message('M-2', olena, { threadId: 'U' }));
    expect(await shop.only()).toMatchObject({ threads_count: 2n, unanswered_count: 2n });
    await shop.messages(message('M-1', olena, { threadId: 'T', direction: 'out' }));
    expect(await shop.only()).toMatchObject({ threads_count: 1n, unanswered_count: 1n });
    expect(await shop.drift()).toEqual(NO_DRIFT);
  });
});

describe('other contacts under the same name', () => {
  test('the order moves to whom they name, and a customer of whom nothing is left leads there', async () => {
    const shop = await makeShop(portal);
    const [left] = await shop.orders(order('A-1', olena));
    const [taking] = await shop.orders(order('A-2', ivan));
    const [moved] = await shop.orders(order('A-1', ivan));
    expect(moved).toMatchObject({ status: 'updated', customerId: taking?.customerId });
    expect(await shop.only()).toMatchObject({ id: taking?.customerId, orders_count: 2n, sum_all: 2000n });
    expect(await shop.contacts()).toMatchObject([{ value: '+380677654321' }]);
    const folded = await shop.query(sql`select merged_into from customer where id = ${left?.customerId}::uuid`);
    expect(folded).toEqual([{ merged_into: taking?.customerId }]);
    expect((await searchTexts(shop)).map((row) => row.customer_id)).toEqual([taking?.customerId]);
    expect(await shop.drift()).toEqual(NO_DRIFT);
  });

  test('a customer with something left stays, without the contact that nothing proves any more', async () => {
    const shop = await makeShop(portal);
    const [first] = await shop.orders(order('A-1', { ...olena, accountId: 'u-1' }));
    await shop.orders(order('A-2', { accountId: 'u-1', name: 'Olena' }));
    const [moved] = await shop.orders(order('A-1', ivan));
    const customers = await shop.customers();
    expect(customers).toMatchObject([
      { id: first?.customerId, name: 'Olena', orders_count: 1n, sum_all: 1000n },
      { id: moved?.customerId, name: 'Ivan', orders_count: 1n, sum_all: 1000n },
    ]);
    expect(await shop.contacts()).toMatchObject([
      { value: 'u-1', customer_id: first?.customerId },
      { value: '+380677654321', customer_id: moved?.customerId },
    ]);
    const texts = (await searchTexts(shop)).map((row) => row.text).join();
    expect(texts).not.toMatch(/380671234567|olena@x/);
    expect(await shop.drift()).toEqual(NO_DRIFT);
  });

  test('a forgotten contact is free for somebody else', async () => {
    const shop = await makeShop(portal);
    await shop.orders(order('A-1', { accountId: 'u-1', phones: ['067 123 45 67'] }));
    await shop.orders(order('A-1', { accountId: 'u-1' }));
    const [other] = await shop.orders(order('A-2', { phones: ['067 123 45 67'] }));
    expect(await shop.customers()).toHaveLength(2);
    expect(await shop.contacts()).toMatchObject([
      { value: 'u-1' },
      { value: '+380671234567', customer_id: other?.customerId },
    ]);
  });

  test('a contact that another order proves too stays', async () => {
    const shop = await makeShop(portal);
    await shop.orders(order('A-1', { accountId: 'u-1', phones: ['067 123 45 67'] }), order('A-2', olena));
    await shop.orders(order('A-1', { accountId: 'u-1' }));
    expect((await shop.contacts()).map(({ value }) => value)).toContain('+380671234567');
    expect(await shop.only()).toMatchObject({ orders_count: 2n });
  });

  test('it undoes no merge', async () => {
    const shop = await makeShop(portal);
    await shop.orders(order('A-1', { phones: ['067 123 45 67'] }));
    await shop.orders(order('A-2', { emails: ['olena@x.test'] }));
    await shop.orders(order('A-3', olena));
    await shop.orders(order('A-3', ivan));
    expect(await shop.customers()).toMatchObject([{ orders_count: 2n }, { name: 'Ivan', orders_count: 1n }]);
    expect(await shop.drift()).toEqual(NO_DRIFT);
  });

  test('one that had taken in others leads them on when nothing of it is left', async () => {
    const shop = await makeShop(portal);
    await shop.orders(order('A-1', { phones: ['067 123 45 67'] }));
    await shop.orders(order('A-2', { emails: ['olena@x.test'] }));
    await shop.orders(order('A-3', olena));
    const results = await shop.orders(order('A-1', ivan), order('A-2', ivan), order('A-3', ivan));
    const merged = await shop.query(sql`select merged_into from customer where merged_into is not null`);
    expect(merged).toEqual([{ merged_into: results[0]?.customerId }, { merged_into: results[0]?.customerId }]);
    expect(await shop.drift()).toEqual(NO_DRIFT);
  });

  test('without any usable contact it belongs to nobody, and nobody is left behind', async () => {
    const shop = await makeShop(portal);
    await shop.orders(order('A-1', olena));
    const [result] = await shop.orders(order('A-1', { name: 'Olena' }));
    expect(result).toMatchObject({ status: 'updated', customerId: null });
    expect(await shop.customers()).toEqual([]);
    expect(await searchTexts(shop)).toEqual([]);
    expect(await shop.drift()).toEqual(NO_DRIFT);
  });

  test('the thread of the order’s message follows: with the order it adds nothing, left behind it counts', async () => {
    const shop = await makeShop(portal);
    await shop.orders(order('A-1', olena), order('A-2', olena));
    await shop.messages(message('M-1', olena, { orderExternalId: 'A-1' }));
    expect(await shop.only()).toMatchObject({ activities_count: 2n, threads_count: 1n });
    await shop.orders(order('A-1', ivan));
    expect(await shop.customers()).toMatchObject([
      { name: 'Olena', activities_count: 2n, orders_count: 1n, threads_count: 1n },
      { name: 'Ivan', activities_count: 1n, orders_count: 1n, threads_count: 0n },
    ]);
    expect(await shop.drift()).toEqual(NO_DRIFT);
  });

  test('a person’s word outlives the proof: a contact typed in or marked shared is not forgotten', async () => {
    const shop = await makeShop(portal);
    await shop.orders(order('A-1', { accountId: 'u-1', phones: ['067 123 45 67', '067 765 43 21'] }));
    await shop.execute(sql`update contact set by_hand = true where value = '+380671234567'`);
    await shop.execute(sql`update contact set shared = true where value = '+380677654321'`);
    await shop.orders(order('A-1', { accountId: 'u-1' }));
    expect((await shop.contacts()).map(({ value }) => value)).toEqual(['u-1', '+380671234567', '+380677654321']);
    const [stranger] = await shop.orders(order('A-2', { phones: ['067 765 43 21'] }));
    expect(stranger?.customerId).toBeNull();
  });

  test('where a person is asked, an order can prove another customer’s contact, who is forgotten with the last proof', async () => {
    const shop = await makeShop(portal, { identity: 'ask' });
    await shop.orders(order('A-1', { phones: ['067 123 45 67'] }), order('A-2', { accountId: 'u-1' }));
    await shop.orders(order('A-1', { phones: ['067 123 45 67'], accountId: 'u-1' }));
    expect(await shop.customers()).toMatchObject([{ orders_count: 0n }, { orders_count: 2n }]);
    await shop.orders(order('A-1', { accountId: 'u-1' }));
    expect(await shop.only()).toMatchObject({ orders_count: 2n });
    expect(await searchTexts(shop)).toMatchObject([{ text: ' u-1' }]);
    expect(await shop.drift()).toEqual(NO_DRIFT);
  });
});
