import { z } from 'zod';
import type { Context } from './context.ts';

/** What a person got wrong in one field. Verbs throw it for what only the database knows: `new FieldError('email', 'auth.emailTaken')`. */
export class FieldError extends Error {
  override readonly name = 'FieldError';
  readonly field: string;
  readonly details: Readonly<Record<string, string>>;

  /** `message` is the key of the words shown beside the field, `details` what stands in them */
  constructor(field: string, message: string, details: Readonly<Record<string, string>> = {}) {
    super(message);
    this.field = field;
    this.details = details;
  }
}

export interface Refusal {
  /** as typed, to be shown again; a field that came more than once is left out */
  values: Record<string, string>;
  /** words by field */
  errors: Record<string, string>;
}

/**
 * Reads the form and hands it to `save`. Every message of the schema is the key of its words. Answers what was saved, or what
 * to show beside the fields: `if ('errors' in outcome) return ctx.render('…', model(outcome), 422)`.
 */
export async function submit<Schema extends z.ZodType, Saved>(
  ctx: Context,
  schema: Schema,
  save: (data: z.output<Schema>) => Promise<Saved>,
): Promise<{ saved: Saved } | Refusal> {
  const parsed = schema.safeParse(ctx.req.body ?? {});
  if (!parsed.success) return refuse(ctx, parsed.error.issues.map(complaint));
  try {
    return { saved: await save(parsed.data) };
  } catch (error) {
    if (error instanceof FieldError)
      return refuse(ctx, [{ field: error.field, key: error.message, details: error.details }]);
    throw error;
  }
}

interface Complaint {
  field: string;
  key: string;
  count?: number;
  details?: FieldError['details'];
}

function complaint(issue: z.core.$ZodIssue): Complaint {
  const field = issue.path.join('.');
  const limit = 'maximum' in issue ? issue.maximum : 'minimum' in issue ? issue.minimum : undefined;
  return { field, key: issue.message, ...(limit === undefined ? {} : { count: Number(limit) }) };
}

/** The first complaint of a field is the one shown. */
function refuse({ req, t }: Context, complaints: Complaint[]): Refusal {
  const errors: Record<string, string> = {};
  for (const { field, key, count, details } of complaints) errors[field] ??= t(key, { count, ...details });
  return { values: typedValues(req.body), errors };
}

export function typedValues(body: unknown): Record<string, string> {
  const entries = Object.entries(body ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(entries);
}

/** One line of text that must be there. */
export const line = (longest: number) =>
  z.string('web.form.required').trim().min(1, 'web.form.required').max(longest, 'web.form.tooLong');

export const oneOf = <const Choices extends readonly [string, ...string[]]>(choices: Choices) =>
  z.enum(choices, 'web.form.choose');

/** A checkbox: it sends nothing when it is off. */
export const ticked = z
  .literal('on')
  .optional()
  .catch(undefined)
  .transform((value) => value === 'on');

export interface Choice {
  value: string;
  label: string;
  chosen: boolean;
}

/** The options of a `{{> choose}}`. */
export const choices = (
  values: readonly string[],
  chosen: string | undefined,
  label: (value: string) => string,
): Choice[] => values.map((value) => ({ value, label: label(value), chosen: value === chosen }));

export const nothingTyped: Refusal = { values: {}, errors: {} };

/** Choices that need a sentence each. `key`: of the words that name a value, and of those that explain it. */
export function explained(
  t: Context['t'],
  key: (value: string, part: 'name' | 'text') => string,
  values: readonly string[],
  chosen: string | undefined,
): (Choice & { text: string })[] {
  return choices(values, chosen, (value) => t(key(value, 'name'))).map((choice) => ({
    ...choice,
    text: t(key(choice.value, 'text')),
  }));
}
