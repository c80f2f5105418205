import { plainDecimal } from '../kernel/number.ts';
import type { Company, Locale } from '../tenancy/company.ts';
import { type Condition, type ConditionError, conditionText, parseCondition } from './condition.ts';
import type { Words } from './describe.ts';
import { FIELDS, type FieldKey, isField } from './fields.ts';
import type { Field } from './types.ts';

/** The form for one more condition, as a template shows it. */
export interface ConditionForm {
  field: FieldKey;
  label: string;
  type: Field['type'];
  /** `needs`: which inputs the operator reads: `value`, `to`, `span`, `day`, `until` */
  operators: { value: string; label: string; needs: string; chosen: boolean }[];
  choices: { value: string; label: string; chosen: boolean }[];
  units: { value: string; label: string; chosen: boolean }[];
  /** how it is counted, where there is a choice */
  counting: { value: string; label: string; chosen: boolean }[];
  typed: { value: string; to: string; amount: string; day: string; until: string };
  error: string | null;
}

// `older` is `before` with a span: two questions for a person, one operator in the address.
const OPERATORS = {
  number: ['gte', 'lte', 'eq', 'ne', 'gt', 'lt', 'between'],
  money: ['gte', 'lte', 'gt', 'lt', 'between', 'eq', 'ne'],
  day: ['within', 'older', 'ago', 'on', 'before', 'after', 'between'],
  text: ['is', 'contains', 'not'],
  choice: ['is', 'not'],
  tag: ['is', 'not'],
} as const satisfies Record<Field['type'], readonly string[]>;

/**
 * The condition a person chose: `add` the field, `op`, and by its operator `value` (also several), `to`, `amount` and `unit`, `day`,
 * `until`. Numbers are read as people write them in `locale`, their own language.
 */
export function readConditionForm(
  params: URLSearchParams,
  company: Company,
  locale: Locale,
): Condition | ConditionError {
  const field = params.get('add') ?? '';
  const operator = params.get('op') ?? '';
  const type = isField(field) ? FIELDS[field].type : 'text';
  const values = READERS[type](params, operator, locale);
  return parseCondition(
    conditionText({
      field,
      operator: operator === 'older' ? 'before' : operator,
      values,
      within: periodOf(field, params),
    }),
    company,
  );
}

const isDated = (field: string) => isField(field) && FIELDS[field].dated === true;

const periodOf = (field: string, params: URLSearchParams) =>
  isDated(field) && params.get('counting') === 'within' ? given(params, 'amount') + given(params, 'unit') : undefined;

type Reader = (params: URLSearchParams, operator: string, locale: Locale) => string[];

const given = (params: URLSearchParams, name: string) => (params.get(name) ?? '').trim();

const readNumbers: Reader = (params, operator, locale) =>
  (operator === 'between' ? ['value', 'to'] : ['value']).map((name) => plainDecimal(given(params, name), locale));

const READERS: Record<Field['type'], Reader> = {
  choice: (params) => params.getAll('value'),
  tag: (params) => params.getAll('value'),
  text: (params) => [given(params, 'value')],
  number: readNumbers,
  money: readNumbers,
  day: (params, operator) => {
    if (operator === 'between') return [given(params, 'day'), given(params, 'until')];
    return [isSpanOperator(operator) ? given(params, 'amount') + given(params, 'unit') : given(params, 'day')];
  },
};

const isSpanOperator = (operator: string) => ['within', 'older', 'ago'].includes(operator);

/** The form for this field, with what was typed already. `error`: the condition it made is none. */
export function conditionForm(field: FieldKey, params: URLSearchParams, words: Words, error: boolean): ConditionForm {
  const { t } = words;
  const { type } = FIELDS[field];
  const names: readonly string[] = OPERATORS[type];
  const chosen = names.find((name) => name === params.get('op')) ?? names[0];
  const typed = (name: string) => params.get(name) ?? '';
  const group = type === 'money' ? 'number' : type === 'tag' ? 'choice' : type;
  return {
    field,
    label: t(`segments.fields.${field}`),
    type,
    operators: names.map((name) => ({
      value: name,
      label: t(`segments.form.compare.${group}.${name}`),
      needs: needs(type, name),
      chosen: name === chosen,
    })),
    choices: choicesOf(field, words).map((choice) => ({
      ...choice,
      chosen: params.getAll('value').includes(choice.value),
    })),
    units: ['d', 'w', 'm', 'y'].map((value) => ({
      value,
      label: t(`segments.form.unit.${value}`),
      chosen: value === (params.get('unit') ?? 'm'),
    })),
    counting: (isDated(field) ? ['total', 'within'] : []).map((value) => ({
      value,
      label: t(`segments.form.counting.${value}`),
      chosen: value === (params.get('counting') ?? 'total'),
    })),
    typed: {
      value: typed('value'),
      to: typed('to'),
      amount: params.get('amount') ?? '3',
      day: typed('day'),
      until: typed('until'),
    },
    error: error ? t(`segments.form.error.${type === 'tag' ? 'choice' : type}`) : null,
  };
}

function choicesOf(field: FieldKey, { t, tags }: Words): { value: string; label: string }[] {
  const { type, choices } = FIELDS[field];
  if (type !== 'tag') return choices.map((value) => ({ value, label: t(`segments.choices.${field}.${value}`) }));
  return [
    ...[...tags].map(([value, label]) => ({ value, label })),
    ...['any', 'none'].map((value) => ({ value, label: t(`segments.tag.${value}`) })),
  ];
}

function needs(type: Field['type'], operator: string): string {
  if (type !== 'day') return operator === 'between' ? 'value to' : 'value';
  if (operator === 'between') return 'day until';
  return isSpanOperator(operator) ? 'span' : 'day';
}
