import { expect, test } from '@jest/globals';
import { plainDecimal } from '../../src/kernel/number.ts';

test.each([
  ['en', '1250', '1250'],
  ['en', '1,250', '1250'],
  ['en', '1,250.50', '1250.50'],
  ['en', '1,250,000', '1250000'],
  ['en', '1 250.50', '1250.50'],
  ['en', '1250,50', '1250.50'],
  ['en', '1.250,50', '1250.50'],
  ['en', '-12.5', '-12.5'],
  ['uk', '1250,50', '1250.50'],
  ['uk', '1 250,50', '1250.50'],
  ['uk', '1\u00a0250\u202f000,5', '1250000.5'],
  ['uk', '1250.50', '1250.50'],
  ['uk', '1.250,50', '1250.50'],
  ['uk', '1,250.50', '1250.50'],
  ['uk', '1,250', '1.250'],
] as const)('P-32 in %s, %s is %s', (locale, typed, plain) => {
  expect(plainDecimal(typed, locale)).toBe(plain);
});

test.each([
  ['en', '1250,500'],
  ['en', '1,2,3'],
  ['en', '12,34.5'],
  ['en', '1.2.3'],
  ['en', 'many'],
  ['en', ''],
  ['uk', '1.250'],
  ['uk', '1,2,3'],
] as const)('P-32 in %s, "%s" is no number and stays what it is', (locale, typed) => {
  expect(plainDecimal(typed, locale)).toBe(typed);
});
