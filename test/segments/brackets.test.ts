import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Condition,
  conditionsIn,
  depthOf,
  type Filter,
  filterText,
  isGroup,
  type Part,
  type Path,
  parseFilter,
  parsePart,
  partText,
  withAdded,
  without,
} from '../../src/segments/segments.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { conditions, filters, parts } from './arbitraries.ts';

const company = { currency: 'UAH', timezone: 'Europe/Kyiv' } as Company;
const parse = (text: string) => parsePart(text, company);

const male: Condition = { field: 'gender', operator: 'is', values: ['male'] };
const often: Condition = { field: 'orders', operator: 'gte', values: ['3'] };
const kyiv: Condition = { field: 'region', operator: 'is', values: ['Kyiv, (city)'] };

describe('P-32 the text of brackets', () => {
  test('joins conditions, and brackets', () => {
    expect(parse('any(gender:is:male,all(orders:gte:3,region:is:Kyiv%2C %28city%29))')).toEqual({
      join: 'any',
      parts: [male, { join: 'all', parts: [often, kyiv] }],
    });
    expect(parse('none(gender:is:male)')).toEqual({ join: 'none', parts: [male] });
  });

  test('reads back as the same, whatever stands in it', () => {
    fc.assert(fc.property(parts, (part) => expect(parse(partText(part))).toEqual(part)));
    fc.assert(fc.property(filters, (filter) => expect(parseFilter(filterText(filter), company)).toEqual(filter)));
  });

  test.each([
    ['any()', 'brackets', 'any()'],
    ['any(', 'brackets', 'any('],
    ['any(gender:is:male', 'brackets', 'any(gender:is:male'],
    ['any(gender:is:male))', 'brackets', 'any(gender:is:male))'],
    ['any(gender:is:male)x', 'brackets', 'any(gender:is:male)x'],
    ['any(gender:is:male,)', 'brackets', 'any(gender:is:male,)'],
    ['any(gender:is:male,orders:gte:many)', 'value', 'orders:gte:many'],
    ['any(all(none(colour:is:red)))', 'field', 'colour:is:red'],
    ['both(gender:is:male)', 'field', 'both(gender:is:male)'],
    ['any(all(any(all(gender:is:male))))', 'depth', 'any(all(any(all(gender:is:male))))'],
  ])('%s is refused for its %s', (text, error, piece) => {
    expect(parse(text)).toEqual({ error, text: piece });
  });

  test('three brackets in one another are the most, and a million fill no stack', () => {
    expect(depthOf(parse('any(all(any(gender:is:male)))') as Part)).toBe(3);
    expect(parse(`${'any('.repeat(1_000_000)}`)).toMatchObject({ error: expect.any(String) });
    expect(parse(`${'any('.repeat(100_000)}gender:is:male${')'.repeat(100_000)}`)).toMatchObject({ error: 'depth' });
  });

  test('whatever is typed is understood or refused, never an error', () => {
    const pieces = fc.oneof(
      fc.string(),
      conditions.map(partText),
      fc.constantFrom('any(', 'all(', 'none(', ')', ',', '%'),
    );
    fc.assert(fc.property(fc.array(pieces, { maxLength: 8 }), (texts) => void parse(texts.join(''))));
  });
});

describe('P-32 building brackets', () => {
  test('beside a condition new ones are made, of the other kind than those around', () => {
    const either = withAdded([male, often], kyiv, [0]);
    expect(either).toEqual([{ join: 'any', parts: [male, kyiv] }, often]);
    expect(withAdded(either, often, [0, 1])).toEqual([
      { join: 'any', parts: [male, { join: 'all', parts: [kyiv, often] }] },
      often,
    ]);
  });

  test('brackets take one more; without a place it is one more that must hold', () => {
    const either: Filter = [{ join: 'any', parts: [male, kyiv] }];
    expect(withAdded(either, often, [0])).toEqual([{ join: 'any', parts: [male, kyiv, often] }]);
    expect(withAdded(either, often, null)).toEqual([...either, often]);
    expect(withAdded(either, often, [7])).toEqual([...either, often]);
  });

  test('brackets round a single part go with the others', () => {
    expect(without([{ join: 'any', parts: [male, kyiv] }], [0, 0])).toEqual([kyiv]);
    expect(without([{ join: 'none', parts: [male, kyiv] }], [0, 0])).toEqual([{ join: 'none', parts: [kyiv] }]);
    expect(without([{ join: 'none', parts: [male] }], [0, 0])).toEqual([]);
    expect(without([male, often], [0])).toEqual([often]);
  });

  test('one condition more is one more, and taking it away again is one less', () => {
    fc.assert(
      fc.property(filters, conditions, (filter, condition) => {
        for (const path of placesIn(filter)) {
          expect(conditionsIn(withAdded(filter, condition, path))).toBe(conditionsIn(filter) + 1);
          expect(conditionsIn(without(filter, path))).toBeLessThan(conditionsIn(filter));
        }
      }),
    );
  });
});

function placesIn(filter: Filter, above: Path = []): Path[] {
  return filter.flatMap((part, at) => [[...above, at], ...(isGroup(part) ? placesIn(part.parts, [...above, at]) : [])]);
}
