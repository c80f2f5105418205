import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '../../src/platform/postgres.ts';
import { rootPath } from '../../src/platform/root.ts';
import { apiKey, makeApp, makeCompany, type TestApp } from '../make.ts';
import { PHONE_KEY } from '../setup/phone-key.ts';

let portal: TestApp;
let server: ChildProcess;
let port: number;
let url: string;
let exited: Promise<unknown[]>;
const dataDir = mkdtempSync(join(tmpdir(), 'clientele-'));
const lines: string[] = [];

beforeAll(async () => {
  portal = await makeApp();
  port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const env = {
    NODE_ENV: 'production',
    PORT: String(port),
    DATA_DIR: dataDir,
    DATABASE_URL: String(portal.services.config.databaseUrl),
    SESSION_SECRET: 'the secret of the test sessions',
    PHONE_KEY,
    DEMO: '0',
    GRACE_SECONDS: '3',
    PATH: process.env.PATH,
  };
  server = spawn(process.execPath, ['--import', 'tsx', rootPath('src', 'server.ts'), 'web'], { env, cwd: rootPath() });
  for (const stream of [server.stdout, server.stderr]) stream?.on('data', (chunk) => lines.push(String(chunk)));
  exited = once(server, 'exit');
  while (server.exitCode === null && !(await fetch(`${url}/readyz`).catch(() => null))?.ok) await pause(50);
}, 120_000);

afterAll(async () => {
  server.kill('SIGKILL');
  await exited;
  await portal.close();
  rmSync(dataDir, { recursive: true, force: true });
});

test('SIGTERM: it says so first, answers whatever comes meanwhile, finishes what runs, and ends with 0', async () => {
  const company = await makeCompany(portal);
  const key = await apiKey(portal, company);
  const [silent, idle, slow] = await Promise.all([open(), open(), open()]);
  expect(await ask(idle, 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')).toContain('Connection: keep-alive');
  const order = {
    externalId: 'A-1',
    placedAt: new Date().toISOString(),
    currency: 'UAH',
    total: '10.00',
    customer: { phones: ['0671234567'] },
  };
  const body = JSON.stringify({ orders: [order] });
  const head = `POST /api/v1/companies/${company.slug}/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  slow.write(head + body.slice(0, 10));

  server.kill('SIGTERM');
  // Who sends requests here hears it before anything is refused.
  let ready = await fetch(`${url}/readyz`);
  while (ready.status === 200) ready = await fetch(`${url}/readyz`);
  expect({ status: ready.status, body: await ready.json() }).toEqual({
    status: 503,
    body: { database: true, queue: true, leaving: true },
  });
  const page = await fetch(`${url}/login`);
  expect([page.status, page.headers.get('connection')]).toEqual([200, 'close']);

  // After the grace nobody is let in, connections that bring nothing end without a word, and the request that runs goes on.
  await Promise.all([silent, idle].map((socket) => ended(socket)));
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  const answer = await ask(slow, body.slice(10));
  expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\nConnection: close\r\n[\s\S]*"status":"created"/);
  expect({ code: (await exited)[0], lines }).toMatchObject({ code: 0 });
}, 60_000);

async function open(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** Whatever comes first. */
async function ask(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  return String((await once(socket, 'data'))[0]);
}

async function ended(socket: Socket): Promise<void> {
  if (!socket.closed) await once(socket.resume(), 'close');
}
