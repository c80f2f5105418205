import type { Random } from './random.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The demo's shops opened 18 months ago. */
const OPEN_DAYS = 547;

/** A moment of the last 18 months, never today, in the daytime and more often lately. */
export function someDay(random: Random, now: Date): Date {
  const days = 1 + Math.floor(random.next() ** 1.3 * OPEN_DAYS);
  const midnight = Math.floor(now.getTime() / DAY) * DAY;
  return new Date(midnight - days * DAY + 6 * HOUR + random.whole(0, 14 * 60 - 1) * 60_000);
}

/** In the minutes before `now`. */
export const justNow = (random: Random, now: Date) => new Date(now.getTime() - random.whole(2, 600) * 60_000);

export const daysBetween = (earlier: Date, later: Date) => (later.getTime() - earlier.getTime()) / DAY;

/** Some hours later, but not after `now`. */
export const later = (random: Random, at: Date, now: Date, hours: number) =>
  new Date(Math.min(now.getTime() - 60_000, at.getTime() + random.whole(5, hours * 60) * 60_000));
