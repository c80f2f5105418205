import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { count, list, parseListState, selection } from '../../src/customers/customers.ts';
import { ingestOrders } from '../../src/ingest/ingest.ts';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { makeApp, makeCompany, type TestApp } from '../make.ts';
import { person, storePeople } from './make.ts';

const NOW = new Date('2026-11-21T12:00:00Z');

let portal: TestApp;
let company: Company;

beforeAll(async () => {
  portal = await makeApp();
  company = await makeCompany(portal);
  await order('A-1001', '1001', {
    name: 'Олена Коваль',
    phones: ['067 123 45 67'],
    emails: ['Olena.Koval@example.com'],
  });
  await order('A-1002', '2002', { name: 'О. Коваленко', phones: ['+380 67 123-45-67'] });
  await order('A-1003', '3003', { name: 'Іван Бондар', phones: ['(050) 765 43 21'], emails: ['bondar@example.com'] });
  await order('A-1004', '4004', { name: 'Percent 100%_sure \\ Ltd', emails: ['percent@example.com'] });
});

afterAll(() => portal.close());

async function order(externalId: string, number: string, customer: object): Promise<void> {
  const item = { externalId, number, placedAt: '2026-11-01T10:00:00Z', currency: 'UAH', total: '10.00', customer };
  const [result] = await ingestOrders(portal.tenancy, company, [item], NOW);
  expect(result?.status).toBe('created');
}

async function namesFor(q: string, shop = company, rest = ''): Promise<string[]> {
  const { state, errors } = parseListState(new URLSearchParams(`q=${encodeURIComponent(q)}${rest}`), shop);
  expect(errors).toEqual([]);
  return portal.tenancy.inCompany(shop, async (db) => {
    const page = await list(db, state, NOW);
    const { where, order } = selection(state, shop, NOW);
    const all = await db.query<{ name: string }>(sql`select c.name from customer c where ${where} order by ${order}`);
    const names = page.rows.map(({ name }) => name);
    expect(all.map(({ name }) => name)).toEqual(names);
    if (page.total !== null) expect(page.total).toBe(names.length);
    return names;
  });
}

const OLENA = 'О. Коваленко';
const IVAN = 'Іван Бондар';

test.each([
  ['коваль', OLENA],
  ['  КОВАЛЬ   олена ', OLENA],
  ['бон', IVAN],
  ['ів бо', IVAN],
  ['олена.', null],
])('P-50 P-51 by name: %s', async (q, name) => {
  expect(await namesFor(q)).toEqual(name ? [name] : []);
});

test('P-51 P-76 an order under another name still finds its customer', async () => {
  expect(await namesFor('Коваленко')).toEqual([OLENA]);
  expect(await namesFor('Олена Коваленко')).toEqual([OLENA]);
});

test.each([
  '+380671234567',
  '0671234567',
  '067 123 45 67',
  '(067) 123-45-67',
  '00380671234567',
  '1234567',
  '671 23',
  'tel:+380671234567',
  '067',
])('P-51 by phone in any spelling: %s', async (q) => {
  expect(await namesFor(q)).toEqual([OLENA]);
});

test.each(['olena.koval@example.com', 'OLENA.KOVAL', 'koval@'])('P-51 by e-mail: %s', async (q) => {
  expect(await namesFor(q)).toEqual([OLENA]);
});

test('P-51 a phone among other words', async () => {
  expect(await namesFor('Олена 067 1234567')).toEqual([OLENA]);
  expect(await namesFor('Іван 0671234567')).toEqual([]);
});

test.each(['2002', '№2002', '# 2002', 'A-1002'])('P-50 by the number of an order: %s', async (q) => {
  expect(await namesFor(q)).toEqual([OLENA]);
});

test('one or two letters are the beginning of a word', async () => {
  expect(await namesFor('ко')).toEqual([OLENA]);
  expect(await namesFor('ль')).toEqual([]);
  expect(await namesFor('б')).toEqual([IVAN]);
});

test('signs that LIKE takes for wildcards are letters like any other', async () => {
  expect(await namesFor('100%_sure')).toEqual(['Percent 100%_sure \\ Ltd']);
  expect(await namesFor('1__%_s')).toEqual([]);
  expect(await namesFor('%%%')).toEqual([]);
  expect(await namesFor('___')).toEqual([]);
  expect(await namesFor('a\\')).toEqual([]);
});

test('search and conditions hold together', async () => {
  expect(await namesFor('коваль', company, '&where=orders:gte:2&segment=loyal')).toEqual([OLENA]);
  expect(await namesFor('бондар', company, '&where=orders:gte:2')).toEqual([]);
});

test('nothing but blanks is no search', async () => {
  expect(await namesFor('   ')).toHaveLength(3);
});

test('a beginning that very many share is found among the newest, page after page, and agrees with the whole', async () => {
  const shop = await makeCompany(portal);
  const people = Array.from({ length: 130 }, (_, n) =>
    person({ name: n % 10 === 0 ? 'Bo' : 'Anna', orders: 1, lastActivity: new Date(Date.UTC(2026, 1, 1, 0, n)) }),
  );
  await storePeople(portal.tenancy, shop, people);
  const find = (query: string) =>
    portal.tenancy.inCompany(shop, (db) => list(db, parseListState(new URLSearchParams(query), shop).state, NOW));
  const first = await find('q=an');
  const second = await find(`q=an&page=2&after=${first.next}`);
  const newest = people.filter(({ name }) => name === 'Anna').reverse();
  expect([...first.rows, ...second.rows].map(({ id }) => id)).toEqual(newest.slice(0, 40).map(({ id }) => id));
  expect((await find('q=an&page=3')).rows.map(({ id }) => id)).toEqual(newest.slice(40, 60).map(({ id }) => id));
  expect(await find('q=bo')).toMatchObject({ total: 13 });
});

describe('a busy machine', () => {
  let shop: Company;

  beforeAll(async () => {
    shop = await makeCompany(portal);
    const people = Array.from({ length: 150 }, (_, n) =>
      person({
        name: ['Anna Berg', 'Bo', 'Олена 2002'][n % 3] ?? '',
        gender: n % 2 === 0 ? 'male' : null,
        phones: n % 2 === 0 ? [`+3806720020${String(n).padStart(2, '0').slice(-2)}${n}`] : [],
        lastActivity: new Date(Date.UTC(2026, 1, 1, 0, n)),
      }),
    );
    await storePeople(portal.tenancy, shop, people);
    for (const [n, number] of ['2002', 'an', '---', 'Олена'].entries()) {
      const customer = { name: 'Zoe', emails: [`zoe${n}@example.com`] };
      const placedAt = n % 2 === 0 ? '2026-11-01T10:00:00Z' : '2026-01-01T10:00:00Z';
      const item = { externalId: `Z-${n}`, number, placedAt, currency: 'UAH', total: '10.00', customer };
      await ingestOrders(portal.tenancy, shop, [item], NOW);
    }
  });

  const NEVER = { index: 0, walk: 0 };
  const WALKING = { index: 0, walk: Number.POSITIVE_INFINITY };
  const READING = { index: Number.POSITIVE_INFINITY, walk: 0 };

  test('P-50 finds the same customers on every page, in the total and in the export, whichever way answers first', async () => {
    const words = fc.constantFrom(
      '2002',
      'an',
      'bo',
      'b',
      'олена',
      'Олена',
      'zoe',
      'Z-1',
      '067',
      '---',
      '.',
      'a%',
      'нема',
    );
    const queries = fc.record({
      q: fc.oneof(
        words,
        fc.tuple(words, words).map((pair) => pair.join(' ')),
      ),
      where: fc.constantFrom('', '&where=gender:is:male'),
      sort: fc.constantFrom('', '&sort=name', '&sort=created'),
    });
    await fc.assert(
      fc.asyncProperty(queries, fc.integer({ min: 1, max: 4 }), async ({ q, where, sort }, page) => {
        const { state } = parseListState(
          new URLSearchParams(`q=${encodeURIComponent(q)}${where}${sort}&page=${page}`),
          shop,
        );
        await portal.tenancy.inCompany(shop, async (db) => {
          const chosen = selection(state, shop, NOW);
          const all = await db.query<{ id: string }>(
            sql`select c.id from customer c where ${chosen.where} order by ${chosen.order}`,
          );
          const wanted = all.slice((page - 1) * 20, page * 20).map(({ id }) => id);
          for (const patience of [NEVER, WALKING, READING, undefined]) {
            const { rows, total } = await list(db, state, NOW, undefined, patience);
            expect(rows.map(({ id }) => id)).toEqual(wanted);
            expect(total ?? all.length).toBe(all.length);
          }
          expect(await count(db, state, NOW, 20_000)).toBe(all.length);
        });
      }),
      { numRuns: 60 },
    );
  });

  test.each(['.', '!!', '+ -'])('P-50 signs alone, as in "%s", find nobody', async (q) => {
    const { state } = parseListState(new URLSearchParams({ q }), shop);
    for (const patience of [NEVER, WALKING, READING]) {
      const found = await portal.tenancy.inCompany(shop, (db) => list(db, state, NOW, undefined, patience));
      expect(found).toEqual({ rows: [], total: 0, next: null, previous: null });
    }
  });
});

test('the search stays inside the company', async () => {
  const other = await makeCompany(portal);
  expect(await namesFor('коваль', other)).toEqual([]);
  expect(await namesFor('2002', other)).toEqual([]);
});
