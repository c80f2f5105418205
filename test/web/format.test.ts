import { describe, expect, test } from '@jest/globals';
import { makeFormat } from '../../src/web/format.ts';

const now = new Date('2026-11-21T12:00:00Z');
const english = makeFormat('en', 'Europe/Kyiv', now);
const ukrainian = makeFormat('uk', 'Europe/Kyiv', now);

// Blanks that must not break are as good as blanks here.
const plain = (text: string) => text.replace(/\s/g, ' ');

describe('dates', () => {
  test('stand in the company’s zone: one minute to midnight in UTC is the next day in Kyiv', () => {
    expect(english.date(new Date('2026-11-20T23:59:00Z'))).toBe('21 Nov 2026');
    expect(english.dateTime(new Date('2026-11-20T23:59:00Z'))).toBe('21 Nov 2026, 01:59');
    expect(plain(ukrainian.date(new Date('2026-11-20T23:59:00Z')))).toBe('21 лист. 2026 р.');
  });

  test('a day of the calendar is that day in every zone', () => {
    expect(makeFormat('en', 'Pacific/Auckland', now).day('2026-11-21')).toBe('21 Nov 2026');
    expect(makeFormat('en', 'Pacific/Pago_Pago', now).day('2026-11-21')).toBe('21 Nov 2026');
  });

  test('“how long ago” uses the coarsest unit that is not zero', () => {
    const ago = (text: string) => english.relative(new Date(text));
    expect(ago('2026-11-21T11:59:50Z')).toBe('10 seconds ago');
    expect(ago('2026-11-21T11:01:00Z')).toBe('59 minutes ago');
    expect(ago('2026-11-21T00:00:00Z')).toBe('12 hours ago');
    expect(ago('2026-11-20T12:00:00Z')).toBe('yesterday');
    expect(ago('2026-08-01T12:00:00Z')).toBe('3 months ago');
    expect(ukrainian.relative(new Date('2026-11-16T12:00:00Z'))).toBe('5 днів тому');
  });
});

describe('numbers and money', () => {
  test('are written as the reader writes them', () => {
    expect(english.number(1234567)).toBe('1,234,567');
    expect(plain(ukrainian.number(1234567))).toBe('1 234 567');
    expect(plain(english.money(125_000n, 'UAH'))).toBe('UAH 1,250.00');
    expect(plain(ukrainian.money(125_000n, 'UAH'))).toBe('1 250,00 ₴');
    expect(plain(ukrainian.money(-5n, 'UAH'))).toBe('-0,05 ₴');
  });

  test('have the decimals of their currency', () => {
    expect(plain(english.money(1250n, 'JPY'))).toBe('JP¥1,250');
    expect(plain(english.money(1250n, 'KWD'))).toBe('KWD 1.250');
  });

  test('are exact where a floating number would not be', () => {
    expect(plain(english.money(900_719_925_474_099_307n, 'UAH'))).toBe('UAH 9,007,199,254,740,993.07');
    expect(english.number(9_007_199_254_740_993n)).toBe('9,007,199,254,740,993');
  });
});
