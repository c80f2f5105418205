import { afterAll, beforeAll, expect, test } from '@jest/globals';
import express from 'express';
import { openDatabase } from '../../src/platform/db.ts';
import { freePort } from '../../src/platform/postgres.ts';
import { routes } from '../../src/routes.ts';
import { openTenancy } from '../../src/tenancy/tenancy.ts';
import { api } from '../../src/web/api.ts';
import { apiKey, makeApp, makeCompany, type TestApp } from '../make.ts';
import { keyOfPhone } from '../setup/phone-key.ts';
import { Client, order } from './client.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

test('without a database a call is answered 503 and when to repeat it, and not a word of why', async () => {
  const database = openDatabase(`postgresql://nobody@127.0.0.1:${await freePort()}/nothing`);
  const app = express().use(api(routes, { ...portal.services, tenancy: openTenancy(database, () => {}, keyOfPhone) }));
  const answer = await new Client({ app }, 'clk_key', { slug: 'x' }).post('orders', { orders: [order] });
  await database.close();
  expect([answer.status, answer.headers['retry-after'], answer.body]).toEqual([
    503,
    '5',
    {
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      detail: 'Not possible at this moment. Repeat the call; that does no harm.',
    },
  ]);
});

test('F17 calls of one company take turns, and another company need not wait for all of them', async () => {
  const finished: string[] = [];
  const [busy, other] = [await makeCompany(portal), await makeCompany(portal)];
  const many = new Client(portal, await apiKey(portal, busy), busy);
  const one = new Client(portal, await apiKey(portal, other), other);
  const batch = (call: number) =>
    Array.from({ length: 30 }, (_, n) => ({
      ...order,
      externalId: `A-${call}-${n}`,
      customer: { accountId: `u-${n}` },
    }));
  const calls = Array.from({ length: 12 }, async (_, call) => {
    const { status } = await many.post('orders', { orders: batch(call) });
    finished.push('busy');
    return status;
  });
  const { status } = await one.post('orders', { orders: [order] });
  finished.push('other');
  expect([status, ...new Set(await Promise.all(calls))]).toEqual([200, 200]);
  expect(finished.indexOf('other')).toBeLessThan(finished.length - 1);
}, 60_000);
