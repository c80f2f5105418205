import fc from 'fast-check';
import { type Condition, FIELD_KEYS, FIELDS, type Operator } from '../../src/segments/segments.ts';

const days = fc.integer({ min: 0, max: 800 }).map((n) => new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10));
const spans = fc
  .tuple(fc.integer({ min: 0, max: 15 }), fc.constantFrom('d', 'w', 'm', 'y'))
  .map(([n, unit]) => `${n}${unit}`);
const numbers = fc.integer({ min: 0, max: 6 }).map(String);
const amounts = fc.integer({ min: -300, max: 60_000 }).map((n) => (n / 100).toFixed(2));
const regions = fc.oneof(
  fc.constantFrom('Київ', 'київ', 'Lviv', 'LVIV', 'a|b', '100%', 'Nowhere'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }).filter((text) => /\p{L}/u.test(text)),
);

/** Conditions that are understood, over every field and operator. */
export const conditions: fc.Arbitrary<Condition> = fc
  .constantFrom(...FIELD_KEYS.flatMap((field) => FIELDS[field].operators.map((operator) => ({ field, operator }))))
  .chain(({ field, operator }) => values(field, operator).map((list) => ({ field, operator, values: list })));

function values(field: Condition['field'], operator: Operator): fc.Arbitrary<string[]> {
  const { type, choices } = FIELDS[field];
  if (type === 'choice') return fc.subarray([...choices], { minLength: 1 });
  if (type === 'text') return fc.array(regions, { minLength: 1, maxLength: 3 });
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
