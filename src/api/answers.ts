import { z } from 'zod';

const money = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .meta({ description: 'A decimal string.', example: '1250.00' });
const currency = z.string().length(3).meta({ description: 'ISO 4217', example: 'UAH' });
const moment = z.iso.datetime();
const count = z.int().min(0);
const kind = z.enum(['account', 'phone', 'email']);
const next = z.string().nullable().describe('The `cursor` of the next page. null: there is none.');

const customer = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  gender: z.enum(['female', 'male']).nullable(),
  region: z.string().nullable(),
  phones: z.array(z.string()).describe('E.164'),
  emails: z.array(z.string()),
  tags: z.array(z.string()).describe('Names, in their order.'),
  counts: z.strictObject({
    orders: count,
    messages: count.describe('Threads in which the customer wrote.'),
    activities: count.describe('Orders, and threads that belong to none of them.'),
    reviews: count.describe('What companies wrote about this customer.'),
  }),
  sums: z
    .strictObject({
      currency,
      all: money,
      paid: money,
      cancelled: money.describe('Orders that were cancelled, rejected or returned.'),
      open: money,
      unconverted: z
        .array(z.strictObject({ currency, amount: money }))
        .describe('Orders in other currencies for which no rate is known: in no other sum.'),
    })
    .describe('In the currency of the company.'),
  firstActivityAt: moment.nullable(),
  lastActivityAt: moment.nullable(),
  lastOrderAt: moment.nullable(),
});

const order = z
  .strictObject({
    id: z.uuid(),
    externalId: z.string(),
    number: z.string(),
    placedAt: moment,
    status: z.string(),
    total: money,
    currency,
    because: z
      .strictObject({
        kind: kind.nullable(),
        value: z.string().nullable(),
        rule: z
          .enum(['new', 'known', 'merged', 'strongest', 'moved', 'split'])
          .describe(
            'new: nobody had this contact; known: this customer had; merged: it joined several customers; strongest: several were known, and it is the strongest proof; split: several were known that people have taken apart, and it is the strongest proof; moved: a person put this order, or one like it, here, whatever contact it has.',
          ),
      })
      .nullable()
      .describe('Why the order is here: the contact that decided.'),
  })
  .meta({ id: 'CustomerOrder' });

export const customerPage = z.strictObject({
  customers: z.array(customer.meta({ id: 'Customer' })),
  total: count.describe('How many there are on all pages together.'),
  next,
});
export const orderPage = z.strictObject({ orders: z.array(order), next });
export const oneCustomer = z
  .strictObject({
    ...customer.shape,
    contacts: z.array(z.strictObject({ kind, value: z.string(), given: z.string().describe('As it was written.') })),
    orders: z.array(order).describe('The newest, at most 100.'),
    ordersNext: z.string().nullable().describe('The `cursor` for more orders. null: these are all.'),
  })
  .meta({ id: 'OneCustomer' });
export const segmentList = z.strictObject({
  segments: z.array(
    z.strictObject({
      key: z.string().describe('`all`, `new`, `loyal`, `inactive`, or the id of a saved one.'),
      name: z.string(),
      count,
    }),
  ),
});

export type CustomerAnswer = z.output<typeof customer>;
export type OrderAnswer = z.output<typeof order>;
export type OrderPage = z.output<typeof orderPage>;
export type CustomerPage = z.output<typeof customerPage>;
export type OneCustomer = z.output<typeof oneCustomer>;
export type SegmentList = z.output<typeof segmentList>;
