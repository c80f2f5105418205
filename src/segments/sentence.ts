import type { Company } from '../tenancy/company.ts';
import type { Condition } from './condition.ts';
import { allOf, anyOf, compared, during, valuesOf, type Words } from './describe.ts';
import { FIELDS } from './fields.ts';
import { type Filter, isGroup, type Part } from './tree.ts';

/** The whole filter in plain words: `women, more than 2 orders, last activity within 3 months`. */
export function sentence(filter: Filter, words: Words, company: Company): string {
  if (filter.length === 0) return words.t('segments.say.everybody');
  return filter.map((part) => phrase(part, words, company, filter.length > 1)).join(', ');
}

/** A part of it. `bracketed`: other words stand beside it, which brackets keep apart from it. */
export function phrase(part: Part, words: Words, company: Company, bracketed = false): string {
  if (!isGroup(part)) return leaf(part, words, company);
  const inner = part.parts.map((each) => phrase(each, words, company, part.parts.length > 1));
  if (part.join === 'none') return words.t('segments.say.noneOf', { list: inner.join('; ') });
  const text = (part.join === 'any' ? anyOf : allOf)(words.locale, inner);
  return bracketed && inner.length > 1 ? words.t('segments.say.brackets', { text }) : text;
}

function leaf(condition: Condition, words: Words, company: Company): string {
  const { field, operator } = condition;
  const { t, locale } = words;
  const values = valuesOf(condition, words, company);
  switch (FIELDS[field].type) {
    case 'choice':
      return listed(
        condition,
        condition.values.map((value) => t(`segments.say.${sense(operator)}.${field}.${value}`)),
        locale,
      );
    case 'tag':
      return tagged(condition, words, values);
    case 'text':
      return t(`segments.say.${field}.${operator}`, { value: anyOf(locale, values) });
    case 'number':
      return during(
        number(operator, values, words, (value) =>
          t(`segments.say.counted.${field}`, { value, count: Number(condition.values.at(-1)) }),
        ),
        condition,
        words,
      );
    case 'money':
      return t('segments.say.sum', { text: number(operator, values, words, (value) => value) });
    default:
      return t('segments.say.when', {
        what: t(`segments.say.latest.${field}`),
        text: compared(condition, 'day', words, company),
      });
  }
}

const sense = (operator: Condition['operator']) => (operator === 'not' ? 'isNot' : 'is');

/** "none of" holds for each of them. */
const listed = ({ operator }: Condition, phrases: readonly string[], locale: string) =>
  (operator === 'not' ? allOf : anyOf)(locale, phrases);

function tagged(condition: Condition, { t, locale }: Words, values: readonly string[]): string {
  const phrases = condition.values.map((value, at) => {
    const kind = value === 'any' || value === 'none' ? value : 'named';
    return t(`segments.say.${sense(condition.operator)}.tag.${kind}`, { name: values[at] });
  });
  return listed(condition, phrases, locale);
}

/** `more than 2 orders`: the last of the numbers has the noun beside it. */
function number(
  operator: Condition['operator'],
  values: readonly string[],
  { t, locale }: Words,
  withNoun: (value: string) => string,
): string {
  const [from] = values;
  const what = operator === 'between' ? withNoun(values.at(-1) ?? '') : withNoun(anyOf(locale, values));
  return t(`segments.say.number.${operator}`, { what, from });
}
