import type { ApiDoc } from '../web/api-doc.ts';
import { customerPage, oneCustomer, orderPage, segmentList } from './answers.ts';
import { customersQuery, nothing, ordersQuery } from './query.ts';

const CURSOR = 'WyIyMDI2LTExLTIwIDA4OjE1OjAwKzAwIl0';

const customer = {
  id: '0193504e-5a81-7a30-9c44-2b9d5e7f1a02',
  name: 'Олена Коваль',
  gender: 'female',
  region: 'Kyiv',
  phones: ['+380671234567'],
  emails: ['olena@example.com'],
  tags: [],
  counts: { orders: 1, messages: 1, activities: 1, reviews: 0 },
  sums: { currency: 'UAH', all: '1250.00', paid: '0.00', cancelled: '0.00', open: '1250.00', unconverted: [] },
  firstActivityAt: '2026-11-20T08:15:00.000Z',
  lastActivityAt: '2026-11-20T09:00:00.000Z',
  lastOrderAt: '2026-11-20T08:15:00.000Z',
};

const order = {
  id: '0193504e-5a80-7d11-8a2f-6f1c0d8e4b11',
  externalId: 'A-1001',
  number: '1001',
  placedAt: '2026-11-20T08:15:00.000Z',
  status: 'new',
  total: '1250.00',
  currency: 'UAH',
  because: { kind: 'account', value: 'u-77', rule: 'new' },
};

const MERGED = { 301: 'The customer was merged into another one: ask there.' };

export const customersDoc: ApiDoc = {
  name: 'listCustomers',
  summary: 'The list of customers',
  description: 'The same list as in the cabinet, filtered, searched and sorted in the same way.',
  query: customersQuery,
  answer: { schema: customerPage, example: { customers: [customer], total: 241, next: CURSOR } },
};

export const customerDoc: ApiDoc = {
  name: 'getCustomer',
  summary: 'One customer',
  description: 'With all contacts and the newest 100 orders, each with the reason why it belongs to this customer.',
  query: nothing,
  answer: {
    schema: oneCustomer,
    example: {
      ...customer,
      contacts: [
        { kind: 'account', value: 'u-77', given: 'u-77' },
        { kind: 'phone', value: '+380671234567', given: '067 123 45 67' },
        { kind: 'email', value: 'olena@example.com', given: 'olena@example.com' },
      ],
      orders: [order],
      ordersNext: null,
    },
  },
  also: MERGED,
};

export const ordersDoc: ApiDoc = {
  name: 'listOrdersOfCustomer',
  summary: 'The orders of one customer',
  description: 'Newest first, 100 on a page.',
  query: ordersQuery,
  answer: { schema: orderPage, example: { orders: [order], next: null } },
  also: MERGED,
};

export const segmentsDoc: ApiDoc = {
  name: 'listSegments',
  summary: 'The segments, counted now',
  description:
    'All, New, Loyal, Inactive and the company’s own segments, by their keys. The counts know no filter and no search.',
  query: nothing,
  answer: {
    schema: segmentList,
    example: {
      segments: [
        { key: 'all', name: 'All', count: 241 },
        { key: 'new', name: 'New', count: 80 },
        { key: 'loyal', name: 'Loyal', count: 61 },
        { key: 'inactive', name: 'Inactive', count: 98 },
        { key: '0193504e-5a80-7d11-8a2f-6f1c0d8e4b12', name: 'Women who buy often', count: 17 },
      ],
    },
  },
};
