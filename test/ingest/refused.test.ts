import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { feedback, makeShop, message, openPortal, order, type Portal, type Shop, statuses } from '../identity/make.ts';

let portal: Portal;
let shop: Shop;
beforeAll(async () => {
  portal = await openPortal();
  shop = await makeShop(portal);
});
afterAll(() => portal.close());

const olena = { phones: ['067 123 45 67'] };
const LONE = 'half \ud83d of a pair';
const UNCLEAN = 'must not contain NUL or an unpaired surrogate';
const TOO_FAR = 'must not be more than a day ahead';
const TOO_OLD = 'must not be before the year 2000';
const line = (changes: object) =>
  order('B-1', olena, { items: [{ name: 'A', quantity: 1, unitPrice: '1', ...changes }] });

const refused: [why: string, item: unknown, path: string, message?: string][] = [
  ['no object', 'order', ''],
  ['nothing', null, ''],
  ['without externalId', order(undefined as unknown as string, olena), 'externalId'],
  ['with an empty externalId', order('  ', olena), 'externalId', 'must not be empty'],
  ['with an endless externalId', order('x'.repeat(256), olena), 'externalId'],
  ['with a number for an externalId', order(7 as unknown as string, olena), 'externalId'],
  ['without a customer', order('B-1', undefined as unknown as object), 'customer'],
  ['with an unknown field', order('B-1', olena, { colour: 'red' }), 'colour', 'is not a field'],
  ['with an unknown field inside', order('B-1', { ...olena, phone: '1' }), 'customer.phone', 'is not a field'],
  ['without total and items', order('B-1', olena, { total: undefined }), 'total', 'total or items is required'],
  ['with a number for a total', order('B-1', olena, { total: 10 }), 'total'],
  ['with a total of commas', order('B-1', olena, { total: '1,250.00' }), 'total'],
  ['in no currency', order('B-1', olena, { currency: 'XXY' }), 'currency'],
  ['of an unknown status', order('B-1', olena, { status: 'lost' }), 'status'],
  ['placed at no time', order('B-1', olena, { placedAt: 'yesterday' }), 'placedAt'],
  ['placed without an offset', order('B-1', olena, { placedAt: '2026-11-01T10:00:00' }), 'placedAt'],
  ['placed on 30 February', order('B-1', olena, { placedAt: '2026-02-30T10:00:00Z' }), 'placedAt'],
  ['placed before 2000', order('B-1', olena, { placedAt: '1999-12-31T23:59:59Z' }), 'placedAt', TOO_OLD],
  ['placed two days ahead', order('B-1', olena, { placedAt: '2026-11-22T12:00:01Z' }), 'placedAt', TOO_FAR],
  ['updated ahead', order('B-1', olena, { updatedAt: '2036-11-22T12:00:01Z' }), 'updatedAt', TOO_FAR],
  ['paid ahead', order('B-1', olena, { payment: { paidAt: '2036-11-22T12:00:01Z' } }), 'payment.paidAt', TOO_FAR],
  ['paid before 2000', order('B-1', olena, { payment: { paidAt: '1970-01-01T00:00:00Z' } }), 'payment.paidAt', TOO_OLD],
  ['with half a surrogate pair', order('B-1', { ...olena, name: LONE }), 'customer.name', UNCLEAN],
  ['with NUL in a phone', order('B-1', { phones: ['067 123 45 67', '1\0'] }), 'customer.phones.1', UNCLEAN],
  ['with NUL in an e-mail', order('B-1', { emails: ['a\0@x.test'] }), 'customer.emails.0', UNCLEAN],
  ['with NUL in an account', order('B-1', { accountId: 'u\0' }), 'customer.accountId', UNCLEAN],
  ['with NUL in its name', order('B\0', olena), 'externalId', UNCLEAN],
  ['with NUL in an item', line({ name: 'A\0' }), 'items.0.name', UNCLEAN],
  ['with an item without a name', line({ name: ' ' }), 'items.0.name', 'must not be empty'],
  ['with an item without a quantity', line({ quantity: undefined }), 'items.0.quantity'],
  ['with an endless quantity', line({ quantity: 1e10 }), 'items.0.quantity'],
  ['with a price in words', line({ unitPrice: 'ten' }), 'items.0.unitPrice'],
  ['of neither gender', order('B-1', { ...olena, gender: 'f' }), 'customer.gender'],
  ['with too many phones', order('B-1', { phones: Array.from({ length: 21 }, () => '1') }), 'customer.phones'],
];

describe('an order is refused with the path and the reason', () => {
  test.each(refused.map(([why, ...rest]) => ({ why, rest })))('$why', async ({ rest: [item, path, reason] }) => {
    const results = await shop.orders(order('A-1', olena), item, order('A-2', olena));
    expect(results.map(({ status }) => status === 'rejected')).toEqual([false, true, false]);
    expect(results[1]).toMatchObject({ id: null, customerId: null });
    expect(results[1]?.errors).toEqual([{ path, message: reason ?? expect.any(String) }]);
  });
});

test('messages and feedback are refused in the same way', async () => {
  const results = [
    ...(await shop.messages(
      message('M-1', olena, { text: 'NUL \0' }),
      message('M-2', olena, { sentAt: '2026-11-23T00:00:00Z' }),
      message('M-3', olena, { direction: 'up' }),
      message('M-4', olena, { threadId: LONE }),
      message('M-5', olena, { text: '' }),
    )),
    ...(await shop.feedback(
      feedback('F-1', olena, { rating: 0 }),
      feedback('F-2', olena, { rating: 6 }),
      feedback('F-3', olena, { rating: 4.5 }),
      feedback('F-4', olena, { text: LONE }),
      feedback('F-5', olena, { writtenAt: '1999-01-01T00:00:00Z' }),
      feedback('F-6', olena, { text: undefined }),
    )),
  ];
  expect(results.map(({ externalId, status, errors }) => [externalId, status, errors[0]?.path])).toEqual([
    ['M-1', 'rejected', 'text'],
    ['M-2', 'rejected', 'sentAt'],
    ['M-3', 'rejected', 'direction'],
    ['M-4', 'rejected', 'threadId'],
    ['M-5', 'created', undefined],
    ['F-1', 'rejected', 'rating'],
    ['F-2', 'rejected', 'rating'],
    ['F-3', 'rejected', 'rating'],
    ['F-4', 'rejected', 'text'],
    ['F-5', 'rejected', 'writtenAt'],
    ['F-6', 'created', undefined],
  ]);
});

test('a day ahead, to the second, is still accepted, and so is the first moment of 2000', async () => {
  const results = await shop.orders(
    order('C-1', olena, { placedAt: '2026-11-22T12:00:00Z' }),
    order('C-2', olena, { placedAt: '2000-01-01T00:00:00Z' }),
  );
  expect(statuses(results)).toEqual(['created', 'created']);
});

test('answers come in the order of the call, the refused between the others, under the names they came with', async () => {
  const results = await shop.orders(
    order('D-1', olena),
    order('D-2', olena, { total: 'x' }),
    7,
    order('D-1', olena),
    order('D-3', {}),
  );
  expect(results.map(({ externalId, status }) => [externalId, status])).toEqual([
    ['D-1', 'created'],
    ['D-2', 'rejected'],
    [null, 'rejected'],
    ['D-1', 'unchanged'],
    ['D-3', 'created'],
  ]);
});
