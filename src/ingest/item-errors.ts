import type { z } from 'zod';
import type { ItemError } from './batch.ts';

const MAX_ERRORS = 20;

/** Nobody reads more; an item of a hundred thousand strange fields must not make an answer as long as itself. */
export const firstOf = (errors: ItemError[]): ItemError[] =>
  errors.length <= MAX_ERRORS
    ? errors
    : [...errors.slice(0, MAX_ERRORS), { path: '', message: `and ${errors.length - MAX_ERRORS} more` }];

export function errorsOf(issue: z.core.$ZodIssue): ItemError[] {
  const path = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
  return issue.keys.map((key) => ({ path: [...issue.path, key].join('.').slice(0, 200), message: 'is not a field' }));
}
