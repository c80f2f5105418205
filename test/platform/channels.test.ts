import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openChannels } from '../../src/platform/channels.ts';
import { ConfigError, readConfig } from '../../src/platform/config.ts';
import { type Standin, startStandin } from '../standin/twilio.ts';

let server: Server;
let asked: { authorization: string | undefined; body: unknown }[] = [];
let answer: (res: ServerResponse) => void;
beforeAll(async () => {
  server = createServer(async (req, res) => {
    asked.push({ authorization: req.headers.authorization, body: JSON.parse(await text(req)) });
    answer(res);
  });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
const byHttp = () =>
  openChannels(readConfig({ VIBER_API_URL: address(), VIBER_TOKEN: 'secret', VIBER_FROM: 'Kvitka' }));
const given = { to: '+380671234567', text: 'Вітаємо 🌼', callback: 'https://clients.example.com/status?d=1' };

describe('S-06 a channel’s own HTTP API', () => {
  test('is handed the text, the number, the sender and where to tell what became of it', async () => {
    asked = [];
    answer = (res) => res.end('{"id": "v-1"}');
    expect(await (await byHttp()).viber?.send(given)).toEqual({ outcome: 'accepted', sid: 'v-1' });
    expect(asked).toEqual([{ authorization: 'Bearer secret', body: { ...given, from: 'Kvitka' } }]);
  });

  test.each<[string, (res: ServerResponse) => void, object]>([
    ['busy', (res) => res.writeHead(429, { 'Retry-After': '9' }).end(), { outcome: 'later', seconds: 9 }],
    ['a refusal', (res) => res.writeHead(404).end('no such user'), { outcome: 'refused', code: '404' }],
    ['an error', (res) => res.writeHead(502).end(), { outcome: 'unknown' }],
    ['no id', (res) => res.end('{}'), { outcome: 'unknown' }],
    ['no JSON', (res) => res.end('<html>'), { outcome: 'unknown' }],
    ['a cut', (res) => res.destroy(), { outcome: 'unknown' }],
    ['another address', (res) => res.writeHead(307, { Location: address() }).end(), { outcome: 'unknown' }],
  ])('%s is told apart', async (_what, how, outcome) => {
    answer = how;
    expect(await (await byHttp()).viber?.send(given)).toMatchObject(outcome);
  });

  test('nobody there: later', async () => {
    const gone = await startStandin({ token: 'token' });
    await gone.close();
    const { viber } = await openChannels(readConfig({ VIBER_API_URL: gone.url, VIBER_TOKEN: 'secret' }));
    expect(await viber?.send(given)).toMatchObject({ outcome: 'later' });
  });
});

test('S-05 Twilio carries a channel under a sender of that channel', async () => {
  const standin: Standin = await startStandin({ token: 'token' });
  const channels = await openChannels(
    readConfig({
      TWILIO_ACCOUNT_SID: `AC${'a'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: 'token',
      TWILIO_FROM: '+15005550006',
      TWILIO_API_URL: standin.url,
      MESSENGER_FROM: '1234567890',
    }),
  );
  await channels.messenger?.send(given);
  expect(standin.taken).toMatchObject([
    { to: `messenger:${given.to}`, from: 'messenger:1234567890', body: given.text },
  ]);
  expect(channels.viber).toBeNull();
  await standin.close();
});

test.each([
  [{ VIBER_API_URL: 'http://127.0.0.1' }, 'VIBER_TOKEN is not set'],
  [{ MESSENGER_TOKEN: 'secret' }, 'MESSENGER_API_URL is not set'],
  [{ MESSENGER_FROM: '1' }, 'MESSENGER_API_URL is not set'],
  [{ VIBER_API_URL: 'ftp://127.0.0.1', VIBER_TOKEN: 'x' }, 'VIBER_API_URL: wanted is'],
])('half of the settings of a channel is one clear line: %j', (env, words) => {
  expect(() => readConfig(env)).toThrow(ConfigError);
  expect(() => readConfig(env)).toThrow(words);
});
