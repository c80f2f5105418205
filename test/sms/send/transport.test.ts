import { expect, test } from '@jest/globals';
import { newId } from '../../../src/kernel/id.ts';
import { readConfig } from '../../../src/platform/config.ts';
import { callbackOf } from '../../../src/sms/send/transport.ts';
import { deliveryToken, readDeliveryToken } from '../../../src/sms/token.ts';

const SECRET = 'the secret of the test links';
const twilio = { TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: 'token', TWILIO_FROM: '+15005550006' };

const addressOf = (channel: 'sms' | 'viber', settings: Record<string, string>) => {
  const secrets = { sessionSecret: SECRET, phoneKey: SECRET };
  const config = readConfig({ ...twilio, ...settings });
  return callbackOf({ config, secrets }, newId(), { id: newId(), channel })?.replace(/d=.*/, 'd=…');
};

test('S-05 what becomes of a message is told where its provider tells it; Twilio is given no address of this machine', () => {
  const PUBLIC_URL = 'https://clients.example.com';
  const viber = { VIBER_API_URL: 'https://viber.example.com', VIBER_TOKEN: 'viber token', VIBER_FROM: 'Shop' };
  expect(addressOf('sms', { PUBLIC_URL })).toBe(`${PUBLIC_URL}/webhooks/twilio/status?d=…`);
  expect(addressOf('viber', { PUBLIC_URL, ...viber })).toBe(`${PUBLIC_URL}/webhooks/messages/status?d=…`);
  expect(addressOf('viber', { PUBLIC_URL, VIBER_FROM: 'Shop' })).toBe(`${PUBLIC_URL}/webhooks/twilio/status?d=…`);
  expect(addressOf('sms', {})).toBeUndefined();
  const standin = { TWILIO_API_URL: 'http://127.0.0.1:4010' };
  expect(addressOf('sms', standin)).toBe('http://localhost:3000/webhooks/twilio/status?d=…');
});

test('P-02 the token names company and delivery, and is made by nobody else', () => {
  const [companyId, deliveryId] = [newId(), newId()];
  const token = deliveryToken(SECRET, companyId, deliveryId);
  expect(readDeliveryToken(SECRET, token)).toEqual({ companyId, deliveryId });
  expect(readDeliveryToken(`${SECRET}!`, token)).toBeNull();
  for (let place = 0; place < token.length; place++) {
    const forged = `${token.slice(0, place)}${token[place] === 'A' ? 'B' : 'A'}${token.slice(place + 1)}`;
    expect(readDeliveryToken(SECRET, forged)).toBeNull();
  }
  for (const text of ['', 'x', `${token}A`, token.slice(1)]) expect(readDeliveryToken(SECRET, text)).toBeNull();
});
