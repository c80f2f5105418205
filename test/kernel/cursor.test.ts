import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeCursor, encodeCursor } from '../../src/kernel/cursor.ts';

test('a cursor gives back what was put in, and fits an address', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 4 }), (parts) => {
      const token = encodeCursor(parts);
      expect(token).toMatch(/^[\w-]+$/);
      expect(decodeCursor(token, parts.length)).toEqual(parts);
      expect(decodeCursor(token, parts.length + 1)).toBeNull();
    }),
  );
  expect(decodeCursor(encodeCursor(['🙂'.repeat(255), 'id']), 2)).toHaveLength(2);
});

test('what is no cursor is null, never an error', () => {
  const json = (text: string): string => Buffer.from(text).toString('base64url');
  for (const token of [
    '',
    ' ',
    '!',
    'abc',
    'W10=',
    json('{}'),
    json('"ab"'),
    json('[1,2]'),
    json('["a",null]'),
    json('[["a"],"b"]'),
  ]) {
    expect(decodeCursor(token, 2)).toBeNull();
  }
  expect(decodeCursor(json('["a\\u0000","b"]'), 2)).toBeNull();
  expect(decodeCursor(json('["a\\ud800","b"]'), 2)).toBeNull();
  expect(decodeCursor(encodeCursor(['a'.repeat(10_000), 'b']), 2)).toBeNull();
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (token) => {
      expect(() => decodeCursor(token, 1)).not.toThrow();
    }),
  );
});
