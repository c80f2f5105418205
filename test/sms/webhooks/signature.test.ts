import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import twilio from 'twilio';
import { isFromTwilio, isSignedBy, twilioSignature } from '../../../src/sms/webhooks/signature.ts';

const URL_ = 'https://mycompany.com/myapp.php?foo=1&bar=2';
const VECTOR = {
  CallSid: 'CA1234567890ABCDE',
  Caller: '+12349013030',
  Digits: '1234',
  From: '+12349013030',
  To: '+18005551212',
};

test('the published vector is signed as published', () => {
  const form = new URLSearchParams(VECTOR);
  expect(twilioSignature('12345', URL_, form)).toBe('0/KCTR6DLpKmkAf8muzZqo1nDgQ=');
  expect(isFromTwilio('12345', URL_, form, '0/KCTR6DLpKmkAf8muzZqo1nDgQ=')).toBe(true);
});

test('another token, address, field or signature is not believed', () => {
  const right = twilioSignature('12345', URL_, new URLSearchParams(VECTOR));
  const tampered = new URLSearchParams({ ...VECTOR, Digits: '1235' });
  expect(isFromTwilio('12346', URL_, new URLSearchParams(VECTOR), right)).toBe(false);
  expect(isFromTwilio('12345', `${URL_}&x=1`, new URLSearchParams(VECTOR), right)).toBe(false);
  expect(isFromTwilio('12345', URL_, tampered, right)).toBe(false);
  for (const signature of ['', 'x', right.slice(1), `${right} `, right.toLowerCase()]) {
    expect(isFromTwilio('12345', URL_, new URLSearchParams(VECTOR), signature)).toBe(false);
  }
});

test('the usual port may stand in the signed address or not', () => {
  const form = new URLSearchParams({ a: '1' });
  const bare = 'https://example.com/webhooks?d=1';
  const withPort = 'https://example.com:443/webhooks?d=1';
  expect(isFromTwilio('t', bare, form, twilioSignature('t', withPort, form))).toBe(true);
  expect(isFromTwilio('t', withPort, form, twilioSignature('t', bare, form))).toBe(true);
  expect(isFromTwilio('t', bare, form, twilioSignature('t', bare.replace('.com', '.com:8443'), form))).toBe(false);
});

test('any fields, repeated and empty ones too, are signed as the SDK signs them', () => {
  const field = fc.tuple(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8, unit: 'grapheme' }));
  fc.assert(
    fc.property(fc.array(field, { maxLength: 8 }), fc.webUrl({ withQueryParameters: true }), (fields, url) => {
      const form = new URLSearchParams(fields);
      const params = Object.fromEntries([...form.keys()].map((name) => [name, [...form.getAll(name)]]));
      expect(twilioSignature('token', url, form)).toBe(twilio.getExpectedTwilioSignature('token', url, params));
    }),
  );
});

test('S-05, S-06 what the API of a channel signs is believed in hexadecimal of either case, and nothing else is', () => {
  const right = 'f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8';
  const body = 'The quick brown fox jumps over the lazy dog';
  expect([isSignedBy('key', body, right), isSignedBy('key', body, `sha256=${right.toUpperCase()}`)]).toEqual([
    true,
    true,
  ]);
  expect([isSignedBy('key', `${body}.`, right), isSignedBy('yek', body, right), isSignedBy('key', body, '')]).toEqual([
    false,
    false,
    false,
  ]);
});
