import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MAX_BODY } from '../../src/web/api-body.ts';
import { BYTES, BYTES_PER_COMPANY, CALLS_PER_COMPANY, takeRoom } from '../../src/web/api-room.ts';
import { apiKey, makeApp, makeCompany, type TestApp } from '../make.ts';
import { Client, order } from './client.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

/** Fills the room of a company; answers how to empty it. */
function fill(companyId: string, bytes: number, calls: number): () => void {
  const leaves = Array.from({ length: calls }, () => takeRoom(companyId, bytes));
  expect(leaves).not.toContain(null);
  return () => {
    for (const leave of leaves) leave?.();
  };
}

test('a call that comes when enough of the company wait is answered 503 and when to come again; others go on', async () => {
  const [busy, other] = [await makeCompany(portal), await makeCompany(portal)];
  const empty = fill(busy.id, 10, CALLS_PER_COMPANY);
  const client = new Client(portal, await apiKey(portal, busy), busy);
  const refused = await client.post('orders', { orders: [order] });
  expect([refused.status, refused.headers['retry-after']]).toEqual([503, '5']);
  const another = new Client(portal, await apiKey(portal, other), other);
  expect((await another.post('orders', { orders: [order] })).status).toBe(200);
  empty();
  expect((await client.post('orders', { orders: [order] })).status).toBe(200);
});

test('a company has room for two of the largest bodies, the process for a few companies more', () => {
  const empties = [fill('a', MAX_BODY, 2), fill('b', MAX_BODY, 2), fill('c', MAX_BODY, 2)];
  expect(takeRoom('a', 1)).toBeNull();
  expect(takeRoom('d', BYTES - 3 * BYTES_PER_COMPANY + 1)).toBeNull();
  for (const empty of empties) empty();
  fill('d', MAX_BODY, 2)();
});

test('a call without room is refused before its body is read', async () => {
  const company = await makeCompany(portal);
  const key = await apiKey(portal, company);
  const empty = fill(company.id, MAX_BODY, 2);
  const server = portal.app.listen(0);
  const call = request({
    port: (server.address() as AddressInfo).port,
    method: 'POST',
    path: `/api/v1/companies/${company.slug}/orders`,
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', 'Content-Length': 1000 },
  });
  call.flushHeaders();
  const [answer] = await once(call, 'response');
  call.on('error', () => {}).destroy();
  server.close();
  empty();
  expect(answer.statusCode).toBe(503);
});
