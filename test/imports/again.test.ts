import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as customers from '../../src/customers/customers.ts';
import { drift, keepApart, lock, move } from '../../src/identity/identity.ts';
import { ingestOrders } from '../../src/ingest/ingest.ts';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import type { CompanyDb } from '../../src/tenancy/handles.ts';
import { makeApp, makeCompany, makeUser, type TestApp } from '../make.ts';
import { customersOf, importFile, rowsOf } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

interface Shop {
  company: Company;
  userId: string;
  /** Imports the file; answers the customer of each row, which must have come as it was foretold. */
  bring(file: string): Promise<{ outcomes: (string | null)[]; customerIds: (string | null)[] }>;
  decide<T>(work: (db: CompanyDb) => Promise<T>): Promise<T>;
  arrival(externalId: string): Promise<{ id: string; customerId: string }>;
}

async function shop(): Promise<Shop> {
  const company = await makeCompany(portal);
  const { id: userId } = await makeUser(portal, { company });
  return {
    company,
    userId,
    bring: async (file) => {
      const rows = await rowsOf(portal, await importFile(portal, company, userId, file));
      const outcomes = rows.map(({ outcome }) => outcome);
      expect(rows.map(({ expected }) => expected)).toEqual(outcomes);
      return { outcomes, customerIds: rows.map((row) => row.customer_id) };
    },
    decide: (work) =>
      portal.tenancy.inCompany(company, async (db) => {
        await lock(db);
        return work(db);
      }),
    arrival: async (externalId) => {
      const [row] = await portal.tenancy.inCompany(company, (db) =>
        db.query<{ id: string; customerId: string }>(
          sql`select id, customer_id as "customerId" from arrival where external_id = ${externalId}`,
        ),
      );
      if (!row) throw new Error(`There is no arrival ${externalId}`);
      return row;
    },
  };
}

const order = (externalId: string, customer: object) => ({
  ...{ externalId, placedAt: '2026-11-01T10:00:00Z', currency: 'UAH', total: '10.00' },
  customer,
});
const orders = ({ company }: Shop, ...items: object[]) => ingestOrders(portal.tenancy, company, items, new Date());
const sound = async ({ company }: Shop) =>
  expect(await portal.tenancy.inCompany(company, drift)).toEqual({ customers: 0, days: 0, uncounted: 0 });
const imported = async ({ company }: Shop) =>
  (
    await portal.database.prisma.$queryRaw<{ n: number }[]>(
      sql`select count(*)::int as n from customer_change where company_id = ${company.id}::uuid and action = 'imported'`,
    )
  )[0]?.n;

const TWO = 'Name;Phone\nOlena;0671234567\nIvan;0671234568\n';

describe('rows of customers who were deleted', () => {
  test('C-13 make them anew, whatever became of the old ones', async () => {
    const s = await shop();
    const first = await s.bring(TWO);
    const ids = first.customerIds.map(String);
    await s.decide((db) => customers.remove(db, ids, s.userId));
    const second = await s.bring(TWO);
    expect(second.outcomes).toEqual(['created', 'created']);
    expect((await customersOf(portal, s.company)).map(({ id, name }) => [id, name])).toEqual([
      [second.customerIds[0], 'Olena'],
      [second.customerIds[1], 'Ivan'],
    ]);
    expect(second.customerIds).not.toEqual(first.customerIds);
    expect((await s.bring(TWO)).outcomes).toEqual(['unchanged', 'unchanged']);
    await s.decide((db) => customers.erase(db, ids, s.userId));
    await s.decide((db) => customers.remove(db, second.customerIds.map(String), s.userId));
    await s.decide((db) => customers.erase(db, second.customerIds.map(String), s.userId));
    expect((await s.bring(TWO)).outcomes).toEqual(['created', 'created']);
    expect((await customersOf(portal, s.company)).map(({ name, phones }) => [name, phones])).toEqual([
      ['Olena', ['+380671234567']],
      ['Ivan', ['+380671234568']],
    ]);
    await sound(s);
  });

  test('C-13 leave the old ones as they were, to be brought back', async () => {
    const s = await shop();
    const { customerIds } = await s.bring(TWO);
    const ids = customerIds.map(String);
    await s.decide((db) => customers.remove(db, ids, s.userId));
    await s.bring('Name;Phone\nOlena;0671234567\n');
    const { taken } = await s.decide((db) => customers.restore(db, ids, s.userId));
    expect(taken.map(({ value }) => value)).toEqual(['+380671234567']);
    expect((await customersOf(portal, s.company)).map(({ name, phones }) => [name, phones])).toEqual([
      ['Olena', []],
      ['Ivan', ['+380671234568']],
      ['Olena', ['+380671234567']],
    ]);
    expect((await s.bring(TWO)).outcomes).toEqual(['unchanged', 'unchanged']);
    await sound(s);
  });
});

describe('rows of customers about whom people decided', () => {
  test('C-13 join nobody who is kept apart, and give a note to the stronger one', async () => {
    const s = await shop();
    await orders(
      s,
      order('A', { phones: ['0671234561'], name: 'A' }),
      order('B', { emails: ['b@example.com'], name: 'B' }),
    );
    const [a, b] = [await s.arrival('A'), await s.arrival('B')];
    await s.decide((db) => keepApart(db, { customerId: a.customerId, otherId: b.customerId, userId: s.userId }));
    await s.bring('E-mail;Note\nb@example.com;of B\n');
    const met = 'Name;Phone;E-mail;Note\nX;0671234561;b@example.com;of A\n';
    expect(await s.bring(met)).toEqual({ outcomes: ['updated'], customerIds: [a.customerId] });
    expect((await s.bring(met)).outcomes).toEqual(['unchanged']);
    expect((await customersOf(portal, s.company)).map(({ note }) => note)).toEqual(['of A', 'of B']);
    // What only one of them is joined with stays apart from the other too.
    await orders(s, order('C', { phones: ['0671234563'], name: 'C' }));
    const both = 'Phone;Second phone;E-mail\n0671234561;0671234563;\n;0671234563;b@example.com\n';
    expect((await s.bring(both)).outcomes).toEqual(['merged', 'unchanged']);
    expect(await customersOf(portal, s.company)).toHaveLength(2);
    await sound(s);
  });

  test('C-13 go where an order like them was moved', async () => {
    const s = await shop();
    const of = (name: string) => ({ phones: ['0671234562'], name });
    await orders(s, order('A', { phones: ['0671234561'] }), order('B', of('B')), order('C', of('C')));
    const [a, b] = [await s.arrival('A'), await s.arrival('B')];
    await s.decide((db) => move(db, { arrivalId: b.id, customerId: a.customerId, userId: s.userId }));
    expect(await s.bring('Name;Phone;Note\nB;0671234562;note\nC;0671234562;of C\n')).toEqual({
      outcomes: ['updated', 'updated'],
      customerIds: [a.customerId, b.customerId],
    });
    expect((await customersOf(portal, s.company)).map(({ note }) => note)).toEqual(['note', 'of C']);
    await sound(s);
  });
});

describe('a row that came before', () => {
  test('C-13 takes nothing back that a newer one said, and writes no history', async () => {
    const s = await shop();
    await s.bring('Name;Phone\nAnna;0671234567\n');
    await s.bring('Name;Phone\nAnna B;0671234567\n');
    const before = await imported(s);
    expect((await s.bring('Name;Phone\nAnna;0671234567\n')).outcomes).toEqual(['unchanged']);
    expect(await customersOf(portal, s.company)).toMatchObject([{ name: 'Anna B' }]);
    expect(await imported(s)).toBe(before);
  });

  test('C-13 does so within one file too, but brings its note', async () => {
    const s = await shop();
    const file = 'Name;Phone;Note\nAnna;0671234567;\nAnna B;0671234567;\nAnna;0671234567;\nAnna;0671234567;note\n';
    expect((await s.bring(file)).outcomes).toEqual(['created', 'updated', 'unchanged', 'updated']);
    expect(await customersOf(portal, s.company)).toMatchObject([{ name: 'Anna B', note: 'note' }]);
  });
});
