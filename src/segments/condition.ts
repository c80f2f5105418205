import { isSpan, type Span } from '../kernel/time.ts';
import type { Company } from '../tenancy/company.ts';
import { FIELDS, type FieldKey, isField } from './fields.ts';
import type { Operator } from './types.ts';

/** `field:operator:value`, understood. `between` has two values, everything else any of a list. */
export interface Condition {
  readonly field: FieldKey;
  readonly operator: Operator;
  readonly values: readonly string[];
  /** counted only from so long ago on; unset: in total */
  readonly within?: Span;
}

/** Which part of the text is not known. */
export interface ConditionError {
  readonly error: 'field' | 'operator' | 'value';
  readonly text: string;
}

/**
 * Reads `orders:between:2..5`, `region:is:Kyiv|Lviv`, `activity:within:3m`. The first two colons separate; a value is
 * percent-encoded where it holds `|` or `%`, and inside brackets `,`, `(` or `)`. Amounts are decimal strings in the company's currency.
 * `orders:gte:2@3m` counts within the period instead of in total (reading 1).
 */
export function parseCondition(text: string, company: Company): Condition | ConditionError {
  const [, field = '', operator = '', rest = ''] = /^([^:]*):([^:]*):(.*)$/s.exec(text) ?? [];
  if (!isField(field)) return { error: 'field', text };
  const known = FIELDS[field].operators.find((name) => name === operator);
  if (!known) return { error: 'operator', text };
  const [given, within] = FIELDS[field].dated ? readPeriod(rest) : [rest];
  const values = readValues(known, given);
  if (!values || !FIELDS[field].accepts(known, values, company)) return { error: 'value', text };
  return { field, operator: known, values, ...(within ? { within } : {}) };
}

function readPeriod(text: string): [string, Span?] {
  const at = text.lastIndexOf('@');
  const span = text.slice(at + 1);
  return at >= 0 && isSpan(span) ? [text.slice(0, at), span] : [text];
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
  readonly within?: string | undefined;
}

/** The text that reads back as this condition. */
export function conditionText({ field, operator, values, within }: Written): string {
  const texts = values.map((value) => value.replace(/[%|,()]/g, percent));
  return `${field}:${operator}:${texts.join(operator === 'between' ? '..' : '|')}${within ? `@${within}` : ''}`;
}

// encodeURIComponent leaves brackets as they are.
const percent = (sign: string) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
