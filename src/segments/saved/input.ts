import { z } from 'zod';
import { isCleanText } from '../../kernel/text.ts';
import type { Company } from '../../tenancy/company.ts';
import { line } from '../../web/form.ts';
import { parseFilter } from '../filter.ts';
import type { Filter } from '../tree.ts';

// Longer than any address that a browser keeps.
const LONGEST_FILTER = 20_000;

/** A segment as its form sends it; `filter`: the conditions as `filterText` writes them. */
export const segmentForm = (company: Company) =>
  z.object({
    name: line(100).refine(isCleanText, 'segments.form.error.name'),
    filter: z
      .string('segments.form.error.nothing')
      .max(LONGEST_FILTER, 'segments.form.error.nothing')
      .transform((text): Filter => parseFilter(text, company) ?? [])
      .refine((filter) => filter.length > 0, 'segments.form.error.nothing'),
    seen: z.string().max(30).catch(''),
  });

export const direction = z.object({ towards: z.enum(['up', 'down']) });
