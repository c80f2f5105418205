import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { convert, exponentOf, isCurrency, isRate, moneyText, parseMoney } from '../../src/kernel/money.ts';

const currency = fc.constantFrom('UAH', 'EUR', 'JPY', 'KWD', 'CLF');
const amount = fc.bigInt({ min: -9_000_000_000_000_000n, max: 9_000_000_000_000_000n });
const rate = fc
  .tuple(fc.nat(99_999), fc.stringMatching(/^\d{1,10}$/))
  .map(([whole, fraction]) => `${whole}.${fraction}`)
  .filter((text) => isRate(text));

describe('currencies', () => {
  test('a currency is known by its code in capitals', () => {
    for (const code of ['UAH', 'EUR', 'USD', 'PLN', 'BGN', 'JPY', 'KWD']) expect(isCurrency(code)).toBe(true);
    for (const code of ['', 'uah', 'UA', 'UAH ', 'XXX', 'XAU', 'ABC', '__proto__'])
      expect(isCurrency(code)).toBe(false);
  });

  test('every currency that Node can name is one, but for funds of the IMF and the like', () => {
    const named = Intl.supportedValuesOf('currency').filter(
      (code) => !['XDR', 'XSU', 'XUA', 'XXX', 'XTS'].includes(code),
    );
    expect(named.filter((code) => /^[A-WYZ]/.test(code) && !isCurrency(code))).toEqual([]);
  });

  test('each has its own decimals', () => {
    const decimals = ['UAH', 'JPY', 'KWD', 'CLF', 'UYI', 'AFN', 'IQD'].map(exponentOf);
    expect(decimals).toEqual([2, 0, 3, 4, 0, 2, 3]);
  });
});

describe('amounts', () => {
  test.each([
    ['1250', 'UAH', 125_000n],
    ['1250.0', 'UAH', 125_000n],
    ['1250.00', 'UAH', 125_000n],
    ['1250.000', 'UAH', 125_000n],
    ['-3.5', 'UAH', -350n],
    ['0', 'UAH', 0n],
    ['-0.00', 'UAH', 0n],
    ['007.10', 'UAH', 710n],
    ['1250', 'JPY', 1250n],
    ['1250.0', 'JPY', 1250n],
    ['1.234', 'KWD', 1234n],
    ['90000000000000.00', 'UAH', 9_000_000_000_000_000n],
  ])('%s %s is %s minor units', (text, code, minor) => {
    expect(parseMoney(text, code)).toBe(minor);
  });

  test.each([
    ...[
      '',
      ' ',
      ' 1',
      '1 ',
      '1\n',
      '1,250',
      '1 250',
      '1e3',
      '0x10',
      'NaN',
      'Infinity',
      '+1',
      '--1',
      '-',
      '.',
      '.5',
      '5.',
    ],
    ...['1.2.3', '1.005', '12.5 UAH', '１２', '90000000000000.01', '-90000000000000.01', '9'.repeat(65)],
  ])('%j is no amount in UAH', (text) => {
    expect(parseMoney(text, 'UAH')).toBeNull();
  });

  test('a flood of digits is no amount', () => {
    for (const flood of ['9', '0', '0.', '-']) expect(parseMoney(flood.repeat(1_000_000), 'UAH')).toBeNull();
  });

  test('decimals that a currency does not have are refused', () => {
    expect(parseMoney('1.5', 'JPY')).toBeNull();
    expect(parseMoney('1.2345', 'KWD')).toBeNull();
  });

  test('amounts are written with all decimals of the currency', () => {
    expect(moneyText(125_000n, 'UAH')).toBe('1250.00');
    expect(moneyText(-5n, 'UAH')).toBe('-0.05');
    expect(moneyText(0n, 'KWD')).toBe('0.000');
    expect(moneyText(1250n, 'JPY')).toBe('1250');
    expect(moneyText(0n, 'JPY')).toBe('0');
  });

  test('what is written reads back as the same amount', () => {
    fc.assert(
      fc.property(amount, currency, (minor, code) => {
        expect(parseMoney(moneyText(minor, code), code)).toBe(minor);
      }),
    );
  });
});

describe('exchange', () => {
  test.each([
    [10_000n, 'EUR', 'UAH', '48.25', 482_500n],
    [100n, 'UAH', 'EUR', '0.0207', 2n],
    [100n, 'UAH', 'JPY', '3.5', 4n],
    [-100n, 'UAH', 'JPY', '3.5', -4n],
    [100n, 'UAH', 'JPY', '3.4999999999', 3n],
    [1n, 'JPY', 'KWD', '0.0005', 1n],
    [0n, 'EUR', 'UAH', '48.25', 0n],
    [9_000_000_000_000_000n, 'UAH', 'USD', '0.333333333333', 2_999_999_999_997_000n],
  ])('%s minor units %s → %s at %s is %s', (minor, from, to, at, result) => {
    expect(convert(minor, from, to, at)).toBe(result);
  });

  test('a rate is a decimal above zero', () => {
    for (const text of ['1', '41.25', '0.000001', '041.250']) expect(isRate(text)).toBe(true);
    for (const text of ['', '0', '0.00', '-1', '1,5', '1e3', 'NaN']) {
      expect(isRate(text)).toBe(false);
      expect(() => convert(1n, 'EUR', 'UAH', text)).toThrow(RangeError);
    }
  });

  test('the error is at most half a minor unit, and a tie goes away from zero', () => {
    fc.assert(
      fc.property(amount, currency, currency, rate, (minor, from, to, at) => {
        const [whole = '', fraction = ''] = at.split('.');
        const denominator = 10n ** BigInt(exponentOf(from) + fraction.length);
        const exact = minor * BigInt(whole + fraction) * 10n ** BigInt(exponentOf(to));
        const excess = 2n * (convert(minor, from, to, at) * denominator - exact) * (minor < 0n ? -1n : 1n);
        expect(excess > -denominator && excess <= denominator).toBe(true);
      }),
    );
  });

  test('a refund is the mirror of its sale, and rate 1 changes nothing', () => {
    fc.assert(
      fc.property(amount, currency, currency, rate, (minor, from, to, at) => {
        expect(convert(-minor, from, to, at)).toBe(-convert(minor, from, to, at));
        expect(convert(minor, from, from, '1.0')).toBe(minor);
      }),
    );
  });
});
