import { CURRENCIES, EXPONENTS } from './currencies.ts';

// Below 2^53, so that a sum of one order survives a spreadsheet, and a thousand such sums a PostgreSQL bigint.
export const MAX_MINOR = 9_000_000_000_000_000n;
// Nobody writes a longer amount or rate; without a limit, reading a megabyte of digits would take seconds.
const MAX_LENGTH = 64;
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/** Whether `code` is an ISO 4217 currency, in upper case; those withdrawn since 2020 count, precious metals do not. */
export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}

/** Decimals of a currency: 2 for UAH, 0 for JPY, 3 for KWD. */
export function exponentOf(currency: string): number {
  return EXPONENTS.get(currency) ?? 2;
}

/**
 * A decimal string (`1250`, `1250.0`, `-3.5`) as minor units of `currency`: 125000n, 125000n, -350n in UAH.
 * Null for anything else (separators, exponents, blanks, a plus), for decimals the currency does not have (zeros at the
 * end are none), and beyond ±9e15 minor units.
 */
export function parseMoney(text: string, currency: string): bigint | null {
  const number = readDecimal(text);
  if (!number) return null;
  const exponent = exponentOf(currency);
  if (number.scale > exponent) return null;
  const minor = number.digits * 10n ** BigInt(exponent - number.scale);
  return minor > MAX_MINOR || minor < -MAX_MINOR ? null : minor;
}

/** Minor units as the API's decimal string with all decimals of the currency: `1250.00` in UAH, `1250` in JPY. */
export function moneyText(minor: bigint, currency: string): string {
  const exponent = exponentOf(currency);
  const sign = minor < 0n ? '-' : '';
  const digits = abs(minor)
    .toString()
    .padStart(exponent + 1, '0');
  const point = digits.length - exponent;
  return sign + digits.slice(0, point) + (exponent > 0 ? `.${digits.slice(point)}` : '');
}

/** Whether `text` is an exchange rate: a decimal string above zero. */
export function isRate(text: string): boolean {
  return (readDecimal(text)?.digits ?? 0n) > 0n;
}

/**
 * Minor units of `from` in minor units of `to`, where 1 unit of `from` is `rate` units of `to`. Exact until the one
 * rounding at the end, half away from zero, so that a refund is the mirror of its sale. Throws RangeError when `rate` is
 * none (`isRate`).
 */
export function convert(minor: bigint, from: string, to: string, rate: string): bigint {
  const factor = readDecimal(rate);
  if (!factor || factor.digits <= 0n) throw new RangeError(`not an exchange rate: ${rate.slice(0, MAX_LENGTH)}`);
  const numerator = minor * factor.digits * 10n ** BigInt(exponentOf(to));
  const denominator = 10n ** BigInt(exponentOf(from) + factor.scale);
  const rounded = (2n * abs(numerator) + denominator) / (2n * denominator);
  return numerator < 0n ? -rounded : rounded;
}

/** `-3.50` → { digits: -35n, scale: 1 }: the number is digits / 10^scale, zeros at the end dropped. */
function readDecimal(text: string): { digits: bigint; scale: number } | null {
  if (text.length > MAX_LENGTH) return null;
  const match = DECIMAL.exec(text);
  if (!match) return null;
  const [, sign = '', whole = '', decimals = ''] = match;
  const fraction = decimals.replace(/0+$/, '');
  return { digits: BigInt(sign + whole + fraction), scale: fraction.length };
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
