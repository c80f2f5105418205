import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { CALLS_PER_COMPANY } from '../../src/web/api-room.ts';
import { apiKey, makeApp, makeCompany, type TestApp } from '../make.ts';

let portal: TestApp;
let server: Server;
beforeAll(async () => {
  portal = await makeApp();
  server = createServer(portal.app).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.close();
  await portal.close();
});

test('for a sender who went away in the middle of a form no page is made: a thousand of them cost the others nothing', async () => {
  const { port } = server.address() as AddressInfo;
  const arrived = once(server, 'request');
  const socket = connect(port, '127.0.0.1');
  socket.write('POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n');
  socket.write('Content-Type: application/x-www-form-urlencoded\r\n\r\nemail=a');
  const [, answer] = (await arrived) as [unknown, ServerResponse];
  socket.destroy();
  await once(answer, 'close');
  // Whoever comes after is answered when the one before is done with.
  expect((await request(server).get('/login')).status).toBe(200);
  expect([answer.statusCode, answer.getHeader('content-type')]).toEqual([200, undefined]);
});

test('senders who went away before their body was looked at take nobody the room: the next call is answered', async () => {
  const company = await makeCompany(portal);
  const key = await apiKey(portal, company);
  const path = `/api/v1/companies/${company.slug}/orders`;
  const { limiter } = portal.services;
  const take = limiter.take;
  const waiting = gate();
  const over = gate();
  const taken: Promise<number>[] = [];
  limiter.take = (...wanted) => {
    const answer = over.opened.then(() => take.apply(limiter, wanted));
    if (taken.push(answer) === CALLS_PER_COMPANY) waiting.open();
    return answer;
  };
  for (let n = 0; n < CALLS_PER_COMPANY; n++) {
    const arrived = once(server, 'request');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n`);
    socket.write('Content-Type: application/json\r\nContent-Length: 900\r\n\r\n{');
    const [, answer] = (await arrived) as [unknown, ServerResponse];
    const gone = once(answer, 'close');
    socket.destroy();
    await gone;
  }
  await waiting.opened;
  limiter.take = take;
  over.open();
  await Promise.all(taken);
  const answer = await request(server).post(path).auth(key, { type: 'bearer' }).send({ orders: [] });
  expect(answer.status).not.toBe(503);
});

function gate(): { opened: Promise<void>; open(): void } {
  let open: () => void = () => {};
  const opened = new Promise<void>((done) => {
    open = done;
  });
  return { opened, open: () => open() };
}
