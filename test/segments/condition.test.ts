import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { conditionText, FIELD_KEYS, FIELDS, MAX_CONDITIONS, parseCondition } from '../../src/segments/segments.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { conditions } from './arbitraries.ts';

const company = { currency: 'UAH', timezone: 'Europe/Kyiv' } as Company;
const parse = (text: string) => parseCondition(text, company);

describe('the text of a condition', () => {
  test.each([
    ['gender:is:male', ['male']],
    ['gender:is:male|unknown', ['male', 'unknown']],
    ['orders:gte:3', ['3']],
    ['orders:between:2..5', ['2', '5']],
    ['orders_total:gt:1250.50', ['1250.50']],
    ['activity:within:3m', ['3m']],
    ['activity:before:2026-05-31', ['2026-05-31']],
    ['activity:ago:2d', ['2d']],
    ['last_order:between:2026-01-01..2026-01-31', ['2026-01-01', '2026-01-31']],
    ['region:is:Kyiv|Lviv', ['Kyiv', 'Lviv']],
    ['region:is:a%7Cb%25', ['a|b%']],
    ['region:contains:12:30', ['12:30']],
    ['region:is:Kyiv, (city)', ['Kyiv, (city)']],
    ['tag:is:any', ['any']],
    ['tag:not:0193504e-5a80-7d11-8a2f-00000000000a|none', ['0193504e-5a80-7d11-8a2f-00000000000a', 'none']],
    ['reviews:gte:1', ['1']],
    ['region:is:%D0%9A%D0%B8%D1%97%D0%B2', ['Київ']],
  ])('P-25 P-27 P-28 P-29 P-30 P-31 %s is understood', (text, values) => {
    expect(parse(text)).toMatchObject({ values });
  });

  test.each([
    ['colour:is:red', 'field'],
    ['', 'field'],
    ['gender', 'field'],
    ['toString:is:male', 'field'],
    ['gender:contains:male', 'operator'],
    ['orders:within:3m', 'operator'],
    ['gender:is:', 'value'],
    ['gender:is:other', 'value'],
    ['gender:is:constructor', 'value'],
    ['orders:gte:three', 'value'],
    ['tag:is:VIP', 'value'],
    ['tag:contains:any', 'operator'],
    ['reviews:is:good', 'operator'],
    ['orders:gte:-1', 'value'],
    ['orders:gte:1|2', 'value'],
    ['orders:between:5..2', 'value'],
    ['orders:between:5', 'value'],
    ['orders_total:eq:1.005', 'value'],
    ['activity:within:3', 'value'],
    ['activity:within:2026-01-01', 'value'],
    ['activity:on:2026-02-30', 'value'],
    ['activity:on:0001-01-01', 'value'],
    ['activity:between:2026-02-02..2026-02-01', 'value'],
    ['region:is:100%', 'value'],
    ['region:is: ', 'value'],
    ['region:is:a\0b', 'value'],
    ['region:is:a|', 'value'],
  ])('%s is refused for its %s', (text, error) => {
    expect(parse(text)).toEqual({ error, text });
  });

  test('an amount has the decimals of the company’s currency', () => {
    expect(parseCondition('orders_total:gte:10.5', { ...company, currency: 'JPY' })).toMatchObject({ error: 'value' });
    expect(parseCondition('orders_total:gte:10.505', { ...company, currency: 'KWD' })).toMatchObject({
      values: ['10.505'],
    });
  });

  test('reads back as the same condition, whatever it holds', () => {
    fc.assert(fc.property(conditions, (condition) => expect(parse(conditionText(condition))).toEqual(condition)));
  });

  test('whatever is typed is understood or refused, never an error', () => {
    const pieces = fc.oneof(
      fc.string(),
      fc.constantFrom(...FIELD_KEYS),
      fc.constantFrom('is', 'eq', 'within', 'between'),
    );
    fc.assert(fc.property(fc.array(pieces, { maxLength: 4 }), (parts) => void parse(parts.join(':'))));
  });

  test('every criterion of the table can be asked', () => {
    expect(FIELD_KEYS.every((key) => FIELDS[key].operators.length > 0)).toBe(true);
    expect(MAX_CONDITIONS).toBe(20);
  });
});
