import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import request from 'supertest';
import { makeApp, type TestApp } from '../make.ts';

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
