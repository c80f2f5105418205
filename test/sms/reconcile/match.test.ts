import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { match } from '../../../src/sms/reconcile/match.ts';

const AT = Date.UTC(2026, 10, 20, 12);
const called = (id: string, more: object = {}) => ({
  id,
  body: 'Hello',
  sender: '+15005550006',
  called_at: new Date(AT),
  ...more,
});
const told = (sid: string, more: object = {}) => ({
  ...{ sid, status: 'sent', errorCode: null, from: '+15005550006', body: 'Hello', at: new Date(AT + 1000) },
  ...more,
});
const none = new Set<string>();

test('a message is ours by text, sender and time', () => {
  expect(match([called('a')], [told('SM1')], none)).toMatchObject([{ id: 'a', told: { sid: 'SM1' } }]);
  const others = [
    told('SM1', { body: 'Hello!' }),
    told('SM2', { from: '+15005550007' }),
    told('SM3', { at: new Date(AT - 120_000) }),
    told('SM4', { at: new Date(AT + 3_600_000) }),
  ];
  expect(match([called('a')], others, none)).toEqual([]);
});

test('what belongs to another delivery is passed over', () => {
  expect(match([called('a')], [told('SM1'), told('SM2')], new Set(['SM1']))).toMatchObject([{ told: { sid: 'SM2' } }]);
});

test('a messaging service chooses its number, and a message that has not left has none', () => {
  expect(match([called('a', { sender: 'MG1' })], [told('SM1', { from: '+19999999999' })], none)).toHaveLength(1);
  expect(match([called('a')], [told('SM1', { from: null })], none)).toHaveLength(1);
});

test('of two of the same text each finds the one nearest in time, and one message is never two deliveries', () => {
  const rows = [called('a'), called('b', { called_at: new Date(AT + 60_000) })];
  const both = match(rows, [told('SM2', { at: new Date(AT + 61_000) }), told('SM1')], none);
  expect(new Map(both.map(({ id, told: { sid } }) => [id, sid]))).toEqual(
    new Map([
      ['a', 'SM1'],
      ['b', 'SM2'],
    ]),
  );
  expect(match(rows, [told('SM2', { at: new Date(AT + 61_000) })], none)).toMatchObject([{ id: 'b' }]);
});

test('whatever comes, nothing is matched twice, and only what fits', () => {
  const body = fc.constantFrom('Hello', 'Bye');
  const second = fc.integer({ min: -200, max: 900 });
  const rows = fc.array(fc.record({ body, second }), { maxLength: 8 });
  fc.assert(
    fc.property(rows, rows, (ours, theirs) => {
      const calls = ours.map((row, n) =>
        called(`d${n}`, { body: row.body, called_at: new Date(AT + row.second * 1000) }),
      );
      const messages = theirs.map((row, n) => told(`SM${n}`, { body: row.body, at: new Date(AT + row.second * 1000) }));
      const found = match(calls, messages, none);
      expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
      expect(new Set(found.map((one) => one.told.sid)).size).toBe(found.length);
      for (const one of found) expect(one.told.body).toBe(calls.find(({ id }) => id === one.id)?.body);
    }),
  );
});
