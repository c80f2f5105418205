import { ingestFeedback, ingestMessages, ingestOrders, type Result } from '../../src/ingest/ingest.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { makeCompany, makeUser, type TestApp, type TestUser } from '../make.ts';

/** The customer the tests open: found by her phone in any spelling, with several of everything. */
export const OLENA = { name: 'Olena Koval', phones: ['067 123 45 67'], emails: ['olena@example.com'] };

export interface Shop {
  company: Company;
  owner: TestUser;
  /** ids */
  olena: string;
  order: string;
}

/** A company with 45 customers, so that there are three pages of 20, and its owner. */
export async function makeShop(portal: TestApp): Promise<Shop> {
  const company = await makeCompany(portal);
  const owner = await makeUser(portal, { company });
  const [first] = await ingest(portal, company);
  if (!first?.id || !first.customerId) throw new Error('The order of the shop was refused');
  return { company, owner, olena: first.customerId, order: first.id };
}

async function ingest({ tenancy }: TestApp, company: Company): Promise<Result[]> {
  const now = new Date();
  const ago = (days: number) => new Date(now.getTime() - days * 86_400_000 - 60_000).toISOString();
  const results = await ingestOrders(tenancy, company, [...olenasOrders(ago), ...ordersOfOthers(ago)], now);
  const messages = await ingestMessages(tenancy, company, olenasMessages(ago), now);
  const feedback = await ingestFeedback(tenancy, company, olenasFeedback(ago), now);
  const refused = [...results, ...messages, ...feedback].flatMap(({ errors }) => errors);
  if (refused.length > 0) throw new Error(JSON.stringify(refused));
  return results;
}

type Ago = (days: number) => string;

const olenasOrders = (ago: Ago) => [
  {
    ...{ externalId: 'o-1', number: '1001', placedAt: ago(0), status: 'shipped', currency: 'UAH' },
    customer: { ...OLENA, gender: 'female', region: 'Kyiv' },
    items: [
      {
        sku: 'LMP-1',
        name: 'Desk lamp “Firefly” with a very long name that has to go on in the next line',
        quantity: 2,
        unitPrice: '625.00',
      },
      { sku: 'BLB-9', name: 'Bulb', quantity: 4, unitPrice: '45.50' },
    ],
    payment: { method: 'card', paidAt: ago(0) },
    delivery: { method: 'courier', address: 'Khreshchatyk 1, Kyiv' },
    source: 'site',
  },
  {
    ...{ externalId: 'o-2', number: '1002', placedAt: ago(1), currency: 'EUR', total: '80.00', status: 'new' },
    customer: { ...OLENA, name: 'O. Koval', emails: ['olena.koval.with.a.long.address@mail.example.com'] },
  },
  {
    ...{ externalId: 'o-3', number: '1003', placedAt: ago(200), currency: 'UAH', total: '150.00', status: 'returned' },
    customer: OLENA,
  },
];

/** Others: every second one a man; the first ten ordered three times; one cannot be known by anything. */
function ordersOfOthers(ago: Ago) {
  const people = Array.from({ length: 44 }, (_, index) => ({
    name: `Customer ${index + 1}`,
    phones: [`+38050${String(1_000_000 + index)}`],
    emails: [`customer-${index + 1}@example.com`],
    gender: index % 2 === 0 ? 'male' : 'female',
    region: index % 3 === 0 ? 'Lviv' : 'Odesa',
  }));
  const orders = people.flatMap((customer, index) =>
    Array.from({ length: index < 10 ? 3 : 1 }, (_, turn) => ({
      ...{
        externalId: `c-${index}-${turn}`,
        number: String(2000 + index * 10 + turn),
        placedAt: ago(2 + index * 5 + turn),
      },
      ...{ currency: 'UAH', total: `${100 + index}.00`, status: 'completed', customer },
    })),
  );
  const nobody = {
    externalId: 'nobody',
    placedAt: ago(3),
    currency: 'UAH',
    total: '20.00',
    customer: { name: 'Nobody' },
  };
  return [...orders, nobody];
}

const olenasMessages = (ago: Ago) => [
  {
    externalId: 'm-1',
    threadId: 't-1',
    sentAt: ago(1),
    customer: OLENA,
    channel: 'chat',
    text: 'Is the lamp still there?',
  },
  {
    ...{ externalId: 'm-2', threadId: 't-1', sentAt: ago(0), customer: OLENA, channel: 'chat', direction: 'out' },
    text: 'It is.\nShall we keep one for you?',
  },
  { externalId: 'm-3', sentAt: ago(0), customer: OLENA, orderExternalId: 'o-1', text: 'When will it come?' },
];

const olenasFeedback = (ago: Ago) => [
  { externalId: 'f-1', writtenAt: ago(0), customer: OLENA, rating: 5, text: 'Quick, and packed with care.' },
  { externalId: 'f-2', writtenAt: ago(90), customer: OLENA, rating: 2, text: 'The bulb was broken.' },
];
