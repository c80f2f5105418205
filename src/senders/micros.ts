import { exponentOf } from '../kernel/money.ts';
import type { Locale } from '../tenancy/company.ts';

const MICROS = 1_000_000n;

/** Millionths of a unit as a decimal string without zeros at the end: `0.0521`. */
export function decimalOf(micros: bigint): string {
  const fraction = String(micros % MICROS)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return fraction === '' ? String(micros / MICROS) : `${micros / MICROS}.${fraction}`;
}

/** A decimal string of at most six decimals as millionths; null: it is none, or too much for a price. */
export function microsOf(text: string): bigint | null {
  const [, whole, fraction = ''] = /^(\d{1,6})(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  return whole === undefined ? null : BigInt(whole) * MICROS + BigInt(fraction.padEnd(6, '0'));
}

/** A price as the reader writes it, with the decimals it has and at least those of its currency: `€0.0521`. */
export function priceText(micros: bigint, currency: string, locale: Locale): string {
  const least = exponentOf(currency);
  const options = {
    style: 'currency',
    currency,
    minimumFractionDigits: least,
    maximumFractionDigits: Math.max(6, least),
  } as const;
  return new Intl.NumberFormat(locale === 'en' ? 'en-GB' : locale, options).format(
    decimalOf(micros) as Intl.StringNumericLiteral,
  );
}

/** A sum as the reader writes it, up to the next minor unit of its currency. */
export function ceilingMinor(micros: bigint, currency: string): bigint {
  const unit = 10n ** BigInt(6 - Math.min(exponentOf(currency), 6));
  return (micros + unit - 1n) / unit;
}

/** The country of a number's code in the reader's language; numbers of no country by their three digits. */
export function placeText(code: string, locale: Locale): string {
  if (!/^[A-Z]{2}$/.test(code)) return `+${code}`;
  return new Intl.DisplayNames(locale, { type: 'region' }).of(code) ?? code;
}
