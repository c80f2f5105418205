import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addDays,
  dayOf,
  dayStart,
  isDay,
  isSpan,
  isZone,
  type Span,
  spanStart,
  startOfDay,
  wallSeconds,
} from '../../src/kernel/time.ts';

// Half hours, midnights that are jumped over or come twice, changes at 00:01, a day left out.
const zone = fc.constantFrom(
  ...['UTC', 'Europe/Kyiv', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Asia/Pyongyang', 'Asia/Gaza'],
  ...[
    'America/Sao_Paulo',
    'Africa/Cairo',
    'Asia/Beirut',
    'America/Havana',
    'Atlantic/Azores',
    'America/St_Johns',
    'Pacific/Apia',
  ],
);
const at = fc.date({
  min: new Date('2000-01-01T00:00:00Z'),
  max: new Date('2040-01-01T00:00:00Z'),
  noInvalidDate: true,
});
const span = fc
  .tuple(fc.nat(400), fc.constantFrom('d', 'w', 'm', 'y'))
  .map(
    ([n, unit]): Span =>
      unit === 'y' ? `${n % 5}y` : unit === 'm' ? `${n % 60}m` : unit === 'w' ? `${n % 60}w` : `${n}d`,
  );
test('a moment is written with its seconds, by the clocks of the place', () => {
  expect(wallSeconds(new Date('2026-11-20T07:05:31.900Z'), 'Europe/Kyiv')).toBe('2026-11-20 09:05:31');
});

const justBefore = (instant: Date): Date => new Date(instant.getTime() - 1);

describe('days', () => {
  test('a day starts at local midnight', () => {
    expect(dayStart('2026-11-20', 'Europe/Kyiv')).toEqual(new Date('2026-11-19T22:00:00Z'));
    expect(dayStart('2026-07-01', 'Europe/Kyiv')).toEqual(new Date('2026-06-30T21:00:00Z'));
    expect(startOfDay(new Date('2026-11-19T22:30:00Z'), 'Europe/Kyiv')).toEqual(new Date('2026-11-19T22:00:00Z'));
    expect(dayOf(new Date('2026-11-19T22:30:00Z'), 'Europe/Kyiv')).toBe('2026-11-20');
    expect(dayOf(new Date('2026-11-19T22:30:00Z'), 'UTC')).toBe('2026-11-19');
  });

  test.each([
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00Z', 'clocks jump from 00:00 to 01:00'],
    ['2023-04-28', 'Africa/Cairo', '2023-04-27T22:00:00Z', 'clocks jump from 00:00 to 01:00'],
    ['2024-03-31', 'Asia/Beirut', '2024-03-30T22:00:00Z', 'clocks jump from 00:00 to 01:00'],
    ['2024-11-03', 'America/Havana', '2024-11-03T04:00:00Z', 'midnight comes twice'],
    ['2024-10-27', 'Atlantic/Azores', '2024-10-27T00:00:00Z', 'midnight comes twice'],
    ['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00Z', 'the day was left out'],
  ])('%s in %s starts at %s: %s', (day, name, instant) => {
    expect(dayStart(day, name)).toEqual(new Date(instant));
    expect(dayStart(day, name)).toEqual(startOfDay(new Date(instant), name));
  });

  test('every instant is in the day that starts at or before it, and a day has one start', () => {
    fc.assert(
      fc.property(at, zone, (instant, name) => {
        const start = startOfDay(instant, name);
        const day = dayOf(instant, name);
        expect(start.getTime()).toBeLessThanOrEqual(instant.getTime());
        expect(dayOf(start, name)).toBe(day);
        expect(dayOf(justBefore(start), name) < day).toBe(true);
        expect(startOfDay(start, name)).toEqual(start);
      }),
      { numRuns: 1000 },
    );
  });

  test('days are counted as the calendar does', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
    expect(addDays('2026-03-28', 2)).toBe('2026-03-30');
    expect(() => addDays('2026-02-30', 1)).toThrow(RangeError);
  });

  test('only real days and zones with a name are taken', () => {
    for (const text of ['2026-11-20', '2024-02-29', '0001-01-01']) expect(isDay(text)).toBe(true);
    for (const text of [
      '',
      '2026-02-29',
      '2026-13-01',
      '2026-1-1',
      '0000-01-01',
      '2026-11-20T00',
      ' 2026-11-20',
      '2026-11-20\n',
    ]) {
      expect(isDay(text)).toBe(false);
    }
    for (const name of ['UTC', 'Europe/Kyiv', 'Europe/Kiev', 'America/Argentina/Ushuaia'])
      expect(isZone(name)).toBe(true);
    for (const name of ['', 'Kyiv', '+03:00', '-3', 'UTC+3', 'local', 'system', 'Mars/Base'])
      expect(isZone(name)).toBe(false);
    expect(() => dayOf(new Date(), 'Mars/Base')).toThrow(RangeError);
    expect(() => dayStart('2026-02-30', 'UTC')).toThrow(RangeError);
  });
});

describe('spans', () => {
  test.each<[Span, string, string]>([
    ['3m', '2026-05-31', '2026-02-28'],
    ['3m', '2024-05-31', '2024-02-29'],
    ['3m', '2026-11-20', '2026-08-20'],
    ['3m', '2026-02-15', '2025-11-15'],
    ['1y', '2024-02-29', '2023-02-28'],
    ['2w', '2026-11-20', '2026-11-06'],
    ['14d', '2026-11-20', '2026-11-06'],
    ['0d', '2026-11-20', '2026-11-20'],
  ])('P-19 %s before %s is %s', (length, today, day) => {
    const lastMoment = justBefore(dayStart(addDays(today, 1), 'Europe/Kyiv'));
    for (const now of [dayStart(today, 'Europe/Kyiv'), lastMoment]) {
      expect(spanStart(length, now, 'Europe/Kyiv')).toEqual(dayStart(day, 'Europe/Kyiv'));
    }
  });

  test('P-19 the bound is the first instant of its day, all through the day and never after now', () => {
    fc.assert(
      fc.property(span, at, zone, (length, now, name) => {
        const start = spanStart(length, now, name);
        expect(start.getTime()).toBeLessThanOrEqual(now.getTime());
        expect(startOfDay(start, name)).toEqual(start);
        expect(spanStart(length, startOfDay(now, name), name)).toEqual(start);
      }),
      { numRuns: 1000 },
    );
  });

  test('days and weeks back are that many days back', () => {
    fc.assert(
      fc.property(fc.nat(400), at, (n, now) => {
        const today = dayOf(now, 'Europe/Kyiv');
        expect(dayOf(spanStart(`${n}d`, now, 'Europe/Kyiv'), 'Europe/Kyiv')).toBe(addDays(today, -n));
        expect(dayOf(spanStart(`${n}w`, now, 'Europe/Kyiv'), 'Europe/Kyiv')).toBe(addDays(today, -7 * n));
      }),
    );
  });

  test('a span is a number and a unit', () => {
    for (const text of ['14d', '2w', '3m', '1y', '0d', '9999m', '999y']) expect(isSpan(text)).toBe(true);
    for (const text of ['', '3', 'm', '3 m', '-3m', '3M', '1.5y', '3m ', '10000d', '9999y', '3mm'])
      expect(isSpan(text)).toBe(false);
  });
});
