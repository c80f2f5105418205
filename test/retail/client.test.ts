import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { postOrders } from '../../scripts/retail/client.ts';

let server: Server;
afterEach(() => new Promise((resolve) => server.close(resolve)));

/** A portal that gives these answers, one after the other. */
function answering(...answers: RequestListener[]) {
  const left = [...answers];
  server = createServer((req, res) => {
    req.resume();
    req.once('end', () => left.shift()?.(req, res));
  }).listen(0);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { target: { url, key: 'clk_x', company: 'retail' }, left };
}

const created: RequestListener = (_req, res) =>
  res
    .setHeader('content-type', 'application/json')
    .end(JSON.stringify({ results: [{ externalId: 'A', status: 'created', errors: [] }] }));
const busy: RequestListener = (_req, res) => res.writeHead(429, { 'retry-after': '0' }).end();
const broken: RequestListener = (_req, res) => res.writeHead(503, { 'retry-after': '0' }).end('<html>');
const cut: RequestListener = (req) => req.socket.destroy();

test('orders are sent again after 429, after 503 and after a connection that was cut', async () => {
  const { target, left } = answering(busy, broken, cut, created);
  expect(await postOrders(target, [{ externalId: 'A' }])).toEqual([{ externalId: 'A', status: 'created', errors: [] }]);
  expect(left).toHaveLength(0);
});

test('a key that is refused is not tried again, and the portal’s words are told', async () => {
  const refused: RequestListener = (_req, res) => res.writeHead(401).end(JSON.stringify({ detail: 'Send a key.' }));
  const { target, left } = answering(refused, created);
  await expect(postOrders(target, [{}])).rejects.toThrow(/answered 401 to orders of retail: Send a key\./);
  expect(left).toHaveLength(1);
});
