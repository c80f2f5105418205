import { DateTime, IANAZone } from 'luxon';

/** A number of calendar days, weeks, months or years: `14d`, `2w`, `3m`, `1y`. */
export type Span = `${number}${'d' | 'w' | 'm' | 'y'}`;

const UNITS = { d: 'days', w: 'weeks', m: 'months', y: 'years' } as const;

/** Whether `text` is a span. At most 9999 of a unit and 999 years, so that no span leaves the calendar. */
export function isSpan(text: string): text is Span {
  return /^(?:\d{1,4}[dwm]|\d{1,3}y)$/.test(text);
}

/** Whether `text` is a day of the calendar, written YYYY-MM-DD. */
export function isDay(text: string): boolean {
  return /^(?!0000)\d{4}-\d\d-\d\d$/.test(text) && plainDay(text).isValid;
}

/**
 * Whether `name` is a time zone by name, as Node and PostgreSQL both know it. Bare offsets (`+03:00`) are none: they
 * know no summer time, and PostgreSQL reads their sign the other way round.
 */
export function isZone(name: string): boolean {
  return /^[A-Za-z]/.test(name) && IANAZone.isValidZone(name);
}

/** The first instant of the day that `span` goes back to from today, as calendars count it: 31 May minus 3m is the last day of February. */
export function spanStart(span: Span, now: Date, zone: string): Date {
  const unit = UNITS[span.slice(-1) as keyof typeof UNITS];
  const back = plainDay(dayOf(now, zone)).minus({ [unit]: Number(span.slice(0, -1)) });
  return dayStart(back.toFormat('yyyy-MM-dd'), zone);
}

/** The first instant of the local day that `at` is in. */
export function startOfDay(at: Date, zone: string): Date {
  return dayStart(dayOf(at, zone), zone);
}

/** The local day (YYYY-MM-DD) that `at` is in. Throws RangeError for an unknown zone. */
export function dayOf(at: Date, zone: string): string {
  return certain(DateTime.fromJSDate(at, { zone })).toFormat('yyyy-MM-dd');
}

/** The local time at `at`, to the minute: `2026-11-20T14:30`, as a form's field has it. */
export function wallClock(at: Date, zone: string): string {
  return certain(DateTime.fromJSDate(at, { zone })).toFormat("yyyy-MM-dd'T'HH:mm");
}

/** `2026-11-20 09:05:31`, as tables write a moment. */
export function wallSeconds(at: Date, zone: string): string {
  return certain(DateTime.fromJSDate(at, { zone })).toFormat('yyyy-MM-dd HH:mm:ss');
}

/**
 * The first instant of a local day. That is not always midnight: where clocks jump over it, the day starts at the end of
 * the jump (Cairo, Beirut, São Paulo until 2018); where they are set back over it, at the first of two midnights
 * (Havana, Azores). A day that a zone left out (Samoa, 30 December 2011) starts when the next does.
 * Throws RangeError for an unknown zone or day.
 */
export function dayStart(day: string, zone: string): Date {
  const midnight = certain(DateTime.fromISO(day, { zone })).startOf('day');
  return new Date(Math.min(...midnight.getPossibleOffsets().map((instant) => instant.toMillis())));
}

/** The instant at which the clocks of that day show this full hour. */
export function hourOf(day: string, hour: number, zone: string): Date {
  return certain(DateTime.fromISO(day, { zone })).set({ hour }).toJSDate();
}

/** The day `n` days after `day`, before it when `n` is negative. */
export function addDays(day: string, n: number): string {
  return certain(plainDay(day)).plus({ days: n }).toFormat('yyyy-MM-dd');
}

// Arithmetic on days needs no zone; in UTC every day exists and has one midnight.
function plainDay(day: string): DateTime {
  return DateTime.fromISO(day, { zone: 'utc' });
}

// Luxon lets an invalid time pass in silence and ends in NaN.
function certain(time: DateTime): DateTime {
  if (!time.isValid) throw new RangeError(`${time.invalidReason}: ${time.invalidExplanation}`);
  return time;
}
