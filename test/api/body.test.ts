import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Company } from '../../src/tenancy/company.ts';
import { MAX_BODY } from '../../src/web/api-body.ts';
import { apiKey, makeApp, makeCompany, type TestApp } from '../make.ts';
import { Client, order, problemOf } from './client.ts';

let portal: TestApp;
let company: Company;
let key: string;
let client: Client;
let server: Server;
beforeAll(async () => {
  portal = await makeApp();
  company = await makeCompany(portal);
  key = await apiKey(portal, company);
  client = new Client(portal, key, company);
  server = portal.app.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await portal.close();
});

const good = JSON.stringify({ orders: [order] });

describe('what is no list of items', () => {
  const bad: [name: string, body: string | Buffer, status: number, detail: string | RegExp][] = [
    ['nothing', '', 400, /^The body is not valid JSON: /],
    ['half of it', good.slice(0, -2), 400, /^The body is not valid JSON: /],
    ['a form', 'orders=1', 400, /^The body is not valid JSON: /],
    ['single quotes', "{'orders':[]}", 400, /^The body is not valid JSON: /],
    ['NaN', '{"orders":[NaN]}', 400, /^The body is not valid JSON: /],
    ['a raw NUL in a text', '{"orders":["\0"]}', 400, /^The body is not valid JSON: /],
    [
      'bytes that are no UTF-8',
      Buffer.from([0x22, 0xff, 0xfe, 0x22]),
      400,
      'The body is not valid JSON: it is not UTF-8.',
    ],
    ['UTF-16', Buffer.from(good, 'utf16le'), 400, /^The body is not valid JSON: /],
    ['null', 'null', 400, 'The body must be a JSON object {"orders": […]}.'],
    ['a text', '"orders"', 400, 'The body must be a JSON object {"orders": […]}.'],
    ['a number', '7', 400, 'The body must be a JSON object {"orders": […]}.'],
    ['a bare list', '[{}]', 400, 'The body must be a JSON object {"orders": […]}.'],
    [
      'ten thousand lists in each other',
      '['.repeat(10_000) + ']'.repeat(10_000),
      400,
      'The body is nested deeper than 20 levels, or is nothing but brackets.',
    ],
    ['a field too many', '{"orders":[],"dryRun":true}', 400, '"dryRun" is not a field; send {"orders": […]}.'],
    ['another call’s field', '{"messages":[]}', 400, '"messages" is not a field; send {"orders": […]}.'],
    ['a prototype', '{"__proto__":{"orders":[{}]}}', 400, '"__proto__" is not a field; send {"orders": […]}.'],
    [
      'a hundred thousand fields',
      JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`field${n}`, n]))),
      400,
      '"field0" is not a field; send {"orders": […]}.',
    ],
    ['an empty object', '{}', 422, '"orders" must hold at least one item.'],
    ['no items', '{"orders":[]}', 422, '"orders" must hold at least one item.'],
    ['null for items', '{"orders":null}', 422, '"orders" must hold at least one item.'],
    ['an object for items', '{"orders":{"0":{}}}', 422, '"orders" must hold at least one item.'],
    [
      '1,001 items',
      JSON.stringify({ orders: Array(1001).fill(order) }),
      422,
      '"orders" holds 1001 items; send at most 1000 in one call.',
    ],
  ];
  test.each(bad)('%s', async (_name, body, status, detail) => {
    const answer = await client.raw('orders', body);
    const wanted = typeof detail === 'string' ? detail : expect.stringMatching(detail);
    expect([answer.status, answer.body]).toEqual([status, problemOf(status, wanted)]);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  });

  test('a byte order mark is forgiven', async () => {
    expect((await client.raw('orders', `\ufeff${good}`)).status).toBe(200);
  });
});

describe('other types', () => {
  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json; charset=utf-16',
    'application/json; charset=latin1',
    '',
  ])('"%s" is answered 415', async (type) => {
    const answer = await client.raw('orders', good, type);
    const detail = 'Send JSON in UTF-8, with Content-Type: application/json.';
    expect([answer.status, answer.body]).toEqual([415, problemOf(415, detail)]);
  });

  test.each(['application/json; charset=UTF-8', 'Application/JSON;charset="utf-8"'])('"%s" is read', async (type) => {
    expect((await client.raw('orders', good, type)).status).toBe(200);
  });

  test.each(['gzip', 'deflate', 'br', 'gzip, identity', 'x'])('Content-Encoding %s is answered 415', async (coding) => {
    const answer = await client.raw('orders', gzipSync(good)).set('Content-Encoding', coding);
    const detail = 'Send the body uncompressed, without Content-Encoding.';
    expect([answer.status, answer.body]).toEqual([415, problemOf(415, detail)]);
  });
});

describe('more than 10 MB', () => {
  const tooLarge = problemOf(413, 'The body is larger than 10 MB; send fewer items in one call.');
  const head = (...lines: string[]) =>
    ['POST /api/v1/companies/x/orders HTTP/1.1', 'Host: x', 'Content-Type: application/json', ...lines, '', '']
      .join('\r\n')
      .replace('/x/', `/${company.slug}/`);
  const signed = () => `Authorization: Bearer ${key}`;

  test('exactly 10 MB is read', async () => {
    const answer = await client.raw('orders', good.padEnd(MAX_BODY, ' '));
    expect([answer.status, answer.body.results[0].externalId]).toEqual([200, order.externalId]);
  });

  test('one byte more is refused by its Content-Length, without waiting for a single one', async () => {
    const answer = await talk(head(signed(), `Content-Length: ${MAX_BODY + 1}`));
    expect(answer).toMatchObject({ status: 413, body: tooLarge });
  });

  test('a body without a length is refused as soon as it has grown too large', async () => {
    const chunk = `100000\r\n${' '.repeat(0x100000)}\r\n`;
    const answer = await talk(head(signed(), 'Transfer-Encoding: chunked'), chunk);
    expect(answer).toMatchObject({ status: 413, body: tooLarge });
    expect(answer.chunks).toBeLessThan(100);
  });

  test('who has no key is told so without a byte of the body being read', async () => {
    const answer = await talk(head(`Content-Length: ${MAX_BODY}`));
    expect(answer).toMatchObject({ status: 401, body: problemOf(401) });
  });

  test('a client that sends all the same, and reads only afterwards, gets its answer', async () => {
    const answer = await client.raw('orders', good.padEnd(MAX_BODY + 1_000_000, ' '));
    expect([answer.status, answer.body]).toEqual([413, tooLarge]);
  });

  test('a connection that breaks off leaves the server well', async () => {
    const socket = connect((server.address() as AddressInfo).port);
    socket.on('error', () => {});
    socket.write(`${head(signed(), 'Content-Length: 1000')}{"orders":[`);
    await once(socket, 'ready');
    socket.resetAndDestroy();
    expect((await client.raw('orders', good)).status).toBe(200);
  });

  /** Writes the head, then `endless` until an answer comes. */
  async function talk(begin: string, endless?: string) {
    const socket = connect((server.address() as AddressInfo).port);
    socket.on('error', () => {});
    let text = '';
    let chunks = 0;
    const answered = new Promise<void>((done) => {
      socket.on('data', (data) => {
        text += data;
        if (text.endsWith('}')) done();
      });
      socket.on('close', () => done());
    });
    let over = false;
    void answered.then(() => {
      over = true;
    });
    socket.write(begin);
    while (endless && !over && chunks < 200) {
      chunks++;
      await new Promise((done) => socket.write(endless, done));
    }
    await answered;
    socket.destroy();
    const [top = '', body = ''] = text.split('\r\n\r\n');
    return { status: Number(top.split(' ')[1]), body: JSON.parse(body), chunks };
  }
});
