import { z } from 'zod';
import type { ApiDoc } from '../web/api-doc.ts';
import { feedback, MAX_ITEMS, message, order } from './input.ts';

/** The answer for one item; results stand in the order of the items. */
export const result = z
  .strictObject({
    externalId: z.string().nullable(),
    status: z
      .enum(['created', 'updated', 'unchanged', 'rejected'])
      .describe('`rejected`: nothing of this item was stored; `errors` says why.'),
    id: z.uuid().nullable(),
    customerId: z.uuid().nullable().describe('null: nothing in it says who it was.'),
    errors: z.array(z.strictObject({ path: z.string(), message: z.string() })),
  })
  .meta({ id: 'Result' });

const answer = z.strictObject({ results: z.array(result) });

const stored = {
  externalId: 'A-1001',
  status: 'created',
  id: '0193504e-5a80-7d11-8a2f-6f1c0d8e4b11',
  customerId: '0193504e-5a81-7a30-9c44-2b9d5e7f1a02',
  errors: [],
};
const rejected = {
  externalId: 'A-1002',
  status: 'rejected',
  id: null,
  customerId: null,
  errors: [{ path: 'total', message: 'must be a decimal string such as "1250.00"' }],
};

const REPEAT = `1 to ${MAX_ITEMS} in one call. Each item has one result, in the order of the call; a bad one never sinks its neighbours.
The \`externalId\` is the idempotency key: whoever lost an answer posts the same again, gets \`unchanged\`, and nothing is stored twice.`;

export const ordersDoc = doc({
  name: 'postOrders',
  field: 'orders',
  item: order,
  summary: 'Bring in orders',
  description: `Stores orders, and finds or makes the customer of each by account, phone and e-mail. ${REPEAT}`,
  example: {
    externalId: 'A-1001',
    number: '1001',
    placedAt: '2026-11-20T10:15:00+02:00',
    status: 'new',
    currency: 'UAH',
    total: '1250.00',
    customer: {
      accountId: 'u-77',
      name: 'Олена Коваль',
      phones: ['067 123 45 67'],
      emails: ['olena@example.com'],
      gender: 'female',
      region: 'Kyiv',
    },
    items: [{ sku: 'TS-1', name: 'T-shirt', quantity: 2, unitPrice: '625.00' }],
    payment: { method: 'card', paidAt: null },
    delivery: { method: 'courier', address: 'Khreshchatyk 1, Kyiv' },
    source: 'site',
  },
});

export const messagesDoc = doc({
  name: 'postMessages',
  field: 'messages',
  item: message,
  summary: 'Bring in messages',
  description: `Stores what customers wrote to the company, and what it answered. ${REPEAT}`,
  example: {
    externalId: 'm-501',
    threadId: 't-90',
    direction: 'in',
    sentAt: '2026-11-20T11:00:00+02:00',
    customer: { accountId: 'u-77', phones: ['067 123 45 67'] },
    channel: 'chat',
    text: 'When will it arrive?',
    orderExternalId: 'A-1001',
  },
});

export const feedbackDoc = doc({
  name: 'postFeedback',
  field: 'feedback',
  item: feedback,
  summary: 'Bring in feedback',
  description: `Stores what customers wrote about the company, with a rating of 1 to 5. ${REPEAT}`,
  example: {
    externalId: 'f-12',
    writtenAt: '2026-11-24T09:30:00+02:00',
    customer: { accountId: 'u-77' },
    rating: 5,
    text: 'Came the next day.',
  },
});

interface Call {
  name: string;
  field: string;
  item: z.ZodType;
  summary: string;
  description: string;
  example: unknown;
}

function doc({ name, field, item, summary, description, example }: Call): ApiDoc {
  return {
    name,
    summary,
    description,
    body: {
      schema: z.strictObject({ [field]: z.array(item).min(1).max(MAX_ITEMS) }),
      example: { [field]: [example] },
    },
    answer: { schema: answer, example: { results: [stored, rejected] } },
    refusal: z.strictObject({ results: z.array(result).optional() }),
  };
}
