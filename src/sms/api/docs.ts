import { z } from 'zod';
import { STATES } from '../../ledger/ledger.ts';
import type { ApiDoc } from '../../web/api-doc.ts';
import { REASONS } from '../audience/audience.ts';
import { newCampaign } from './input.ts';

const counted = (words: readonly string[]) => z.object(Object.fromEntries(words.map((word) => [word, z.int().min(0)])));

const STATUSES = ['draft', 'scheduled', 'sending', 'paused', 'finished', 'cancelled'] as const;

const launched = z.strictObject({
  id: z.uuid(),
  status: z.enum(STATUSES),
  same: z
    .boolean()
    .describe(
      '`false`: under this `externalId` stands something else than what was posted now (another name or text, other customers, or a ' +
        'draft that was to be launched); nothing was changed by it.',
    ),
  recipients: z.int().min(0).describe('Who gets it, each by one number.'),
  skipped: counted(REASONS).partial().describe('How many get nothing, by the reason; those that occur.'),
  parts: z.int().min(0).describe('SMS that the provider counts, of all recipients together, after personalisation.'),
});
export type Launched = z.input<typeof launched>;

export const postCampaignDoc: ApiDoc = {
  name: 'postCampaign',
  summary: 'Write an SMS campaign, and launch it',
  description: `Freezes who gets what, and sends it: one SMS to each customer, outside the quiet hours of the company, never to a number that
has said STOP. With \`launch: false\` it is a draft, and the figures are those of this moment. The \`externalId\` is the idempotency key:
whoever lost an answer posts the same again, gets 200 and the first one, and nothing is sent twice. Where something else stands under it,
\`same\` is false.`,
  body: {
    schema: newCampaign,
    example: {
      externalId: 'winter-1',
      name: 'Winter sale',
      text: 'Hello {{first_name|friend}}, 20% off until Sunday. No more SMS: {{stop}}',
      segment: 'loyal',
      launch: true,
    },
  },
  answer: {
    schema: launched,
    example: {
      id: '0193504e-5a80-7d11-8a2f-6f1c0d8e4b13',
      status: 'sending',
      same: true,
      recipients: 61,
      skipped: { noPhone: 4, stop: 2 },
      parts: 122,
    },
  },
  refusal: z.strictObject({
    errors: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  }),
  also: {
    200: 'This externalId was posted before: the first one, and whether it is the same; nothing was sent.',
    201: 'Written, and launched where that was wanted.',
    403: 'The key lacks the scope, or the company has no paid plan.',
    422: 'Something in it is not valid, nothing was kept; `errors` says what. Also: too many customers, or more than is left of the month’s budget.',
  },
};

const campaign = z.strictObject({
  id: z.uuid(),
  status: z.enum(STATUSES),
  counts: counted(STATES).describe('How many messages are in each state; they only move on.'),
});
export type CampaignAnswer = z.input<typeof campaign>;

export const campaignDoc: ApiDoc = {
  name: 'getCampaign',
  summary: 'How far a campaign is',
  description:
    '`unknown`: it was handed to the provider, whose answer was lost; it is never sent again, and settles when the provider tells.',
  query: z.object({}),
  answer: {
    schema: campaign,
    example: {
      id: '0193504e-5a80-7d11-8a2f-6f1c0d8e4b13',
      status: 'sending',
      counts: {
        planned: 20,
        claimed: 8,
        calling: 2,
        accepted: 5,
        delivered: 25,
        undelivered: 1,
        failed: 0,
        skipped: 6,
        unknown: 0,
      },
    },
  },
};
