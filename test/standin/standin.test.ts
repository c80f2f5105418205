import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import twilio from 'twilio';
import { openTexter, type Provider } from '../../src/platform/sms.ts';
import type { Knobs } from './knobs.ts';
import { type Standin, startStandin } from './twilio.ts';

const TOKEN = 'the token';

let standin: Standin;
let provider: Provider;
beforeEach(async () => {
  standin = await startStandin({ token: TOKEN });
  const account = { accountSid: `AC${'a'.repeat(32)}`, authToken: TOKEN, apiUrl: standin.url };
  const opened = await openTexter({ ...account, sender: { from: '+15005550006' } });
  if (!opened) throw new Error('SMS are not set up');
  provider = opened;
});
afterEach(() => standin.close());

const sms = { to: '+380671234567', text: 'Ваше замовлення вже їде 🌼' };

describe('what comes of a create, and whether it was taken', () => {
  test.each<[keyof Knobs, object, number]>([
    ['tooMany', { outcome: 'later', seconds: 7 }, 0],
    ['refused', { outcome: 'refused', code: '21211' }, 0],
    ['errorBefore', { outcome: 'unknown' }, 0],
    ['errorAfter', { outcome: 'unknown' }, 1],
    ['cut', { outcome: 'unknown' }, 1],
    ['garbled', { outcome: 'unknown' }, 1],
  ])('%s', async (fate, outcome, taken) => {
    standin.turn({ [fate]: 1, retryAfterSeconds: 7 });
    expect(await provider.send(sms)).toMatchObject(outcome);
    expect(standin.taken).toHaveLength(taken);
  });

  test('taken and answered, from a number or a messaging service of its own', async () => {
    const service = `MG${'b'.repeat(32)}`;
    const first = await provider.send(sms);
    await provider.send({ ...sms, from: service });
    await provider.send({ ...sms, from: 'Kvitka' });
    expect(first).toEqual({ outcome: 'accepted', sid: standin.taken[0]?.sid });
    expect(standin.taken.map(({ to, body, from, service: by }) => [to, body, from ?? by])).toEqual([
      [sms.to, sms.text, '+15005550006'],
      [sms.to, sms.text, service],
      [sms.to, sms.text, 'Kvitka'],
    ]);
  });
});

test('it can be asked afterwards: by number and time, and by id', async () => {
  const before = new Date(Date.now() - 60_000);
  standin.turn({ garbled: 1 });
  await provider.send(sms);
  const [found] = await provider.sentTo(sms.to, before);
  expect(found).toMatchObject({ sid: standin.taken[0]?.sid, body: sms.text, errorCode: null });
  expect(await provider.look(found?.sid ?? '')).toMatchObject({ sid: found?.sid });
  expect(await provider.look('SM0')).toBeNull();
  expect(await provider.sentTo('+380670000000', before)).toEqual([]);
});

test('what becomes of it is told under a signature that holds, as often as it is wanted', async () => {
  const told: [boolean, string | null][] = [];
  const server = createServer(async (req, res) => {
    const params = Object.fromEntries(new URLSearchParams(await text(req)));
    const signature = String(req.headers['x-twilio-signature']);
    told.push([twilio.validateRequest(TOKEN, signature, callback, params), params.MessageStatus ?? null]);
    res.end();
  });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  const callback = `http://127.0.0.1:${(server.address() as AddressInfo).port}/status?d=token`;
  standin.turn({ callbacks: { copies: [2, 2], shuffled: false, lost: 0, early: 0, delay: [0, 5], undelivered: 1 } });
  await provider.send({ ...sms, callback });
  await standin.settled();
  server.close();
  server.closeAllConnections();
  expect(told).toEqual(['sent', 'sent', 'undelivered', 'undelivered'].map((word) => [true, word]));
});
