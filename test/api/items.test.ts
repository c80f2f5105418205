import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Company } from '../../src/tenancy/company.ts';
import { apiKey, makeApp, makeCompany, type TestApp } from '../make.ts';
import { Client, feedback, message, order, problemOf } from './client.ts';

let portal: TestApp;
let company: Company;
let client: Client;
beforeAll(async () => {
  portal = await makeApp();
});
beforeEach(async () => {
  company = await makeCompany(portal);
  client = new Client(portal, await apiKey(portal, company), company);
});
afterAll(() => portal.close());

const DECIMAL = 'must be a decimal string such as "1250.00"';
const MOMENT = 'must be an ISO 8601 date and time with its offset, such as 2026-11-20T10:15:00+02:00';
const UNCLEAN = 'must not contain NUL or an unpaired surrogate';
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const DEEP = '['.repeat(10_000) + ']'.repeat(10_000);

type Change = Record<string, unknown>;
type Case = [name: string, change: Change, path: string, message: string | RegExp];

const orders: Case[] = [
  ['an unknown field', { colour: 'red' }, 'colour', 'is not a field'],
  ['an unknown field of the customer', { customer: { phone: '1' } }, 'customer.phone', 'is not a field'],
  [
    'an unknown field of an item',
    { items: [{ name: 'a', quantity: 1, unitPrice: '1', vat: 1 }] },
    'items.0.vat',
    'is not a field',
  ],
  ['a prototype', { customer: JSON.parse('{"__proto__":{}}') }, 'customer.__proto__', 'is not a field'],
  ['no externalId', { externalId: undefined }, 'externalId', 'is required'],
  ['a number for externalId', { externalId: 1001 }, 'externalId', 'must be a text'],
  ['an empty externalId', { externalId: '' }, 'externalId', 'must not be empty'],
  ['a blank externalId', { externalId: ' \t\n' }, 'externalId', 'must not be empty'],
  ['an externalId of 256 characters', { externalId: 'x'.repeat(256) }, 'externalId', /255/],
  ['a NUL in the externalId', { externalId: 'a\0b' }, 'externalId', UNCLEAN],
  ['no customer', { customer: undefined }, 'customer', /object/],
  ['null for the customer', { customer: null }, 'customer', /object/],
  ['a list for the customer', { customer: [] }, 'customer', /object/],
  ['a text for the customer', { customer: 'Olena' }, 'customer', /object/],
  ['a text for phones', { customer: { phones: '0671234567' } }, 'customer.phones', /array/],
  ['a number for a phone', { customer: { phones: [380671234567] } }, 'customer.phones.0', 'must be a text'],
  ['21 phones', { customer: { phones: Array(21).fill('1') } }, 'customer.phones', /20/],
  ['a million phones', { customer: { phones: Array(1_000_000).fill(1) } }, 'customer.phones', /20/],
  ['a phone of 101 characters', { customer: { phones: ['1'.repeat(101)] } }, 'customer.phones.0', /100/],
  ['a NUL in an e-mail', { customer: { emails: ['a\0@example.com'] } }, 'customer.emails.0', UNCLEAN],
  ['a lone surrogate in the name', { customer: { name: 'a\ud800' } }, 'customer.name', UNCLEAN],
  ['a third gender', { customer: { gender: 'x' } }, 'customer.gender', /female/],
  ['no currency', { currency: undefined }, 'currency', 'is required'],
  ['a currency that is none', { currency: 'XYZ' }, 'currency', 'must be an ISO 4217 code such as "UAH"'],
  ['a currency in lower case', { currency: 'uah' }, 'currency', 'must be an ISO 4217 code such as "UAH"'],
  ['neither total nor items', { total: undefined }, 'total', 'total or items is required'],
  ['neither total nor an item', { total: null, items: [] }, 'total', 'total or items is required'],
  ['a number for the total', { total: 1250 }, 'total', DECIMAL],
  ['words for the total', { total: 'a lot' }, 'total', DECIMAL],
  ['nothing for the total', { total: '' }, 'total', DECIMAL],
  ['a comma in the total', { total: '1250,00' }, 'total', DECIMAL],
  ['an exponent', { total: '1e3' }, 'total', DECIMAL],
  ['infinity', { total: 'Infinity' }, 'total', DECIMAL],
  ['a blank in the total', { total: '1 250.00' }, 'total', DECIMAL],
  ['decimals that the currency does not have', { total: '1250.001' }, 'total', 'is no amount of UAH'],
  ['half a yen', { total: '1.5', currency: 'JPY' }, 'total', 'is no amount of JPY'],
  ['more than anything costs', { total: '9999999999999999.99' }, 'total', 'is no amount of UAH'],
  ['a negative total', { total: '-0.01' }, 'total', 'must not be negative'],
  [
    'a price that is no amount',
    { items: [{ name: 'a', quantity: 1, unitPrice: '0.001' }] },
    'items.0.unitPrice',
    'is no amount of UAH',
  ],
  ['a number for a price', { items: [{ name: 'a', quantity: 1, unitPrice: 5 }] }, 'items.0.unitPrice', DECIMAL],
  ['a text for a quantity', { items: [{ name: 'a', quantity: '2', unitPrice: '1' }] }, 'items.0.quantity', /number/],
  [
    'a quantity beyond all',
    { items: [{ name: 'a', quantity: 1e308, unitPrice: '1' }] },
    'items.0.quantity',
    /1000000000/,
  ],
  [
    'four decimals of a quantity',
    { items: [{ name: 'a', quantity: 0.0001, unitPrice: '1' }] },
    'items.0.quantity',
    'must have at most 3 decimals',
  ],
  ['an item without a name', { items: [{ quantity: 1, unitPrice: '1' }] }, 'items.0.name', 'is required'],
  ['5,001 items', { items: Array(5001).fill({ name: 'a', quantity: 1, unitPrice: '1' }) }, 'items', /5000/],
  ['an object for items', { items: { 0: {} } }, 'items', /array/],
  ['no date', { placedAt: undefined }, 'placedAt', 'is required'],
  ['seconds since 1970', { placedAt: 1_763_626_500 }, 'placedAt', MOMENT],
  ['a day alone', { placedAt: '2026-11-20' }, 'placedAt', MOMENT],
  ['a time without an offset', { placedAt: '2026-11-20T10:15:00' }, 'placedAt', MOMENT],
  ['the 30th of February', { placedAt: '2026-02-30T10:15:00Z' }, 'placedAt', MOMENT],
  ['the year 0', { placedAt: '0000-01-01T00:00:00Z' }, 'placedAt', 'must not be before the year 2000'],
  ['the year 1600', { placedAt: '1600-01-01T00:00:00Z' }, 'placedAt', 'must not be before the year 2000'],
  ['the last second of 1999', { placedAt: '1999-12-31T23:59:59Z' }, 'placedAt', 'must not be before the year 2000'],
  ['the year 9999', { placedAt: '9999-12-31T23:59:59Z' }, 'placedAt', 'must not be more than a day ahead'],
  ['the day after tomorrow', { placedAt: inDays(2) }, 'placedAt', 'must not be more than a day ahead'],
  [
    'paid the day after tomorrow',
    { payment: { paidAt: inDays(2) } },
    'payment.paidAt',
    'must not be more than a day ahead',
  ],
  ['updated in the year 9999', { updatedAt: '9999-12-31T23:59:59Z' }, 'updatedAt', 'must not be more than a day ahead'],
  ['a status that is none', { status: 'lost' }, 'status', /new/],
  ['a list for the payment', { payment: [] }, 'payment', /object/],
  ['a number for the source', { source: 7 }, 'source', 'must be a text'],
];

const messages: Case[] = [
  ['no text', { text: undefined }, 'text', 'is required'],
  ['a text of 100,001 characters', { text: 'x'.repeat(100_001) }, 'text', /100000/],
  ['a NUL in the text', { text: '\0' }, 'text', UNCLEAN],
  ['a direction that is none', { direction: 'up' }, 'direction', /in/],
  ['an empty threadId', { threadId: '' }, 'threadId', 'must not be empty'],
  ['sent in 1999', { sentAt: '1999-01-01T00:00:00Z' }, 'sentAt', 'must not be before the year 2000'],
  ['sent the day after tomorrow', { sentAt: inDays(2) }, 'sentAt', 'must not be more than a day ahead'],
  ['a list for the channel', { channel: [] }, 'channel', 'must be a text'],
];

const ratings: Case[] = [
  ['no rating', { rating: undefined }, 'rating', /number/],
  ['a rating of 0', { rating: 0 }, 'rating', /1/],
  ['a rating of 6', { rating: 6 }, 'rating', /5/],
  ['a rating of four and a half', { rating: 4.5 }, 'rating', /int/],
  ['a text for the rating', { rating: '5' }, 'rating', /number/],
  ['written the day after tomorrow', { writtenAt: inDays(2) }, 'writtenAt', 'must not be more than a day ahead'],
];

const kinds = [
  ['orders', order, orders],
  ['messages', message, messages],
  ['feedback', feedback, ratings],
] as const;

describe.each(kinds)(
  'a bad item of %s is refused with its reason, and its neighbours are stored',
  (kind, good, cases) => {
    test('the whole table in one call', async () => {
      const before = { ...good, externalId: 'before' };
      const after = { ...good, externalId: 'after' };
      const results = await client.results(kind, [
        before,
        ...cases.map(([, change]) => ({ ...good, ...change })),
        after,
      ]);
      expect(results).toHaveLength(cases.length + 2);
      for (const [index, [name, , path, message]] of cases.entries()) {
        const wanted = typeof message === 'string' ? message : expect.stringMatching(message);
        const errors = expect.arrayContaining([{ path, message: wanted }]);
        expect({ name, ...results[index + 1] }).toMatchObject({
          name,
          status: 'rejected',
          id: null,
          customerId: null,
          errors,
        });
      }
      expect([results.at(0), results.at(-1)]).toEqual([
        expect.objectContaining({ externalId: 'before', status: 'created' }),
        expect.objectContaining({ externalId: 'after', status: 'created' }),
      ]);
    });

    test.each(['null', '7', '"text"', '[]', 'true'])('%#: no item', async (value) => {
      const { body } = await client.raw(kind, `{"${kind}":[${value},${JSON.stringify(good)}]}`);
      expect(body.results).toEqual([
        expect.objectContaining({
          externalId: null,
          status: 'rejected',
          errors: [expect.objectContaining({ path: '' })],
        }),
        expect.objectContaining({ externalId: good.externalId, status: 'created' }),
      ]);
    });

    test('ten thousand lists in each other are no call: it is refused as a whole, before it is unfolded', async () => {
      const nested = JSON.stringify({ [kind]: [{ ...good, customer: 'x' }] }).replace('"x"', DEEP);
      const { status, body } = await client.raw(kind, nested);
      expect([status, body.detail]).toEqual([400, expect.stringContaining('nested deeper than 20 levels')]);
    });

    test('where none is valid, the answer is 422 with the reasons', async () => {
      const answer = await client.post(kind, { [kind]: [{ externalId: 'X' }, {}] });
      expect([answer.status, answer.body]).toEqual([
        422,
        {
          ...problemOf(422, 'No item is valid; each result says why.'),
          results: [expect.anything(), expect.anything()],
        },
      ]);
      expect(answer.body.results[0]).toMatchObject({ externalId: 'X', status: 'rejected' });
    });

    test('posting the same again changes nothing', async () => {
      const [first] = await client.results(kind, [good]);
      const [again] = await client.results(kind, [good]);
      expect(again).toEqual({ ...first, status: 'unchanged' });
      const [changed] = await client.results(kind, [{ ...good, customer: { phones: ['050 123 45 67'] } }]);
      expect(changed).toMatchObject({ id: first?.id, status: 'updated' });
    });

    test('at most twenty reasons are given for one item', async () => {
      const strange = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`field${n}`, n]));
      const [result] = await client.results(kind, [
        { ...good, ...strange },
        { ...good, externalId: 'good' },
      ]);
      expect(result?.errors).toHaveLength(21);
      expect(result?.errors.at(-1)).toEqual({ path: '', message: 'and 99980 more' });
    });
  },
);

describe('what is odd, and fine', () => {
  test('P-37 an order without any contact is stored with no customer', async () => {
    const [bare, empty, blank] = await client.results('orders', [
      { ...order, customer: {} },
      { ...order, externalId: 'A-2', customer: { phones: [], emails: null, accountId: null } },
      { ...order, externalId: 'A-3', customer: { name: 'Nobody', phones: ['  '], emails: [''] } },
    ]);
    for (const result of [bare, empty, blank])
      expect(result).toMatchObject({ status: 'created', customerId: null, errors: [] });
  });

  test('a phone or an e-mail that is none is kept, and identifies nobody', async () => {
    const [result] = await client.results('orders', [
      { ...order, customer: { phones: ['call me', '123', '+1 (000) 000'], emails: ['at example'] } },
    ]);
    expect(result).toMatchObject({ status: 'created', customerId: null });
  });

  test('the same externalId twice in one call: the last one stays', async () => {
    const results = await client.results('orders', [order, { ...order, total: '7.00' }]);
    expect(results.map((result) => result.status)).toEqual(['created', 'updated']);
    expect((await client.get(`customers/${results[1]?.customerId}`)).body).toMatchObject({
      counts: { orders: 1 },
      sums: { all: '7.00' },
    });
  });

  test('an older updatedAt changes nothing', async () => {
    const [first] = await client.results('orders', [{ ...order, updatedAt: '2026-11-20T12:00:00Z' }]);
    const late = { ...order, total: '1.00', updatedAt: '2026-11-20T11:59:59Z' };
    expect(await client.results('orders', [late])).toEqual([{ ...first, status: 'unchanged' }]);
  });
});
