import type { Request } from 'express';
import { z } from 'zod';
import { isCleanText } from '../kernel/text.ts';
import { Problem } from '../web/problem.ts';

/**
 * The query as this schema wants it. Arrays are parameters that may be repeated; empty ones count as not given. Throws
 * `Problem` 400 for everything it does not know.
 */
export function readQuery<Schema extends z.ZodObject>(req: Request, schema: Schema): z.output<Schema> {
  const given: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(req.query)) {
    const values = [value]
      .flat()
      .map(String)
      .filter((text) => text !== '');
    if (!Object.hasOwn(schema.shape, name))
      throw new Problem(400, `"${name.slice(0, 100)}" is no parameter of this call.`);
    if (!values.every(isCleanText)) throw new Problem(400, `"${name}" has characters that are none.`);
    if (values.length > 0) given[name] = isList(schema, name) ? values : single(name, values);
  }
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Problem(400, `"${issue?.path.join('.')}" ${issue?.message}.`);
}

function single(name: string, values: string[]): string {
  if (values.length > 1) throw new Problem(400, `"${name}" is given more than once.`);
  return values[0] ?? '';
}

const isList = (schema: z.ZodObject, name: string): boolean => z.safeParse(schema.shape[name] ?? z.never(), []).success;

/** For calls without parameters. */
export const nothing = z.object({});

export const ordersQuery = z.object({
  cursor: z.string().optional().describe('`next` or `ordersNext` of the answer before.'),
});

const moment = z.iso
  .datetime({
    offset: true,
    error: 'must be an ISO 8601 date and time with its offset, such as 2026-11-20T10:15:00%2B02:00',
  })
  .transform((value) => new Date(value))
  .refine((at) => at.getTime() >= 0, 'must not be before the year 1970');

/** A plus that was not percent-encoded arrives as a blank. */
const withPlus = (text: string) => text.replace(/ (?=\d\d:\d\d$)/, '+');

export const customersQuery = z.object({
  segment: z
    .string()
    .optional()
    .describe('The `key` of a segment: `all`, `new`, `loyal`, `inactive`, or the id of an own one.'),
  where: z
    .array(z.string())
    .default([])
    .describe(
      'A condition `field:operator:value`; repeat it for more, all must hold. `region:is:Kyiv|Lviv`, `orders:between:2..5`, `activity:within:3m`; `orders:gte:2@3m` counts within the last three months. Brackets join several: `any(gender:is:male,all(orders:gte:3,tag:is:any))`, `none(…)`; in brackets, a comma or bracket of a value is percent-encoded once more.',
    )
    .meta({ example: ['gender:is:female', 'orders:gte:3'] }),
  q: z.string().optional().describe('Looks through names, phones and e-mails.'),
  sort: z
    .string()
    .optional()
    .describe(
      '`activity`, `name`, `orders`, `sum`, `last_order`, `created`; with `-` in front descending. Default `-activity`.',
    ),
  per: z.string().optional().describe('Customers on a page: 20 (the default), 50 or 100.'),
  cursor: z.string().optional().describe('`next` of the page before.'),
  updatedSince: z
    .string()
    .transform(withPlus)
    .pipe(moment)
    .optional()
    .meta({ format: 'date-time', description: 'Only those whose data changed at this moment or later.' }),
});
