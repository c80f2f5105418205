import { expect, test } from '@jest/globals';
import express from 'express';
import request from 'supertest';
import { postOrders } from '../../src/ingest/endpoints.ts';
import { inLine } from '../../src/ingest/line.ts';
import { sql } from '../../src/platform/db.ts';
import { order } from '../api/client.ts';
import { makeApp, makeCompany } from '../make.ts';

test('calls of a company come one after another, in their order; one that fails lets the next one in', async () => {
  const seen: string[] = [];
  const work =
    (name: string, fails = false) =>
    async () => {
      seen.push(`${name} begins`);
      await Promise.resolve();
      seen.push(`${name} ends`);
      if (fails) throw new Error(name);
    };
  const [first, second, third] = [inLine('a', work('1')), inLine('a', work('2', true)), inLine('a', work('3'))];
  await expect(second).rejects.toThrow('2');
  await Promise.all([first, third]);
  expect(seen).toEqual(['1 begins', '1 ends', '2 begins', '2 ends', '3 begins', '3 ends']);
});

test('who has waited too long is told to come again, and nothing of it is done', async () => {
  const done: string[] = [];
  const work = (name: string) => async () => {
    done.push(name);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const [first, late, last] = [inLine('b', work('1')), inLine('b', work('2'), 0), inLine('b', work('3'))];
  await expect(late).rejects.toMatchObject({ status: 503 });
  await Promise.all([first, last]);
  expect(done).toEqual(['1', '3']);
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
