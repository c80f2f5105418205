import { DateTime } from 'luxon';
import { fold } from '../../src/kernel/text.ts';
import { type Condition, isGroup, type Part } from '../../src/segments/segments.ts';
import { activitiesOf, type Person } from '../customers/make.ts';

/** What brackets mean: whoever one of the parts, each of them, or none is true of. */
export function partHolds(part: Part, someone: Person, now: Date, zone: string): boolean {
  if (!isGroup(part)) return holds(part, someone, now, zone);
  const answers = part.parts.map((inner) => partHolds(inner, someone, now, zone));
  if (part.join === 'all') return !answers.includes(false);
  return answers.includes(true) === (part.join === 'any');
}

/** What a condition means, said once more and in another way: on local calendar days, one person at a time. */
export function holds({ field, operator, values }: Condition, someone: Person, now: Date, zone: string): boolean {
  switch (field) {
    case 'region':
      return holdsText(operator, someone.region, values);
    case 'gender':
      return (operator === 'is') === values.includes(someone.gender ?? 'unknown');
    case 'feedback':
      return (operator === 'is') === values.some((value) => feedback[value]?.(someone));
    case 'message':
      return (operator === 'is') === values.some((value) => message[value]?.(someone));
    case 'activities':
      return holdsNumber(operator, activitiesOf(someone), values.map(Number));
    case 'orders':
      return holdsNumber(operator, someone.orders, values.map(Number));
    case 'messages':
      return holdsNumber(operator, someone.threads, values.map(Number));
    case 'orders_total':
      return holdsNumber(
        operator,
        Number(someone.sum),
        values.map((text) => Math.round(Number(text) * 100)),
      );
    case 'activity':
      return activitiesOf(someone) > 0 && holdsDay(operator, someone.lastActivity, values, now, zone);
    case 'tag':
      return (operator === 'is') === values.some((value) => hasTag(someone, value));
    case 'reviews':
      return holdsNumber(operator, someone.reviews, values.map(Number));
    case 'consent':
      return (operator === 'is') === values.includes(someone.consent);
    case 'last_order':
      return someone.orders > 0 && holdsDay(operator, someone.lastOrder, values, now, zone);
  }
}

const feedback: Record<string, (someone: Person) => boolean> = {
  any: ({ good, neutral, bad }) => good + neutral + bad > 0,
  none: ({ good, neutral, bad }) => good + neutral + bad === 0,
  good: ({ good }) => good > 0,
  neutral: ({ neutral }) => neutral > 0,
  bad: ({ bad }) => bad > 0,
};

const message: Record<string, (someone: Person) => boolean> = {
  written: ({ threads }) => threads > 0,
  none: ({ threads }) => threads === 0,
  unanswered: ({ unanswered }) => unanswered > 0,
};

function hasTag({ tags }: Person, value: string): boolean {
  if (value === 'any') return tags.length > 0;
  return value === 'none' ? tags.length === 0 : tags.includes(value);
}

function holdsText(operator: string, region: string | null, values: readonly string[]): boolean {
  if (operator === 'contains') return region !== null && values.some((value) => fold(region).includes(fold(value)));
  return (operator === 'is') === (region !== null && values.includes(region));
}

function holdsNumber(operator: string, n: number, list: readonly number[]): boolean {
  const [first = 0, second = 0] = list;
  switch (operator) {
    case 'eq':
      return list.includes(n);
    case 'ne':
      return !list.includes(n);
    case 'gt':
      return n > first;
    case 'gte':
      return n >= first;
    case 'lt':
      return n < first;
    case 'lte':
      return n <= first;
    default:
      return first <= n && n <= second;
  }
}

function holdsDay(
  operator: string,
  at: Date | null,
  [first = '', second = '']: readonly string[],
  now: Date,
  zone: string,
) {
  if (!at) return false;
  const local = (date: Date) => DateTime.fromJSDate(date, { zone }).toISODate() ?? '';
  const day = local(at);
  const bound = /^\d{4}-/.test(first) ? first : back(first, local(now));
  switch (operator) {
    case 'within':
      return day >= bound;
    case 'before':
      return day < bound;
    case 'after':
      return day > bound;
    case 'between':
      return first <= day && day <= second;
    default:
      return day === bound;
  }
}

const UNITS: Record<string, string> = { d: 'days', w: 'weeks', m: 'months', y: 'years' };

const back = (span: string, today: string) =>
  DateTime.fromISO(today)
    .minus({ [UNITS[span.slice(-1)] ?? '']: Number(span.slice(0, -1)) })
    .toISODate() ?? '';
