import type { Company } from '../tenancy/company.ts';
import { FIELDS, type FieldKey, isField } from './fields.ts';
import type { Operator } from './types.ts';

/** `field:operator:value`, understood. `between` has two values, everything else any of a list. */
export interface Condition {
  readonly field: FieldKey;
  readonly operator: Operator;
  readonly values: readonly string[];
}

/** Which part of the text is not known. */
export interface ConditionError {
  readonly error: 'field' | 'operator' | 'value';
  readonly text: string;
}

/**
 * Reads `orders:between:2..5`, `region:is:Kyiv|Lviv`, `activity:within:3m`. The first two colons separate; a value is
 * percent-encoded where it holds `|` or `%`, and inside brackets `,`, `(` or `)`. Amounts are decimal strings in the company's currency.
 */
export function parseCondition(text: string, company: Company): Condition | ConditionError {
  const [, field = '', operator = '', rest = ''] = /^([^:]*):([^:]*):(.*)$/s.exec(text) ?? [];
  if (!isField(field)) return { error: 'field', text };
  const known = FIELDS[field].operators.find((name) => name === operator);
  if (!known) return { error: 'operator', text };
  const values = readValues(known, rest);
  if (!values || !FIELDS[field].accepts(known, values, company)) return { error: 'value', text };
  return { field, operator: known, values };
}

function readValues(operator: Operator, text: string): string[] | null {
  try {
    return text.split(operator === 'between' ? '..' : '|').map(decodeURIComponent);
  } catch {
    return null;
  }
}

interface Written {
  readonly field: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** The text that reads back as this condition. */
export function conditionText({ field, operator, values }: Written): string {
  const texts = values.map((value) => value.replace(/[%|,()]/g, percent));
  return `${field}:${operator}:${texts.join(operator === 'between' ? '..' : '|')}`;
}

// encodeURIComponent leaves brackets as they are.
const percent = (sign: string) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
