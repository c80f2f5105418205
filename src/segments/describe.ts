import { parseMoney } from '../kernel/money.ts';
import { isSpan, type Span } from '../kernel/time.ts';
import type { Company } from '../tenancy/company.ts';
import type { Format } from '../web/format.ts';
import type { Condition } from './condition.ts';
import { FIELDS } from './fields.ts';

/** The reader's language: what a chip is written in. */
export interface Words {
  t(key: string, values?: Record<string, unknown>): string;
  readonly format: Format;
  readonly locale: string;
}

/** A condition as a reader says it: `Orders: 3 or more`, `Last activity: within 3 months`. */
export function describe(condition: Condition, words: Words, company: Company): string {
  const values = condition.values.map((value) => wordOf(condition, value, words, company));
  const [from, to] = values;
  const type = FIELDS[condition.field].type;
  const group = type === 'money' ? 'number' : type;
  const operator = condition.operator === 'before' && isSpan(condition.values[0] ?? '') ? 'older' : condition.operator;
  const value = condition.operator === 'between' ? '' : anyOf(words.locale, values);
  const text = words.t(`segments.operators.${group}.${operator}`, { value, from, to });
  return words.t('segments.chip', { field: words.t(`segments.fields.${condition.field}`), text });
}

function wordOf(condition: Condition, value: string, { t, format }: Words, { currency }: Company): string {
  switch (FIELDS[condition.field].type) {
    case 'number':
      return format.number(BigInt(value));
    case 'money':
      return format.money(parseMoney(value, currency) ?? 0n, currency);
    case 'choice':
      return t(`segments.choices.${condition.field}.${value}`);
    case 'day':
      return isSpan(value) ? span(value, t) : format.day(value);
    default:
      return value;
  }
}

const span = (text: Span, t: Words['t']) => t(`segments.span.${text.slice(-1)}`, { count: Number(text.slice(0, -1)) });

const anyOf = (locale: string, values: readonly string[]) =>
  new Intl.ListFormat(locale, { type: 'disjunction' }).format(values);
