import { z } from 'zod';
import { isCleanText } from '../../kernel/text.ts';
import { LONGEST } from '../text/text.ts';

/** So many customers may be named one by one. */
const MOST_NAMED = 100_000;

const text = (max: number) => z.string().max(max).refine(isCleanText, 'must not contain NUL or an unpaired surrogate');
const word = (max: number) => text(max).refine((value) => value.trim() !== '', 'must not be empty');

export const newCampaign = z
  .strictObject({
    externalId: word(200).describe(
      'Your name for it, and the idempotency key: the same again answers the first one, and sends nothing.',
    ),
    name: word(100).describe('What the people of the company see in the list of campaigns.'),
    text: word(LONGEST).describe(
      'May hold `{{name}}`, `{{first_name}}`, `{{company}}`, `{{region}}`, `{{orders}}`, `{{last_order}}` and `{{stop}}`, each with what stands there where the customer has none: `{{name|friend}}`.',
    ),
    segment: text(255)
      .optional()
      .describe('The `key` of a segment: `all`, `new`, `loyal`, `inactive`, or the id of an own one.'),
    where: z
      .array(text(2000))
      .min(1)
      .max(20)
      .optional()
      .describe('Conditions as the list of customers takes them; all must hold.'),
    customers: z.array(z.uuid()).min(1).max(MOST_NAMED).optional().describe('Ids of customers.'),
    launch: z.boolean().default(false).describe('Without it, a draft is kept that a person may launch.'),
  })
  .refine(
    ({ segment, where, customers }) => [segment, where, customers].filter((each) => each !== undefined).length === 1,
    {
      path: ['segment'],
      message: 'give one of segment, where and customers',
    },
  )
  .meta({ id: 'Campaign' });
export type NewCampaign = z.output<typeof newCampaign>;
