import type { Sql } from '../platform/db.ts';
import type { Company } from '../tenancy/company.ts';
import type { Condition } from './condition.ts';
import { FIELDS } from './fields.ts';
import * as sql from './sql.ts';

export { type Condition, conditionText, parseCondition } from './condition.ts';
export { describe } from './describe.ts';
export { FIELD_KEYS, FIELDS, isField } from './fields.ts';
export { type ConditionForm, conditionForm, readConditionForm } from './form.ts';
export { isPreset, PRESET_KEYS, PRESETS, type PresetKey, recentSince } from './presets.ts';
export type { Operator } from './types.ts';

export const MAX_CONDITIONS = 20;

/** One boolean expression over the alias `c` of table customer: all conditions hold. Merged customers are the caller's to leave out. */
export function compile(conditions: readonly Condition[], company: Company, now: Date): Sql {
  return sql.all(
    conditions.map(({ field, operator, values }) => FIELDS[field].compile(operator, values, company, now)),
  );
}
