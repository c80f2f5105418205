import { DateTime } from 'luxon';

/** From when to when it is quiet, by the clocks of a zone: `20:00-9:00` goes over midnight. */
export type QuietHours = string;

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/**
 * When the quiet hours end that `at` is in, by the clocks on the wall: the first instant at which they show no quiet time. Where clocks
 * are set forward over the end, that is the moment of the jump; where they are set back, an hour may be quiet a second time.
 * null: it is not quiet then, or the company has no quiet hours. Throws RangeError for an unknown zone.
 */
export function quietUntil(at: Date, zone: string, hours: QuietHours | null): Date | null {
  const window = hours === null ? null : readHours(hours);
  if (!window || !isWithin(at.getTime(), zone, window)) return null;
  return new Date(endOf(at.getTime(), zone, window));
}

/** When it gets quiet next. null: it is quiet already, or never is. */
export function quietFrom(at: Date, zone: string, hours: QuietHours | null): Date | null {
  const window = hours === null ? null : readHours(hours);
  if (!window) return null;
  return quietUntil(at, zone, `${clock(window.to)}-${clock(window.from)}`);
}

/** When something ends that takes so many seconds and rests in quiet hours. */
export function endOfWork(start: Date, seconds: number, zone: string, hours: QuietHours | null): Date {
  let at = quietUntil(start, zone, hours) ?? start;
  let left = seconds * 1000;
  for (let pause = quietFrom(at, zone, hours); pause; pause = quietFrom(at, zone, hours)) {
    const worked = pause.getTime() - at.getTime();
    if (worked >= left) break;
    left -= worked;
    at = quietUntil(pause, zone, hours) ?? pause;
  }
  return new Date(at.getTime() + left);
}

/**
 * The instant that a local time (`2026-11-20T14:30`, as a form's field sends it) means in a zone. A time that the clocks jump over means
 * the moment of the jump; one that they show twice, the first of both. null: it is no time. Throws RangeError for an unknown zone.
 */
export function localMoment(text: string, zone: string): Date | null {
  if (!/^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text)) return null;
  const wall = DateTime.fromISO(text, { zone: 'utc' });
  if (!wall.isValid) return null;
  // An offset is less than a day: the clocks show that time within two days around, if they ever do.
  const before = wall.toMillis() - offset(wall.toMillis() - DAY, zone);
  const after = wall.toMillis() - offset(wall.toMillis() + DAY, zone);
  const shown = [before, after].filter((instant) => instant + offset(instant, zone) === wall.toMillis());
  if (shown.length > 0) return new Date(Math.min(...shown));
  return new Date(change(Math.min(before, after) - 1, Math.max(before, after), zone) ?? before);
}

/** In minutes of the day; `from` belongs to it, `to` does not. */
interface Window {
  from: number;
  to: number;
}

/** null: a window without any length. */
function readHours(hours: QuietHours): Window | null {
  const [from, to] = hours.split('-').map((time) => {
    const [hour, minute] = time.split(':').map(Number);
    return (hour ?? Number.NaN) * 60 + (minute ?? Number.NaN);
  });
  if (!Number.isInteger(from) || !Number.isInteger(to)) throw new RangeError(`No quiet hours: ${hours}`);
  return from === to ? null : { from: from as number, to: to as number };
}

const clock = (minutes: number): string => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;

function isWithin(at: number, zone: string, { from, to }: Window): boolean {
  const minute = Math.floor(timeOfDay(at, zone) / MINUTE);
  return from < to ? from <= minute && minute < to : from <= minute || minute < to;
}

function endOf(at: number, zone: string, window: Window): number {
  const now = timeOfDay(at, zone);
  const to = window.to * MINUTE;
  const straight = at + (to > now ? to - now : to + DAY - now);
  const jump = change(at, straight, zone);
  if (jump === null) return straight;
  return isWithin(jump, zone, window) ? endOf(jump, zone, window) : jump;
}

const timeOfDay = (at: number, zone: string): number => (((at + offset(at, zone)) % DAY) + DAY) % DAY;

/** The first instant behind `from`, up to `until`, at which the zone's offset is another one. */
function change(from: number, until: number, zone: string): number | null {
  const old = offset(from, zone);
  if (offset(until, zone) === old) return null;
  let [low, high] = [from, until];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offset(middle, zone) === old) low = middle;
    else high = middle;
  }
  return high;
}

function offset(at: number, zone: string): number {
  const time = DateTime.fromMillis(at, { zone });
  if (!time.isValid) throw new RangeError(`${time.invalidReason}: ${time.invalidExplanation}`);
  return time.offset * MINUTE;
}
