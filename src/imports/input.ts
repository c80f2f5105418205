import { z } from 'zod';
import { IDENTIFYING, SINGLE, TARGETS, type Target } from './columns.ts';
import { DELIMITERS } from './read/delimiter.ts';
import { ENCODINGS } from './read/encoding.ts';
import type { Reading } from './read/table.ts';

/** How the form wants the file read; what it does not say stays as it was. */
export function readReading(body: unknown, before: Reading): Reading {
  const form = z.object({
    encoding: z.enum(ENCODINGS).catch(before.encoding),
    delimiter: z.enum(DELIMITERS).catch(before.delimiter),
    quotes: flag(before.quotes),
    heading: flag(before.heading),
  });
  return form.parse(body ?? {});
}

const flag = (before: boolean) =>
  z
    .enum(['yes', 'no'])
    .catch(before ? 'yes' : 'no')
    .transform((word) => word === 'yes');

/** What each column is, by `c0`, `c1` … of the form. `errors`: keys of words, by field; `columns` for the form as a whole. */
export function readColumns(body: unknown, width: number): { columns: Target[]; errors: Record<string, string> } {
  const fields = z.record(z.string(), z.unknown()).catch({}).parse(body);
  const errors: Record<string, string> = {};
  const columns = Array.from({ length: width }, (_, at): Target => {
    const given = fields[`c${at}`];
    const target = TARGETS.find((each) => each === given) ?? 'ignore';
    return target;
  });
  for (const [at, target] of columns.entries()) {
    if (SINGLE.includes(target) && columns.indexOf(target) < at) errors[`c${at}`] = 'imports.columns.twice';
  }
  if (!columns.some((target) => IDENTIFYING.includes(target))) errors.columns = 'imports.columns.nobody';
  return { columns, errors };
}
