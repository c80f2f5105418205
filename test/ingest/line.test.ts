import { expect, test } from '@jest/globals';
import express, { type Request, type Response } from 'express';
import request from 'supertest';
import { postOrders } from '../../src/ingest/endpoints.ts';
import { ingestOrders } from '../../src/ingest/ingest.ts';
import { type Brought, inLine } from '../../src/ingest/line.ts';
import { sql } from '../../src/platform/db.ts';
import type { Tenancy } from '../../src/tenancy/tenancy.ts';
import { order } from '../api/client.ts';
import { makeApp, makeCompany } from '../make.ts';

/** Calls whose items are written down as they are stored, batch by batch. */
function ledger() {
  const batches: string[] = [];
  // A line of its own.
  const tenancy = {} as Tenancy;
  const post = (items: readonly string[], how: Partial<Brought> = {}) =>
    inLine(tenancy, 'a', {
      sort: 'orders',
      items,
      store: async (together) => {
        batches.push(together.join(' '));
        await new Promise((resolve) => setImmediate(resolve));
        if (together.includes('bad')) throw new Error('bad');
        return together.map((item) => ({ status: 'created' as const, item }));
      },
      ...how,
    });
  return { batches, post };
}

test('calls of a company come one after another, and those that wait are stored together; each is answered its own', async () => {
  const { batches, post } = ledger();
  const calls = [['1'], ['2', '3'], ['4']].map((items) => post(items));
  expect(await Promise.all(calls)).toMatchObject([[{ item: '1' }], [{ item: '2' }, { item: '3' }], [{ item: '4' }]]);
  expect(batches).toEqual(['1', '2 3 4']);
});

test('a call that fails sinks none of those it was stored with, and lets the next one in', async () => {
  const { batches, post } = ledger();
  const [first, good, bad, late] = [post(['1']), post(['2']), post(['bad']), post(['3'])];
  await expect(bad).rejects.toThrow('bad');
  expect(await Promise.all([first, good, late])).toMatchObject([[{ item: '1' }], [{ item: '2' }], [{ item: '3' }]]);
  expect(batches).toEqual(['1', '2 bad 3', '2', 'bad', '3']);
});

test('what is stored differently, by itself, or is too much for one time, follows; nobody overtakes', async () => {
  const { batches, post } = ledger();
  const many = Array.from({ length: 99 }, () => 'm');
  const calls = [post(['1']), post(['2']), post(many), post(['3', '4']), post(['5'])];
  const others = [
    post(['o'], { sort: 'messages' }),
    post(['6'], { sort: null }),
    post(['7'], { sort: null }),
    post(['8']),
  ];
  await Promise.all([...calls, ...others]);
  expect(batches).toEqual(['1', `2 ${many.join(' ')}`, '3 4 5', 'o', '6', '7', '8']);
});

test('who has waited too long is told to come again, and nothing of it is done', async () => {
  const { batches, post } = ledger();
  const [first, late, last] = [post(['1']), post(['2', '2'], { patience: 0 }), post(['3'])];
  await expect(late).rejects.toMatchObject({ status: 503 });
  expect(await Promise.all([first, last])).toMatchObject([[{ item: '1' }], [{ item: '3' }]]);
  expect(batches).toEqual(['1', '3']);
});

test('forty calls at once, some with a bad item, are all stored, and each is answered its own', async () => {
  const portal = await makeApp();
  const { tenancy, database } = portal;
  const company = await makeCompany(portal);
  const store = (items: readonly unknown[]) => ingestOrders(tenancy, company, items, new Date());
  const numbers = Array.from({ length: 40 }, (_, n) => n);
  const answers = await Promise.all(
    numbers.map((n) => {
      const placed = { ...order, externalId: `o-${n}`, customer: { phones: [`06712345${10 + n}`] } };
      return inLine(tenancy, company.id, {
        sort: 'orders',
        items: n % 10 === 0 ? [placed, { externalId: 'bad' }] : [placed],
        store,
      });
    }),
  );
  const stored = await database.prisma.$queryRaw<{ count: number }[]>(sql`select count(*)::int as count from arrival`);
  await portal.close();
  expect(stored).toEqual([{ count: 40 }]);
  expect(answers).toMatchObject(
    numbers.map((n) => [
      { externalId: `o-${n}`, status: 'created' },
      ...(n % 10 === 0 ? [{ externalId: 'bad', status: 'rejected' }] : []),
    ]),
  );
});

test('what waited goes by the settings the company has when its turn comes', async () => {
  const portal = await makeApp();
  const { services, database } = portal;
  const company = await makeCompany(portal);
  await database.prisma.$executeRaw(sql`update company set country = 'PL' where id = ${company.id}::uuid`);
  const app = express()
    .use(express.json())
    .post('/', (req, res) =>
      postOrders.handler({ req, res, services, now: new Date(), company, portal: false, keyId: '' }),
    );
  const polish = { ...order, customer: { phones: ['512 345 678'] } };
  expect(
    (
      await request(app)
        .post('/')
        .send({ orders: [polish] })
    ).status,
  ).toBe(200);
  const contacts = await database.prisma.$queryRaw(sql`select value from contact where kind = 'phone'`);
  await portal.close();
  expect(contacts).toEqual([{ value: '+48512345678' }]);
});

test('what the portal pushes and what a company pushes itself wait together, and are not taken for each other', async () => {
  const portal = await makeApp();
  const { services, database } = portal;
  const company = await makeCompany(portal);
  let open = () => {};
  const gate = new Promise<[]>((resolve) => {
    open = () => resolve([]);
  });
  const held = inLine(services.tenancy, company.id, { sort: null, items: [], store: () => gate });
  const post = (byPortal: boolean, n: number) => {
    const customer = { phones: [`06712345${10 + n}`] };
    const placed = { ...order, externalId: `o-${n}`, placedAt: `2026-11-20T10:0${n}:00Z`, customer };
    const req = { body: { orders: [placed] } } as Request;
    const res = { json: () => {} } as unknown as Response;
    return postOrders.handler({ req, res, services, now: new Date(), company, portal: byPortal, keyId: '' });
  };
  const waiting = [post(false, 1), post(true, 2), post(false, 3)];
  open();
  await Promise.all([held, ...waiting]);
  const stored = await database.prisma.$queryRaw(sql`select by_portal from dealing order by first_at`);
  await portal.close();
  expect(stored).toEqual([{ by_portal: false }, { by_portal: true }, { by_portal: false }]);
});
