import { z } from 'zod';
import { isId } from '../kernel/id.ts';
import { ACTIONS } from './sql.ts';

// One that is ticked alone comes as a text.
const ids = z
  .union([z.string().transform((id) => [id]), z.array(z.string())])
  .default([])
  .transform((given) => given.filter(isId));

/** What the list and the pages after it send. */
export const wishForm = z.object({
  ids,
  scope: z.enum(['ticked', 'all']).catch('ticked'),
  filter: z.string().max(20_000).default(''),
  what: z.enum(ACTIONS).catch('tag'),
  tag: z.string().max(1000).default(''),
  back: z.string().max(20_000).default(''),
  sure: z.literal('yes').optional(),
});

export type WishForm = z.output<typeof wishForm>;
