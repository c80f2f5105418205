import { moneyText } from '../kernel/money.ts';
import type { Locale } from '../tenancy/company.ts';

/** Dates, numbers and money as the reader writes them, in one time zone. */
export interface Format {
  /** `21 Nov 2026` */
  date(at: Date): string;
  /** `21 Nov 2026, 14:05` */
  dateTime(at: Date): string;
  /** a day of the calendar, YYYY-MM-DD, that belongs to no zone */
  day(day: string): string;
  number(n: number | bigint): string;
  /** minor units, exact at any size */
  money(minor: bigint, currency: string): string;
  /** `3 days ago`, `in 2 hours`; the coarsest unit that is not zero */
  relative(at: Date): string;
}

/** `now` is the moment `relative` counts from. What is costly to make is made once per language and zone. */
export function makeFormat(locale: Locale, zone: string, now: Date): Format {
  const language = LANGUAGES[locale];
  const dates = formatters(language, zone);
  return {
    date: (at) => dates.date.format(at),
    dateTime: (at) => dates.dateTime.format(at),
    day: (day) => formatters(language, 'UTC').date.format(new Date(`${day}T00:00:00Z`)),
    number: (n) => dates.number.format(n),
    money: (minor, currency) =>
      money(language, currency).format(moneyText(minor, currency) as Intl.StringNumericLiteral),
    relative: (at) => relative(dates.relative, at, now),
  };
}

// British English: the day before the month, as everywhere the portal sells.
const LANGUAGES = { en: 'en-GB', uk: 'uk' } as const;

const formatters = remember((language: string, timeZone: string) => ({
  date: new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone }),
  dateTime: new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone }),
  number: new Intl.NumberFormat(language),
  relative: new Intl.RelativeTimeFormat(language, { numeric: 'auto' }),
}));

const money = remember((language: string, currency: string) => {
  const digits = moneyText(0n, currency).split('.')[1]?.length ?? 0;
  const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(language, { style: 'currency', currency, ...fraction });
});

const UNITS = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

function relative(words: Intl.RelativeTimeFormat, at: Date, now: Date): string {
  const away = at.getTime() - now.getTime();
  const [unit, length] = UNITS.find(([, length]) => Math.abs(away) >= length) ?? (['second', 1000] as const);
  return words.format(Math.trunc(away / length), unit);
}

function remember<Made>(make: (language: string, of: string) => Made): (language: string, of: string) => Made {
  const made = new Map<string, Made>();
  return (language, of) => {
    const key = `${language} ${of}`;
    const known = made.get(key) ?? make(language, of);
    made.set(key, known);
    return known;
  };
}
