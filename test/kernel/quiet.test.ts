import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { endOfWork, localMoment, quietFrom, quietUntil } from '../../src/kernel/quiet.ts';

const at = (text: string) => new Date(text);
const wall = (instant: Date | null, zone: string) =>
  instant && DateTime.fromJSDate(instant, { zone }).toFormat("yyyy-MM-dd'T'HH:mm:ss ZZ");

describe('P-02 quiet hours', () => {
  test('an evening text waits for the morning, a daytime text for nothing', () => {
    expect(quietUntil(at('2026-11-20T21:30:00+02:00'), 'Europe/Kyiv', '20:00-9:00')).toEqual(
      at('2026-11-21T09:00:00+02:00'),
    );
    expect(quietUntil(at('2026-11-20T03:00:00+02:00'), 'Europe/Kyiv', '20:00-9:00')).toEqual(
      at('2026-11-20T09:00:00+02:00'),
    );
    expect(quietUntil(at('2026-11-20T09:00:00+02:00'), 'Europe/Kyiv', '20:00-9:00')).toBeNull();
    expect(quietUntil(at('2026-11-20T19:59:59.999+02:00'), 'Europe/Kyiv', '20:00-9:00')).toBeNull();
  });

  test('they begin to the minute', () => {
    expect(quietUntil(at('2026-11-20T20:00:00+02:00'), 'Europe/Kyiv', '20:00-9:00')).toEqual(
      at('2026-11-21T09:00:00+02:00'),
    );
    expect(quietFrom(at('2026-11-20T12:00:00+02:00'), 'Europe/Kyiv', '20:00-9:00')).toEqual(
      at('2026-11-20T20:00:00+02:00'),
    );
    expect(quietFrom(at('2026-11-20T22:00:00+02:00'), 'Europe/Kyiv', '20:00-9:00')).toBeNull();
  });

  test('without any, and where they have no length, it is never quiet', () => {
    expect(quietUntil(at('2026-11-20T23:00:00Z'), 'Europe/Kyiv', null)).toBeNull();
    expect(quietUntil(at('2026-11-20T23:00:00Z'), 'Europe/Kyiv', '8:00-8:00')).toBeNull();
    expect(quietFrom(at('2026-11-20T23:00:00Z'), 'Europe/Kyiv', null)).toBeNull();
  });

  test.each([
    // the night with the missing hour, and the one with the doubled hour
    ['Europe/Kyiv', '2026-03-28T22:00:00+02:00', '20:00-9:00', '2026-03-29T09:00:00 +03:00'],
    ['Europe/Kyiv', '2026-10-24T22:00:00+03:00', '20:00-9:00', '2026-10-25T09:00:00 +02:00'],
    ['Europe/Berlin', '2026-03-28T22:00:00+01:00', '20:00-9:00', '2026-03-29T09:00:00 +02:00'],
    ['Europe/Berlin', '2026-10-24T22:00:00+02:00', '20:00-9:00', '2026-10-25T09:00:00 +01:00'],
    ['America/Sao_Paulo', '2018-11-03T22:00:00-03:00', '20:00-9:00', '2018-11-04T09:00:00 -02:00'],
    ['America/Sao_Paulo', '2019-02-16T22:00:00-02:00', '20:00-9:00', '2019-02-17T09:00:00 -03:00'],
    // an end that the clocks jump over comes with the jump
    ['Europe/Berlin', '2026-03-29T01:00:00+01:00', '20:00-2:30', '2026-03-29T03:00:00 +02:00'],
    ['America/Sao_Paulo', '2018-11-03T23:00:00-03:00', '20:00-0:30', '2018-11-04T01:00:00 -02:00'],
    // an end that they show twice comes with the first, and the quiet time before it comes twice
    ['Europe/Berlin', '2026-10-25T01:00:00+02:00', '20:00-2:30', '2026-10-25T02:30:00 +02:00'],
    ['Europe/Berlin', '2026-10-25T02:10:00+01:00', '20:00-2:30', '2026-10-25T02:30:00 +01:00'],
    // a beginning that they show twice: set back out of it, they are not quiet
    ['Europe/Berlin', '2026-10-25T02:45:00+02:00', '2:30-9:00', '2026-10-25T02:00:00 +01:00'],
    ['America/Sao_Paulo', '2019-02-16T23:45:00-02:00', '23:30-6:00', '2019-02-16T23:00:00 -03:00'],
  ])('F16 %s at %s with %s: until %s', (zone, from, hours, until) => {
    expect(wall(quietUntil(at(from), zone, hours), zone)).toBe(until);
  });

  const zone = fc.constantFrom('Europe/Kyiv', 'Europe/Berlin', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'UTC');
  const time = fc
    .integer({ min: 0, max: 1439 })
    .map((minute) => `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`);
  const hours = fc.tuple(time, time).map(([from, to]) => `${from}-${to}`);
  // Around the clock changes of these zones, and anywhere.
  const moment = fc.oneof(
    ...['2026-03-29', '2026-10-25', '2018-11-04', '2019-02-17', '2026-04-05', '2026-10-04'].map((day) =>
      fc.integer({ min: -1500, max: 1500 }).map((minutes) => new Date(Date.parse(day) + minutes * 60_000)),
    ),
    fc.integer({ min: 0, max: 10_000 }).map((number) => new Date(Date.parse('2015-01-01') + number * 7_777_777)),
  );

  test('F16 what waits until the end of them leaves at the first minute whose clock time is not quiet', () => {
    fc.assert(
      fc.property(zone, moment, hours, (zone, from, hours) => {
        const until = quietUntil(from, zone, hours);
        if (!until) return expect(isQuiet(from, zone, hours)).toBe(false);
        expect(isQuiet(from, zone, hours)).toBe(true);
        expect(isQuiet(until, zone, hours)).toBe(false);
        for (let each = until.getTime() - 60_000; each >= from.getTime(); each -= 60_000) {
          if (!isQuiet(new Date(each), zone, hours)) throw new Error(`${new Date(each).toISOString()} was not quiet`);
        }
      }),
      { numRuns: 150 },
    );
  });

  function isQuiet(instant: Date, zone: string, hours: string): boolean {
    const [from = '', to = ''] = hours.split('-').map((time) => time.padStart(5, '0'));
    const now = DateTime.fromJSDate(instant, { zone }).toFormat('HH:mm');
    return from < to ? from <= now && now < to : from > to && (from <= now || now < to);
  }

  test('the last of many leaves when the time outside of them is enough', () => {
    const kyiv = 'Europe/Kyiv';
    expect(endOfWork(at('2026-11-20T10:00:00+02:00'), 3600, kyiv, '20:00-9:00')).toEqual(
      at('2026-11-20T11:00:00+02:00'),
    );
    expect(endOfWork(at('2026-11-20T19:30:00+02:00'), 3600, kyiv, '20:00-9:00')).toEqual(
      at('2026-11-21T09:30:00+02:00'),
    );
    expect(endOfWork(at('2026-11-20T23:00:00+02:00'), 0, kyiv, '20:00-9:00')).toEqual(at('2026-11-21T09:00:00+02:00'));
    expect(endOfWork(at('2026-11-20T10:00:00+02:00'), 22 * 3600, kyiv, '20:00-9:00')).toEqual(
      at('2026-11-22T10:00:00+02:00'),
    );
    expect(endOfWork(at('2026-11-20T23:00:00+02:00'), 60, kyiv, null)).toEqual(at('2026-11-20T23:01:00+02:00'));
  });
});

describe('a local time that was typed', () => {
  test.each([
    ['Europe/Kyiv', '2026-11-20T14:30', '2026-11-20T14:30:00 +02:00'],
    ['Europe/Kyiv', '2026-07-20T14:30', '2026-07-20T14:30:00 +03:00'],
    // missing
    ['Europe/Kyiv', '2026-03-29T03:30', '2026-03-29T04:00:00 +03:00'],
    ['Europe/Berlin', '2026-03-29T02:30', '2026-03-29T03:00:00 +02:00'],
    ['America/Sao_Paulo', '2018-11-04T00:15', '2018-11-04T01:00:00 -02:00'],
    ['Australia/Lord_Howe', '2026-10-04T02:10', '2026-10-04T02:30:00 +11:00'],
    ['Pacific/Apia', '2011-12-30T12:00', '2011-12-31T00:00:00 +14:00'],
    // twice
    ['Europe/Kyiv', '2026-10-25T03:30', '2026-10-25T03:30:00 +03:00'],
    ['Europe/Berlin', '2026-10-25T02:30', '2026-10-25T02:30:00 +02:00'],
    ['America/Sao_Paulo', '2019-02-16T23:30', '2019-02-16T23:30:00 -02:00'],
  ])('F16 %s %s is %s', (zone, text, instant) => {
    expect(wall(localMoment(text, zone), zone)).toBe(instant);
  });

  test.each([
    '',
    'tomorrow',
    '2026-02-30T10:00',
    '2026-11-20 10:00',
    '2026-11-20T24:30',
    '2026-11-20',
    '0000-01-01T00:00',
  ])('%j is no time', (text) => expect(localMoment(text, 'Europe/Kyiv')).toBeNull());

  test('every time that the clocks show comes back as it was typed', () => {
    const minutes = fc.integer({ min: 0, max: 60 * 24 * 365 * 12 });
    fc.assert(
      fc.property(
        minutes,
        fc.constantFrom('Europe/Kyiv', 'Europe/Berlin', 'America/Sao_Paulo', 'Pacific/Apia'),
        (minute, zone) => {
          const instant = new Date(Date.UTC(2010, 0, 1) + minute * 60_000);
          const text = DateTime.fromJSDate(instant, { zone }).toFormat("yyyy-MM-dd'T'HH:mm");
          const found = localMoment(text, zone);
          expect(found && DateTime.fromJSDate(found, { zone }).toFormat("yyyy-MM-dd'T'HH:mm")).toBe(text);
          expect(found?.getTime()).toBeLessThanOrEqual(instant.getTime());
        },
      ),
    );
  });
});
