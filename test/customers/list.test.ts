import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { count, type ListPage, list, parseListState, selection } from '../../src/customers/customers.ts';
import { sql } from '../../src/platform/db.ts';
import { presetCounts } from '../../src/segments/segments.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { makeApp, makeCompany, type TestApp } from '../make.ts';
import { countAgain, type Person, person, storePeople } from './make.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const SORTS = ['activity', 'name', 'orders', 'sum', 'last_order', 'created'].flatMap((key) => [key, `-${key}`]);

let portal: TestApp;
let company: Company;

beforeAll(async () => {
  portal = await makeApp();
  company = await makeCompany(portal);
  await storePeople(portal.tenancy, company, crowd());
});

afterAll(() => portal.close());

/** 137 people with many ties in everything a list is sorted by. */
function crowd(): Person[] {
  const names = ['Олена', 'Іван', 'Їжак', 'Євген', 'anna', 'Anna', 'Ґанна', ''];
  return Array.from({ length: 137 }, (_, n) => {
    const at = new Date(Date.UTC(2026, n % 11, 1 + (n % 3)));
    const orders = n % 4;
    return person({
      name: names[n % names.length] ?? '',
      orders,
      threads: n % 5 === 0 ? 1 : 0,
      sum: BigInt((n % 6) * 1000 - 1000),
      lastActivity: orders > 0 || n % 5 === 0 ? at : null,
      lastOrder: orders > 0 ? at : null,
      created: new Date(Date.UTC(2025, n % 7, 1)),
      gender: n % 2 === 0 ? 'male' : null,
    });
  });
}

const stateOf = (query: string, shop = company) => {
  const { state, errors } = parseListState(new URLSearchParams(query), shop);
  expect(errors).toEqual([]);
  return state;
};

const load = (query: string): Promise<ListPage> =>
  portal.tenancy.inCompany(company, (db) => list(db, stateOf(query), NOW));

const ids = ({ rows }: ListPage) => rows.map((row) => row.id);

/** All ids, in the order in which an export reads them. */
const everybody = (query: string) =>
  portal.tenancy.inCompany(company, async (db) => {
    const { where, order } = selection(stateOf(query), company, NOW);
    return (await db.query<{ id: string }>(sql`select c.id from customer c where ${where} order by ${order}`)).map(
      ({ id }) => id,
    );
  });

describe('pages', () => {
  test.each(SORTS)('P-16 by %s, forwards and backwards, show everybody once and in the same order', async (sort) => {
    const all = await everybody(`sort=${sort}`);
    expect(new Set(all).size).toBe(137);
    const forwards = [await load(`sort=${sort}&per=50`)];
    for (let next = forwards.at(-1)?.next; next; next = forwards.at(-1)?.next) {
      forwards.push(await load(`sort=${sort}&per=50&page=2&after=${next}`));
    }
    expect(forwards.flatMap(ids)).toEqual(all);
    const backwards = [forwards.at(-1) as ListPage];
    for (let previous = backwards.at(0)?.previous; previous; previous = backwards.at(0)?.previous) {
      backwards.unshift(await load(`sort=${sort}&per=50&page=2&before=${previous}`));
    }
    expect(backwards.flatMap(ids)).toEqual(all);
  });

  test('P-16 go on beside the largest sums that can be', async () => {
    const shop = await makeCompany(portal);
    const most = 2n ** 63n - 1n;
    const people = Array.from({ length: 41 }, (_, n) => person({ sum: most - BigInt(n) }));
    await storePeople(portal.tenancy, shop, people);
    const open = (query: string) => portal.tenancy.inCompany(shop, (db) => list(db, stateOf(query, shop), NOW));
    const first = await open('sort=-sum');
    const second = await open(`sort=-sum&page=2&after=${first.next}`);
    expect([...ids(first), ...ids(second)]).toEqual(people.slice(0, 40).map(({ id }) => id));
  });

  test.each(['', 'where=gender:is:male', 'segment=inactive&sort=name'])(
    'of "%s" by number are the same as one after the other',
    async (query) => {
      const all = await everybody(query);
      const pages = Math.ceil(all.length / 20);
      for (let page = 1; page <= pages; page++) {
        const found = await load(`${query}&page=${page}`);
        expect(ids(found)).toEqual(all.slice((page - 1) * 20, page * 20));
        expect([found.previous !== null, found.next !== null]).toEqual([page > 1, page < pages]);
      }
      expect(await load(`${query}&page=${pages + 1}`)).toMatchObject({ rows: [], next: null });
      expect(await load(`${query}&page=123456789`)).toMatchObject({ rows: [], next: null });
    },
  );

  test('P-52 P-53 20 customers, or 50, or 100', async () => {
    const sizes = await Promise.all(['', 'per=50', 'per=100'].map(load));
    expect(sizes.map(({ rows }) => rows.length)).toEqual([20, 50, 100]);
  });

  test('P-01 P-16 the newest activity comes first; who has none stands by the day of being added', async () => {
    const { rows } = await load('per=100');
    const times = rows.map((row) => (row.last_activity_at ?? row.created_at).getTime());
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });
});

describe('totals', () => {
  test('P-17 P-18 P-19 P-20 P-21 the counts of the presets are those of their lists, in any zone', async () => {
    const zones = fc.constantFrom('Europe/Kyiv', 'Pacific/Kiritimati', 'America/Havana');
    const days = fc.integer({ min: 0, max: 400 }).map((n) => new Date(Date.UTC(2026, 0, n, 22, 30)));
    await fc.assert(
      fc.asyncProperty(zones, days, async (timezone, now) => {
        await portal.tenancy.inCompany(company, async (db) => {
          await db.execute(sql`update company set timezone = ${timezone}`);
          await countAgain(db);
          const moved = { ...db, company: { ...company, timezone } };
          const counts = await presetCounts(moved, now);
          for (const segment of ['all', 'new', 'loyal', 'inactive'] as const) {
            const state = { ...stateOf(`segment=${segment}`) };
            expect(counts[segment]).toBe(await count(moved, state, now, 10_000));
            expect((await list(moved, state, now)).total).toBe(counts[segment]);
          }
        });
      }),
      { numRuns: 10 },
    );
  });

  test('P-17 the counts of the presets follow neither conditions nor search', async () => {
    const found = await load('where=gender:is:male');
    expect(found.total).toBeNull();
    const total = await portal.tenancy.inCompany(company, (db) =>
      count(db, stateOf('where=gender:is:male'), NOW, 10_000),
    );
    expect(total).toBe(69);
    expect((await everybody('where=gender:is:male')).length).toBe(69);
  });

  test('a count that takes too long is given up, and the transaction goes on', async () => {
    await portal.tenancy.inCompany(company, async (db) => {
      await db.execute(sql`lock table customer in access share mode`);
      const slow = sql`select count(*) as total from generate_series(1, 100000000)`;
      const { within } = await import('../../src/tenancy/attempt.ts');
      expect(await within(db, 20, slow)).toBeNull();
      expect(await count(db, stateOf(''), NOW, 10_000)).toBe(137);
    });
  });
});

describe('the address', () => {
  test.each([
    ['segment=old', 'segment', 'unknown'],
    ['where=colour:is:red', 'where', 'field'],
    ['where=orders:is:3', 'where', 'operator'],
    ['where=orders:gte:x', 'where', 'value'],
    ['sort=age', 'sort', 'unknown'],
    ['sort=--name', 'sort', 'unknown'],
    ['per=25', 'per', 'unknown'],
    ['page=0', 'page', 'unknown'],
    ['page=1e3', 'page', 'unknown'],
    ['after=nonsense', 'cursor', 'unknown'],
    ['cursor=nonsense', 'cursor', 'unknown'],
    ['q=a%00b', 'q', 'unknown'],
    [`q=${'a'.repeat(256)}`, 'q', 'unknown'],
  ])('%s is refused, and the rest of the list stays', (query, parameter, reason) => {
    const { state, errors } = parseListState(new URLSearchParams(`${query}&where=gender:is:male`), company);
    expect(errors).toMatchObject([{ parameter, reason }]);
    expect(state.where).toHaveLength(1);
  });

  test('a moment of change is the API’s question: the page would lose it on its way to the next one', async () => {
    expect(stateOf('updatedSince=2999-01-01T00:00:00Z').updatedSince).toBeNull();
    expect((await load('updatedSince=2999-01-01T00:00:00Z')).total).toBe(137);
  });

  test('P-32 holds 20 conditions; the 21st is refused', () => {
    const many = new URLSearchParams(
      Array.from({ length: 21 }, (_, n): [string, string] => ['where', `orders:ne:${n}`]),
    );
    const { state, errors } = parseListState(many, company);
    expect(state.where).toHaveLength(20);
    expect(errors).toEqual([{ parameter: 'where', reason: 'tooMany', text: 'orders:ne:20' }]);
  });

  test('a cursor of another sort, or one made up, never reaches the database', async () => {
    const { next } = await load('sort=-sum');
    const token = (parts: string[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
    const id = '0193000f-4b29-7000-8c33-7504f208360b';
    for (const [sort, cursor] of [
      ['orders', next ?? ''],
      ['-sum', token(['-sum', 'x', id])],
      ['-sum', token(['-sum', '1', 'x'])],
      ['-sum', token(['-sum', '9'.repeat(19), id])],
      ['-activity', token(['-activity', '2026-01-01', id])],
    ] as const) {
      const { errors } = parseListState(new URLSearchParams({ sort, cursor }), company);
      expect(errors).toMatchObject([{ parameter: 'cursor' }]);
    }
    for (const key of ['9223372036854775807', '-9223372036854775808']) {
      expect((await load(`sort=sum&after=${token(['sum', key, id])}`)).rows).toBeDefined();
    }
    for (const key of ['9223372036854775808', '-9223372036854775809']) {
      const { errors } = parseListState(new URLSearchParams({ sort: 'sum', cursor: token(['sum', key, id]) }), company);
      expect(errors).toMatchObject([{ parameter: 'cursor' }]);
    }
    for (const key of ['-Infinity', '0', '9'.repeat(16), `-${'9'.repeat(16)}`]) {
      for (const sort of ['last_order', '-activity', 'created']) {
        expect((await load(`sort=${sort}&after=${token([sort, key, id])}`)).rows).toBeDefined();
      }
    }
  });
});
