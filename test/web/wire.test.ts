import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeApp, type TestApp } from '../make.ts';

let portal: TestApp;
let server: Server;
beforeAll(async () => {
  portal = await makeApp();
  server = portal.app.listen(0);
  await once(server, 'listening');
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await portal.close();
});

/** What is answered to these very bytes, until the server closes or the last request asked it to. */
async function send(...lines: string[]): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(lines.join('\r\n'));
  return text(socket);
}

const statuses = (answer: string) => answer.match(/^HTTP\/1\.1 \d+/gm)?.map((line) => Number(line.slice(9)));
const HOST = 'Host: localhost';
const CLOSE = 'Connection: close';

describe('where one request ends and the next begins', () => {
  test.each([
    ['two lengths', ['Content-Length: 5', 'Content-Length: 6'], 'hello'],
    [
      'a length beside pieces',
      ['Content-Length: 5', 'Transfer-Encoding: chunked'],
      '0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n',
    ],
    ['pieces under another name', ['Transfer-Encoding: xchunked'], '0\r\n\r\n'],
    ['pieces that are not last', ['Transfer-Encoding: chunked, identity'], '0\r\n\r\n'],
    ['a length that is no number', ['Content-Length: +5'], 'hello'],
    ['a header with a blank before its colon', ['Content-Length : 5'], 'hello'],
    ['a folded header', ['X-Folded: a', ' b'], ''],
  ])('is never guessed: %s', async (_what, headers, body) => {
    const answer = await send('POST /login HTTP/1.1', HOST, ...headers, '', body);
    expect(statuses(answer)).toEqual([400]);
  });

  test('headers beyond what anybody needs are refused', async () => {
    expect(statuses(await send('GET /healthz HTTP/1.1', HOST, `X-Long: ${'x'.repeat(40_000)}`, '', ''))).toEqual([431]);
  });
});

describe('what a web server might give away', () => {
  const get = (path: string, method = 'GET') => send(`${method} ${path} HTTP/1.1`, HOST, CLOSE, '', '');

  test('TRACE and CONNECT repeat nothing', async () => {
    const answer = await send('TRACE / HTTP/1.1', HOST, CLOSE, 'Cookie: session=secret', '', '');
    expect(statuses(answer)).toEqual([404]);
    expect(answer).not.toContain('secret');
    expect(await get('localhost:22', 'CONNECT')).toBe('');
  });

  test.each([
    '/.git/config',
    '/.git/HEAD',
    '/.env',
    '/package.json',
    '/src/server.ts',
    '/node_modules/',
    '/public/',
    '/assets/',
    '/assets',
    '/assets/../package.json',
    '/assets/%2e%2e/package.json',
    '/assets/..%2fpackage.json',
    '//etc/passwd',
    '/..%5c..%5cetc/passwd',
    '/icons.svg',
    '/public/app.js',
    '/.data/secrets.json',
    '/prisma/schema.prisma',
    '/locales/en.json',
    '/app.js.map',
    '/server-status',
  ])('there is nothing at %s', async (path) => {
    expect(statuses(await get(path))).toEqual([404]);
  });
});
