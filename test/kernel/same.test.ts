import { expect, test } from '@jest/globals';
import { isSame } from '../../src/kernel/same.ts';

test('secrets are the same to the last byte, or they are not', () => {
  expect(isSame('a secret', 'a secret')).toBe(true);
  for (const other of ['', 'a secreT', 'a secret ', 'a secré']) expect(isSame(other, 'a secret')).toBe(false);
});
