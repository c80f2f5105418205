import { z } from 'zod';
import { isCurrency } from '../kernel/money.ts';
import { isCleanText } from '../kernel/text.ts';
import { ORDER_STATUSES } from '../orders/orders.ts';

/** At most this many items in one call. */
export const MAX_ITEMS = 1000;

// Wholesalers' orders of over a thousand lines are real.
const MAX_LINES = 5000;

const EARLIEST = Date.UTC(2000, 0, 1);

/** The complaint about what is not there, or is of another kind than it must be. */
export const kindError = (words: string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined ? 'is required' : words),
});

export const text = (max: number) =>
  z
    .string(kindError('must be a text'))
    .max(max, `must have at most ${max} characters`)
    .refine(isCleanText, 'must not contain NUL or an unpaired surrogate');
export const word = (max: number) => text(max).refine((value) => value.trim() !== '', 'must not be empty');
export const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? null);

export const moment = z.iso
  .datetime({
    offset: true,
    ...kindError('must be an ISO 8601 date and time with its offset, such as 2026-11-20T10:15:00+02:00'),
  })
  .transform((value) => new Date(value))
  .refine((at) => at.getTime() >= EARLIEST, 'must not be before the year 2000');

const amount = z
  .string({ error: 'must be a decimal string such as "1250.00"' })
  .regex(/^-?\d{1,16}(\.\d{1,12})?$/, 'must be a decimal string such as "1250.00"');

const currency = z.string(kindError('must be a text')).refine(isCurrency, 'must be an ISO 4217 code such as "UAH"');

export const person = z
  .strictObject({
    accountId: optional(word(255)).describe('The account on the marketplace: the strongest proof of who somebody is.'),
    name: optional(text(255)),
    phones: optional(z.array(text(100)).max(20)).describe(
      'In any spelling; without a country code, numbers of the country of the company.',
    ),
    emails: optional(z.array(text(320)).max(20)),
    gender: optional(z.enum(['female', 'male'])),
    region: optional(text(255)),
  })
  .meta({
    id: 'Person',
    description:
      'Who ordered or wrote, as given there. What is no phone or e-mail is kept and shown, and identifies nobody.',
  });
export type Person = z.output<typeof person>;

const item = z.strictObject({
  sku: optional(text(255)),
  name: word(1000),
  quantity: z
    .number()
    .min(-1e9)
    .max(1e9)
    .refine(hasThreeDecimals, 'must have at most 3 decimals')
    .describe('At most 3 decimals; negative for what was taken back.'),
  unitPrice: amount,
});

const EXTERNAL_ID = 'Your name for it, and the idempotency key: posting it again changes the one that is stored.';
const UPDATED_AT = 'One that is older than the one stored changes nothing. Without it, the last write wins.';

export const order = z
  .strictObject({
    externalId: word(255).describe(EXTERNAL_ID),
    number: optional(word(255)).describe('What people see; the externalId unless given.'),
    placedAt: moment.describe('Not before 2000, not more than a day ahead.'),
    updatedAt: optional(moment).describe(UPDATED_AT),
    status: z.enum(ORDER_STATUSES).default('new'),
    currency: currency.describe('ISO 4217, for instance `UAH`.'),
    total: optional(amount).describe(
      'A decimal string. Without it, the sum of the items. Where they differ, the total counts.',
    ),
    customer: person,
    items: optional(z.array(item).max(MAX_LINES)),
    payment: optional(z.strictObject({ method: optional(text(255)), paidAt: optional(moment) })).describe(
      'An order with `paidAt` counts as paid, as one of status paid, shipped or completed does.',
    ),
    delivery: optional(z.strictObject({ method: optional(text(255)), address: optional(text(1000)) })),
    source: optional(text(255)).describe('Where it was placed, for instance `site`.'),
  })
  .refine((value) => value.total !== null || (value.items?.length ?? 0) > 0, {
    path: ['total'],
    message: 'total or items is required',
  })
  .meta({ id: 'Order', description: 'externalId is the idempotency key. Where total and items differ, total counts.' });
export type OrderInput = z.output<typeof order>;

export const message = z
  .strictObject({
    externalId: word(255).describe(EXTERNAL_ID),
    threadId: optional(word(255)).describe('Without it, the message is a thread of its own.'),
    direction: z.enum(['in', 'out']).default('in').describe('`in`: the customer wrote it; `out`: the company.'),
    sentAt: moment,
    updatedAt: optional(moment).describe(UPDATED_AT),
    customer: person,
    channel: optional(text(255)).describe('Where it was written, for instance `chat`.'),
    text: text(100_000),
    orderExternalId: optional(word(255)).describe('The order it is about; it may be posted later.'),
  })
  .meta({ id: 'Message', description: 'A message without threadId is a thread of its own.' });
export type MessageInput = z.output<typeof message>;

export const feedback = z
  .strictObject({
    externalId: word(255).describe(EXTERNAL_ID),
    writtenAt: moment,
    updatedAt: optional(moment).describe(UPDATED_AT),
    customer: person,
    rating: z.int().min(1).max(5),
    text: text(100_000).default(''),
  })
  .meta({ id: 'Feedback', description: 'What a customer wrote about the company.' });
export type FeedbackInput = z.output<typeof feedback>;

function hasThreeDecimals(value: number): boolean {
  // As near as the product of two doubles comes to a whole number.
  return Math.abs(value * 1000 - Math.round(value * 1000)) <= 1e-12 * Math.max(1, Math.abs(value));
}
