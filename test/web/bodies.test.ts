import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { apiKey, makeApp, makeCompany, type TestApp, Visitor } from '../make.ts';

let portal: TestApp;
let server: Server;
let orders: string;
let key: string;
beforeAll(async () => {
  portal = await makeApp();
  const company = await makeCompany(portal);
  key = await apiKey(portal, company);
  orders = `/api/v1/companies/${company.slug}/orders`;
  server = portal.app.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await portal.close();
});

const MEGABYTE = 1024 * 1024;
const FORM = 'Content-Type: application/x-www-form-urlencoded';

describe('a body that never ends', () => {
  test.each([
    ['a form', '/login', FORM],
    ['a webhook', '/webhooks/twilio/inbound', FORM],
    ['a call of the API', '', 'Content-Type: application/json'],
  ])('is answered 413 before its end, and read no further: %s', async (_name, path, type) => {
    const { status, before, after } = await pour(path || orders, [type, `Authorization: Bearer ${key}`]);
    expect(status).toBe(413);
    expect(before).toBeLessThan(40 * MEGABYTE);
    expect(after).toBeLessThan(40 * MEGABYTE);
  });

  test('sent by somebody who may not send it at all is cut off as well', async () => {
    const { status, after } = await pour(orders, ['Content-Type: application/json']);
    expect(status).toBe(401);
    expect(after).toBeLessThan(40 * MEGABYTE);
  });
});

test('a form that says that it is too long is refused before a byte of it was sent', async () => {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(`POST /login HTTP/1.1\r\nHost: x\r\n${FORM}\r\nContent-Length: ${300 * 1024}\r\n\r\n`);
  const [first]: Buffer[] = await once(socket, 'data');
  socket.destroy();
  expect(String(first)).toMatch(/^HTTP\/1\.1 413 /);
});

describe('a form', () => {
  const send = async (body: string | Buffer, headers: Record<string, string> = {}) => {
    const { agent } = new Visitor(portal);
    return agent.post('/login').type('form').set(headers).serialize(String).send(body.toString('latin1'));
  };

  test('of more fields than any of ours has is refused', async () => {
    const fields = (count: number) => Array.from({ length: count }, (_, n) => `f${n}=`).join('&');
    expect([(await send(fields(2001))).status, (await send(fields(2000))).status]).toEqual([413, 403]);
  });

  test('that comes compressed is refused, however small it is', async () => {
    const bomb = gzipSync('a='.padEnd(4 * MEGABYTE, 'a'));
    expect((await send(bomb, { 'Content-Encoding': 'gzip' })).status).toBe(415);
  });
});

describe('JSON', () => {
  const send = (body: string) =>
    new Visitor(portal).agent
      .post(orders)
      .set({ Authorization: `Bearer ${key}` })
      .type('json')
      .send(body);

  test.each([
    ['nested deeper than anything of ours', `{"orders":${'['.repeat(30)}${']'.repeat(30)}}`],
    ['of brackets alone', `{"orders":[${Array(20_000).fill('[]').join()}]}`],
  ])('%s is refused before it is unfolded', async (_name, body) => {
    const { status, text } = await send(body);
    expect([status, JSON.parse(text).detail]).toEqual([400, expect.stringContaining('deeper than 20 levels')]);
  });

  test('may hold as many brackets in a text as it likes', async () => {
    const person = { phones: ['067 123 45 67'], name: '\\"[{'.repeat(60) };
    const item = { externalId: 'B-1', placedAt: '2026-11-01T10:00:00Z', currency: 'UAH', total: '1', customer: person };
    expect((await send(JSON.stringify({ orders: [item] }))).status).toBe(200);
  });
});

/** Sends on and on, as much as is taken; counts the bytes before the answer and after it, until the connection is cut. */
async function pour(path: string, headers: string[]) {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const head = [`POST ${path} HTTP/1.1`, 'Host: x', 'Transfer-Encoding: chunked', ...headers, '', ''].join('\r\n');
  const chunk = Buffer.from(`10000\r\n${'a'.repeat(0x10000)}\r\n`);
  let answer = '';
  let before = 0;
  const taken = () => socket.bytesWritten - socket.writableLength;
  socket.on('data', (bytes: Buffer) => {
    if (answer === '') before = taken();
    answer += bytes;
  });
  socket.on('error', () => {});
  socket.write(head);
  const more = () => {
    while (!socket.destroyed && taken() < 300 * MEGABYTE && socket.write(chunk));
  };
  socket.on('drain', more);
  more();
  await new Promise((done) => socket.once('close', done));
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]), before, after: taken() - before };
}
