import { parseMoney } from '../kernel/money.ts';
import { isSpan, type Span } from '../kernel/time.ts';
import type { Company } from '../tenancy/company.ts';
import type { Format } from '../web/format.ts';
import type { Condition } from './condition.ts';
import { FIELDS } from './fields.ts';

/** The reader's language, and what the company's tags are called: what a chip is written in. */
export interface Words {
  t(key: string, values?: Record<string, unknown>): string;
  readonly format: Format;
  readonly locale: string;
  /** names by id */
  readonly tags: ReadonlyMap<string, string>;
}

/** A condition as a reader says it: `Orders: 3 or more`, `Last activity: within 3 months`. */
export function describe(condition: Condition, words: Words, company: Company): string {
  const { type } = FIELDS[condition.field];
  const group = type === 'money' ? 'number' : type === 'tag' ? 'choice' : type;
  const text = compared(condition, group, words, company);
  return words.t('segments.chip', { field: words.t(`segments.fields.${condition.field}`), text });
}

/** `within 3 months`, `3 or more`, by the words of that group of operators. */
export function compared(
  condition: Condition,
  group: 'text' | 'choice' | 'number' | 'day',
  words: Words,
  company: Company,
): string {
  const values = valuesOf(condition, words, company);
  const [from, to] = values;
  const value = condition.operator === 'between' ? '' : anyOf(words.locale, values);
  const text = words.t(`segments.operators.${group}.${operatorOf(condition)}`, { value, from, to });
  return during(text, condition, words);
}

/** `2 or more, within 3 months` */
export const during = (text: string, { within }: Condition, { t }: Words): string =>
  within ? t('segments.during', { text, span: span(within, t) }) : text;

/** `before` with a span is a question of its own for a person: longer ago. */
const operatorOf = ({ operator, values }: Condition) =>
  operator === 'before' && isSpan(values[0] ?? '') ? 'older' : operator;

/** The values as a reader writes them. */
export const valuesOf = (condition: Condition, words: Words, company: Company): string[] =>
  condition.values.map((value) => wordOf(condition, value, words, company));

function wordOf(condition: Condition, value: string, { t, format, tags }: Words, { currency }: Company): string {
  switch (FIELDS[condition.field].type) {
    case 'number':
      return format.number(BigInt(value));
    case 'money':
      return format.money(parseMoney(value, currency) ?? 0n, currency);
    case 'choice':
      return t(`segments.choices.${condition.field}.${value}`);
    case 'tag':
      return value === 'any' || value === 'none'
        ? t(`segments.tag.${value}`)
        : (tags.get(value) ?? t('segments.tag.gone'));
    case 'day':
      return isSpan(value) ? span(value, t) : format.day(value);
    default:
      return value;
  }
}

const span = (text: Span, t: Words['t']) => t(`segments.span.${text.slice(-1)}`, { count: Number(text.slice(0, -1)) });

export const anyOf = (locale: string, texts: readonly string[]): string =>
  new Intl.ListFormat(locale, { type: 'disjunction' }).format(texts);

export const allOf = (locale: string, texts: readonly string[]): string =>
  new Intl.ListFormat(locale, { type: 'conjunction' }).format(texts);
