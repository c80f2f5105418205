import { isId } from '../kernel/id.ts';
import { parseMoney } from '../kernel/money.ts';
import { fold, isCleanText } from '../kernel/text.ts';
import { addDays, dayOf, dayStart, isDay, isSpan, type Span, spanStart } from '../kernel/time.ts';
import type { Sql } from '../platform/db.ts';
import type { Company } from '../tenancy/company.ts';
import * as sql from './sql.ts';

const NUMBER_OPERATORS = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'between'] as const;
const DAY_OPERATORS = ['within', 'before', 'ago', 'on', 'after', 'between'] as const;
const TEXT_OPERATORS = ['is', 'not', 'contains'] as const;
const CHOICE_OPERATORS = ['is', 'not'] as const;

export type Operator =
  | (typeof NUMBER_OPERATORS)[number]
  | (typeof DAY_OPERATORS)[number]
  | (typeof TEXT_OPERATORS)[number];

/**
 * How a number is found that stands in no column of the customer: gathered for everybody at once, which is the same work for few and
 * for many, or for one customer after another, which is quick where a page is soon full. Both find the same.
 */
export type Way = 'gathered' | 'each';

/** What a kind of criterion can be asked, and how it asks the database. */
export interface Field {
  readonly type: 'text' | 'choice' | 'number' | 'money' | 'day' | 'tag';
  readonly operators: readonly Operator[];
  /** the values of a choice; empty for all others */
  readonly choices: readonly string[];
  /** whether it can be counted within a period instead of in total */
  readonly dated?: boolean;
  /** Whether the operator makes sense of these values. */
  accepts(operator: Operator, values: readonly string[], company: Company): boolean;
  /** Only for values that were accepted. */
  compile(
    operator: Operator,
    values: readonly string[],
    company: Company,
    now: Date,
    way: Way,
    within: Span | undefined,
  ): Sql;
}

/** Whole numbers, not negative. `since`: the same number, counted from a moment on. */
export function number(column: Sql, since: (from: Date) => Sql): Field {
  return {
    ...NUMBER,
    dated: true,
    compile: (operator, given, { timezone }, now, _way, within) => {
      const values = given.map(BigInt);
      if (!within) return compare(column, operator, values);
      const from = spanStart(within, now, timezone);
      const wanted = compare(since(from), operator, values);
      // Only whoever was active since then can have one: the index knows them.
      if (fits(0n, operator, values)) return wanted;
      return sql.both(sql.inRange(sql.lastActivity, sql.hasActivity, { from }), wanted);
    },
  };
}

const NUMBER = {
  type: 'number',
  operators: NUMBER_OPERATORS,
  choices: [],
  accepts: (operator, values) => takes(operator, values, (text) => (/^\d{1,15}$/.test(text) ? BigInt(text) : null)),
} as const satisfies Omit<Field, 'compile'>;

/** A number that is counted when it is asked for: only those who have one at all can be found, or left out. */
export function counted({ number, each, some, orNone }: typeof sql.reviews): Field {
  return {
    ...NUMBER,
    compile: (operator, given, _company, _now, way) => {
      const values = given.map(BigInt);
      const wanted = compare(number, operator, values);
      if (way === 'each') return each(wanted);
      return fits(0n, operator, values) ? orNone(wanted) : some(wanted);
    },
  };
}

function fits(n: bigint, operator: Operator, values: readonly bigint[]): boolean {
  const [from = 0n, to = 0n] = values;
  const answers: Partial<Record<Operator, boolean>> = {
    eq: values.includes(n),
    ne: !values.includes(n),
    gt: n > from,
    gte: n >= from,
    lt: n < from,
    lte: n <= from,
    between: from <= n && n <= to,
  };
  return answers[operator] ?? false;
}

/** Decimal strings in the company's currency; the column holds minor units. */
export function money(column: Sql): Field {
  return {
    type: 'money',
    operators: NUMBER_OPERATORS,
    choices: [],
    accepts: (operator, values, { currency }) => takes(operator, values, (text) => parseMoney(text, currency)),
    compile: (operator, values, { currency }) =>
      compare(
        column,
        operator,
        values.map((text) => parseMoney(text, currency) ?? 0n),
      ),
  };
}

/** A list is for "any of" and "none of"; everything else takes one value, `between` two in their order. */
function takes(operator: Operator, values: readonly string[], read: (text: string) => bigint | null): boolean {
  const [from, to] = values.map(read);
  if (operator === 'between') return values.length === 2 && from != null && to != null && from <= to;
  return values.every((text) => read(text) !== null) && (values.length === 1 || operator === 'eq' || operator === 'ne');
}

function compare(column: Sql, operator: Operator, values: readonly bigint[]): Sql {
  const [from = 0n, to = 0n] = values;
  switch (operator) {
    case 'eq':
      return sql.anyNumber(column, values);
    case 'ne':
      return sql.noNumber(column, values);
    case 'gt':
      return sql.above(column, from);
    case 'gte':
      return sql.atLeast(column, from);
    case 'lt':
      return sql.below(column, from);
    case 'lte':
      return sql.atMost(column, from);
    default:
      return sql.both(sql.atLeast(column, from), sql.atMost(column, to));
  }
}

/** Spans and days of the calendar in the company's zone; `there` says which rows have the time at all. */
export function day(at: Sql, there: Sql): Field {
  return {
    type: 'day',
    operators: DAY_OPERATORS,
    choices: [],
    accepts: acceptsDays,
    compile: (operator, values, { timezone }, now) => sql.inRange(at, there, rangeOf(operator, values, now, timezone)),
  };
}

// Beyond these years nobody bought anything, and the day after the last one still exists.
const isSaneDay = (text: string) => isDay(text) && text > '1900' && text < '2999';

function acceptsDays(operator: Operator, [first = '', second, ...rest]: readonly string[]): boolean {
  if (rest.length > 0) return false;
  if (operator === 'between') return isSaneDay(first) && second !== undefined && isSaneDay(second) && first <= second;
  if (second !== undefined) return false;
  if (operator === 'within' || operator === 'ago') return isSpan(first);
  return isSaneDay(first) || (operator === 'before' && isSpan(first));
}

interface Range {
  from?: Date;
  /** not in the range itself */
  until?: Date;
}

/** A day belongs to `on` and `between` as a whole; `before` ends where it begins, `after` begins where it ends. */
function rangeOf(operator: Operator, [first = '', second = '']: readonly string[], now: Date, zone: string): Range {
  const start = (text: string) => (isSpan(text) ? spanStart(text, now, zone) : dayStart(text, zone));
  const end = (day: string) => dayStart(addDays(day, 1), zone);
  switch (operator) {
    case 'within':
      return { from: start(first) };
    case 'before':
      return { until: start(first) };
    case 'after':
      return { from: end(first) };
    case 'between':
      return { from: start(first), until: end(second) };
    default:
      return { from: start(first), until: end(isSpan(first) ? daysAgo(first, now, zone) : first) };
  }
}

const daysAgo = (span: Span, now: Date, zone: string) => dayOf(spanStart(span, now, zone), zone);

/** One condition for each value that can be chosen. */
export function choice(conditions: Readonly<Record<string, Sql>>): Field {
  const chosen = (values: readonly string[]) => values.flatMap((value) => conditions[value] ?? []);
  return {
    type: 'choice',
    operators: CHOICE_OPERATORS,
    choices: Object.keys(conditions),
    accepts: (_, values) => values.every((value) => Object.hasOwn(conditions, value)),
    compile: (operator, values) => (operator === 'is' ? sql.any(chosen(values)) : sql.none(chosen(values))),
  };
}

/** Ids of tags; `any` for whoever has one, `none` for whoever has not. */
export function tagged({ oneOf, any }: typeof sql.tag): Field {
  const wanted = (values: readonly string[]) => {
    const ids = values.filter(isId);
    return [
      ...(ids.length > 0 ? [oneOf(ids)] : []),
      ...(values.includes('any') ? [any] : []),
      ...(values.includes('none') ? [sql.none([any])] : []),
    ];
  };
  return {
    type: 'tag',
    operators: CHOICE_OPERATORS,
    choices: [],
    accepts: (_, values) => values.every((value) => value === 'any' || value === 'none' || isId(value)),
    compile: (operator, values) => (operator === 'is' ? sql.any(wanted(values)) : sql.none(wanted(values))),
  };
}

/** `is` and `not` compare exactly, as the index does; `contains` knows no case. */
export function text(column: Sql): Field {
  return {
    type: 'text',
    operators: TEXT_OPERATORS,
    choices: [],
    accepts: (_, values) => values.every((value) => fold(value) !== '' && value.length <= 255 && isCleanText(value)),
    compile: (operator, values) => {
      if (operator === 'is') return sql.anyText(column, values);
      if (operator === 'not') return sql.noText(column, values);
      return sql.any(values.map((value) => sql.contains(column, fold(value))));
    },
  };
}
