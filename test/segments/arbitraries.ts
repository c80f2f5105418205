import fc from 'fast-check';
import {
  type Condition,
  conditionsIn,
  FIELD_KEYS,
  FIELDS,
  type Filter,
  MAX_CONDITIONS,
  type Operator,
  type Part,
} from '../../src/segments/segments.ts';

const days = fc.integer({ min: 0, max: 800 }).map((n) => new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10));
const spans = fc
  .tuple(fc.integer({ min: 0, max: 15 }), fc.constantFrom('d', 'w', 'm', 'y'))
  .map(([n, unit]) => `${n}${unit}`);
const numbers = fc.integer({ min: 0, max: 6 }).map(String);
const amounts = fc.integer({ min: -300, max: 60_000 }).map((n) => (n / 100).toFixed(2));
const regions = fc.oneof(
  fc.constantFrom('Київ', 'київ', 'Lviv', 'LVIV', 'a|b', '100%', 'a,b)', '(x', 'Nowhere'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }).filter((text) => /\p{L}/u.test(text)),
);

/** Tags that people of the tests have, and one that nobody has. */
export const TAGS = ['0193504e-5a80-7d11-8a2f-00000000000a', '0193504e-5a80-7d11-8a2f-00000000000b'] as const;
export const NOBODYS = '0193504e-5a80-7d11-8a2f-00000000000c';
const tags = fc.constantFrom(...TAGS, NOBODYS, 'any', 'none');

/** Conditions that are understood, over every field and operator. */
export const conditions: fc.Arbitrary<Condition> = fc
  .constantFrom(...FIELD_KEYS.flatMap((field) => FIELDS[field].operators.map((operator) => ({ field, operator }))))
  .chain(({ field, operator }) => values(field, operator).map((list) => ({ field, operator, values: list })));

function values(field: Condition['field'], operator: Operator): fc.Arbitrary<string[]> {
  const { type, choices } = FIELDS[field];
  if (type === 'choice') return fc.subarray([...choices], { minLength: 1 });
  if (type === 'text') return fc.array(regions, { minLength: 1, maxLength: 3 });
  if (type === 'tag') return fc.array(tags, { minLength: 1, maxLength: 3 });
  if (type === 'day') return dayValues(operator);
  const one = type === 'money' ? amounts : numbers;
  if (operator === 'between') return fc.tuple(one, one).map(([a, b]) => [a, b].sort((x, y) => Number(x) - Number(y)));
  return operator === 'eq' || operator === 'ne'
    ? fc.array(one, { minLength: 1, maxLength: 3 })
    : one.map((text) => [text]);
}

function dayValues(operator: Operator): fc.Arbitrary<string[]> {
  if (operator === 'between') return fc.tuple(days, days).map((pair) => pair.sort());
  if (operator === 'within' || operator === 'ago') return spans.map((span) => [span]);
  return (operator === 'before' ? fc.oneof(spans, days) : days).map((text) => [text]);
}

/** Conditions, and brackets of them, at most three in one another. */
export const parts: fc.Arbitrary<Part> = fc
  .letrec<{ part: Part }>((tie) => ({
    part: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'brackets' },
      conditions,
      fc.record({
        join: fc.constantFrom('any' as const, 'all' as const, 'none' as const),
        parts: fc.array(tie('part'), { minLength: 1, maxLength: 3, depthIdentifier: 'brackets' }),
      }),
    ),
  }))
  .part.filter((part) => conditionsIn([part]) <= MAX_CONDITIONS);

export const filters: fc.Arbitrary<Filter> = fc
  .array(parts, { maxLength: 3 })
  .filter((filter) => conditionsIn(filter) <= MAX_CONDITIONS);
