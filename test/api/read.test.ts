import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { z } from 'zod';
import { customerPage, oneCustomer, orderPage, segmentList } from '../../src/api/answers.ts';
import { encodeCursor } from '../../src/kernel/cursor.ts';
import { newId } from '../../src/kernel/id.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { apiKey, makeApp, makeCompany, type TestApp } from '../make.ts';
import { Client, order, problemOf } from './client.ts';

let portal: TestApp;
let company: Company;
let client: Client;
beforeAll(async () => {
  portal = await makeApp();
  portal.setNow(new Date('2026-11-21T12:00:00Z'));
});
beforeEach(async () => {
  company = await makeCompany(portal);
  client = new Client(portal, await apiKey(portal, company), company);
});
afterAll(() => portal.close());

/** The answer, which must be what the documentation promises. */
async function read<Schema extends z.ZodType>(schema: Schema, path: string): Promise<z.output<Schema>> {
  const answer = await client.get(path);
  expect([path, answer.status]).toEqual([path, 200]);
  return schema.parse(answer.body);
}

const person = (n: number, more: object = {}) => ({
  ...order,
  externalId: `A-${n}`,
  placedAt: new Date(Date.UTC(2026, 9, 1, 0, n)).toISOString(),
  customer: { accountId: `u-${n}`, name: `Person ${String(n).padStart(3, '0')}`, ...more },
});
const people = (count: number) => Array.from({ length: count }, (_, n) => person(n));

describe('one customer', () => {
  test('P-76 has all contacts, sums as decimal strings, and its orders with the reason why they are here', async () => {
    const [first] = await client.results('orders', [
      {
        externalId: 'A-1001',
        number: '1001',
        placedAt: '2026-11-20T10:15:00+02:00',
        currency: 'UAH',
        total: '1250.00',
        customer: {
          accountId: 'u-77',
          name: 'Олена Коваль',
          phones: ['067 123 45 67'],
          emails: ['Olena@Example.com'],
          gender: 'female',
          region: 'Kyiv',
        },
      },
      {
        ...order,
        externalId: 'A-1002',
        placedAt: '2026-11-21T10:00:00Z',
        status: 'completed',
        total: '0.5',
        customer: { phones: ['+380671234567'] },
      },
      {
        ...order,
        externalId: 'A-1003',
        placedAt: '2026-11-19T10:00:00Z',
        currency: 'PLN',
        total: '7',
        customer: { accountId: 'u-77' },
      },
    ]);
    await client.results('messages', [
      { externalId: 'm', sentAt: '2026-11-21T11:00:00Z', customer: { accountId: 'u-77' }, text: 'Hello' },
    ]);
    const customer = await read(oneCustomer, `customers/${first?.customerId}`);
    expect(customer).toEqual({
      id: first?.customerId,
      name: 'Олена Коваль',
      gender: 'female',
      region: 'Kyiv',
      phones: ['+380671234567'],
      emails: ['olena@example.com'],
      tags: [],
      counts: { orders: 3, messages: 1, activities: 4, reviews: 0 },
      sums: {
        currency: 'UAH',
        all: '1250.50',
        paid: '0.50',
        cancelled: '0.00',
        open: '1250.00',
        unconverted: [{ currency: 'PLN', amount: '7.00' }],
      },
      firstActivityAt: '2026-11-19T10:00:00.000Z',
      lastActivityAt: '2026-11-21T11:00:00.000Z',
      lastOrderAt: '2026-11-21T10:00:00.000Z',
      contacts: [
        { kind: 'account', value: 'u-77', given: 'u-77' },
        { kind: 'email', value: 'olena@example.com', given: 'Olena@Example.com' },
        { kind: 'phone', value: '+380671234567', given: '067 123 45 67' },
      ],
      orders: [
        expect.objectContaining({
          externalId: 'A-1002',
          number: 'A-1002',
          status: 'completed',
          total: '0.50',
          because: { kind: 'phone', value: '+380671234567', rule: 'known' },
        }),
        {
          id: first?.id,
          externalId: 'A-1001',
          number: '1001',
          placedAt: '2026-11-20T08:15:00.000Z',
          status: 'new',
          total: '1250.00',
          currency: 'UAH',
          because: { kind: 'account', value: 'u-77', rule: 'new' },
        },
        expect.objectContaining({ externalId: 'A-1003', total: '7.00', currency: 'PLN' }),
      ],
      ordersNext: null,
    });
  });

  test('of many orders it has the newest hundred, and a cursor for the others', async () => {
    const many = Array.from({ length: 230 }, (_, n) => ({
      ...order,
      externalId: `A-${n}`,
      placedAt: new Date(Date.UTC(2026, 9, 1, 0, n >> 1)).toISOString(),
    }));
    const [first] = await client.results('orders', many);
    const id = first?.customerId;
    const customer = await read(oneCustomer, `customers/${id}`);
    const second = await read(orderPage, `customers/${id}/orders?cursor=${customer.ordersNext}`);
    const third = await read(orderPage, `customers/${id}/orders?cursor=${second.next}`);
    const pages = [customer.orders, second.orders, third.orders];
    expect(pages.map((page) => page.length)).toEqual([100, 100, 30]);
    const times = pages.flat().map((each) => each.placedAt);
    expect(times).toEqual(times.toSorted().reverse());
    expect(new Set(pages.flat().map((each) => each.id)).size).toBe(230);
    expect(third.next).toBeNull();
    expect(await read(orderPage, `customers/${id}/orders`)).toEqual({
      orders: customer.orders,
      next: customer.ordersNext,
    });
  });

  test('that was merged leads on to the one that survived', async () => {
    const [phone, email] = await client.results('orders', [
      { ...order, customer: { phones: ['067 123 45 67'] } },
      { ...order, externalId: 'A-2', customer: { emails: ['a@example.com'] } },
    ]);
    await client.results('orders', [
      { ...order, externalId: 'A-3', customer: { phones: ['067 123 45 67'], emails: ['a@example.com'] } },
    ]);
    for (const below of ['', '/orders']) {
      const answer = await client.get(`customers/${email?.customerId}${below}`);
      expect([answer.status, answer.headers.location, answer.text]).toEqual([
        301,
        client.path(`customers/${phone?.customerId}${below}`),
        '',
      ]);
    }
    expect(
      (await read(oneCustomer, `customers/${phone?.customerId}`)).orders.map((each) => each.because?.rule),
    ).toContain('merged');
  });

  test('that is not there, is another company’s, or has an id that is none: one answer', async () => {
    const other = await makeCompany(portal);
    const theirs = new Client(portal, await apiKey(portal, other), other);
    const [foreign] = await theirs.results('orders', [order]);
    for (const id of [newId(), foreign?.customerId, 'x', '1', "1' or 1=1", '%00', encodeURIComponent('…')]) {
      for (const below of ['', '/orders']) {
        const answer = await client.get(`customers/${id}${below}`);
        expect([id, answer.status, answer.body]).toEqual([id, 404, problemOf(404, 'There is no such customer.')]);
      }
    }
  });

  test('a cursor that no answer gave is refused', async () => {
    const [first] = await client.results('orders', [order]);
    const made = [
      ['2026-11-20 08:15:00+00', 'x'],
      ['2026-02-30 08:15:00+00', newId()],
      ['now', newId()],
      ['infinity', newId()],
      [newId()],
    ];
    for (const cursor of ['x', '{}', ...made.map(encodeCursor)]) {
      const answer = await client.get(`customers/${first?.customerId}/orders`).query({ cursor });
      expect([cursor, answer.status, answer.body]).toEqual([
        cursor,
        400,
        problemOf(400, '"cursor" is none that an answer gave.'),
      ]);
    }
  });
});

describe('the list', () => {
  test('comes page after page, every customer once, with the exact total', async () => {
    await client.results('orders', people(45));
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page: z.output<typeof customerPage> = await read(customerPage, `customers?sort=name&cursor=${next}`);
      expect(page.total).toBe(45);
      seen.push(...page.customers.map((customer) => customer.name));
      next = page.next;
    }
    expect(seen).toEqual(people(45).map((each) => each.customer.name));
    expect((await read(customerPage, 'customers?per=50')).next).toBeNull();
  });

  test('the total follows segment, conditions and search', async () => {
    await client.results('orders', [
      person(1, { gender: 'female' }),
      person(2, { gender: 'female' }),
      person(3),
      { ...person(3), externalId: 'second' },
    ]);
    const total = async (query: string) => (await read(customerPage, `customers?${query}`)).total;
    expect(await total('')).toBe(3);
    expect(await total('segment=loyal')).toBe(1);
    expect(await total('segment=new&where=gender:is:female')).toBe(2);
    expect(await total('where=gender:is:female&where=orders:gte:2')).toBe(0);
    expect(await total('q=person%20002')).toBe(1);
    expect(await total('q=nobody')).toBe(0);
    expect(await total('sort=&per=&q=&where=&cursor=')).toBe(3);
  });

  test('updatedSince gives those whose data changed, and nobody whom the same order brought again', async () => {
    await client.results('orders', people(3));
    const { rows } = await latest();
    const since = new Date(rows + 1).toISOString();
    const changed = async () =>
      (await read(customerPage, `customers?updatedSince=${since}`)).customers.map((each) => each.name);
    expect(await changed()).toEqual([]);
    await client.results('orders', people(3));
    expect(await changed()).toEqual([]);
    await client.results('orders', [{ ...person(1), status: 'paid' }]);
    expect(await changed()).toEqual(['Person 001']);
    await client.results('orders', [{ ...person(2), customer: { ...person(2).customer, phones: ['050 123 45 67'] } }]);
    expect(await changed()).toEqual(['Person 002', 'Person 001']);
    const offset = '2026-11-20T10:15:00+02:00';
    for (const at of [offset, encodeURIComponent(offset)]) {
      expect((await read(customerPage, `customers?updatedSince=${at}`)).total).toBe(3);
    }
  });

  /** The moment of the last change, so that the test need not wait for the next one. */
  async function latest() {
    const [row] = await portal.tenancy.inCompany(company, (db) =>
      db.tables.customer.findMany({ orderBy: { updatedAt: 'desc' }, take: 1 }),
    );
    return { rows: row?.updatedAt.getTime() ?? 0 };
  }

  const cursor = encodeCursor(['-activity', 'x', 'x']);
  const refused: [query: string, detail: string][] = [
    ['colour=red', '"colour" is no parameter of this call.'],
    ['page=2', '"page" is no parameter of this call.'],
    ['__proto__=1', '"__proto__" is no parameter of this call.'],
    ['segment=rich', '"segment" "rich" means nothing here.'],
    ['where=shoes:is:43', '"where" "shoes:is:43": there is no such field.'],
    ['where=gender', '"where" "gender": there is no such field.'],
    ['where=gender:gte:1', '"where" "gender:gte:1": the field does not know this operator.'],
    ['where=gender:is:x', '"where" "gender:is:x": the operator does not know this value.'],
    ['where=orders:gte:many', '"where" "orders:gte:many": the operator does not know this value.'],
    ['where=orders:between:5..2', '"where" "orders:between:5..2": the operator does not know this value.'],
    ['where=activity:within:3x', '"where" "activity:within:3x": the operator does not know this value.'],
    ['where=region:is:%2500', '"where" "region:is:%00": the operator does not know this value.'],
    ['where=region:is:%00', '"where" has characters that are none.'],
    [Array(21).fill('where=orders:gte:1').join('&'), '"where" is given too often; at most 20 conditions are possible.'],
    ['sort=shoes', '"sort" "shoes" means nothing here.'],
    ['sort=--name', '"sort" "--name" means nothing here.'],
    ['sort=name&sort=sum', '"sort" is given more than once.'],
    ['per=0', '"per" "0" means nothing here.'],
    ['per=21', '"per" "21" means nothing here.'],
    ['per=1000000', '"per" "1000000" means nothing here.'],
    ['cursor=x', '"cursor" is none that an answer gave, or it was made under another sort.'],
    [`cursor=${cursor}`, '"cursor" is none that an answer gave, or it was made under another sort.'],
    ['q=%00', '"q" has characters that are none.'],
    [`q=${'x'.repeat(256)}`, `"q" "${'x'.repeat(100)}" means nothing here.`],
    [
      'updatedSince=yesterday',
      '"updatedSince" must be an ISO 8601 date and time with its offset, such as 2026-11-20T10:15:00%2B02:00.',
    ],
    ['updatedSince=0000-01-01T00:00:00Z', '"updatedSince" must not be before the year 1970.'],
  ];
  test.each(refused.map(([query, detail]) => [query.slice(0, 60), query, detail]))(
    'customers?%s',
    async (_, query, detail) => {
      const answer = await client.get(`customers?${query}`);
      expect([answer.status, answer.body]).toEqual([400, problemOf(400, detail)]);
    },
  );

  test('a far moment is only an empty list', async () => {
    expect((await read(customerPage, 'customers?updatedSince=9999-12-31T23:59:59Z')).customers).toEqual([]);
  });

  test('a cursor of another sort is refused', async () => {
    await client.results('orders', people(25));
    const { next } = await read(customerPage, 'customers?sort=name');
    expect((await client.get(`customers?sort=sum&cursor=${next}`)).status).toBe(400);
  });
});

describe('segments', () => {
  test('P-17 have key, name in the language of the company, and count; they follow no filter', async () => {
    await client.results('orders', [
      ...people(3),
      { ...person(1), externalId: 'second' },
      { ...person(9), placedAt: '2025-01-01T00:00:00Z' },
    ]);
    const { segments } = await read(segmentList, 'segments');
    expect(segments).toEqual([
      { key: 'all', name: 'All', count: 4 },
      { key: 'new', name: 'New', count: 2 },
      { key: 'loyal', name: 'Loyal', count: 1 },
      { key: 'inactive', name: 'Inactive', count: 1 },
    ]);
    expect((await client.get('segments?where=orders:gte:3')).status).toBe(400);
  });
});

test('P-05 a company without a paid plan goes on bringing in and taking out', async () => {
  const free = await makeCompany(portal, { plan: 'free' });
  const api = new Client(portal, await apiKey(portal, free), free);
  const [result] = await api.results('orders', [order]);
  expect((await api.get(`customers/${result?.customerId}`)).status).toBe(200);
});
