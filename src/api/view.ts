import type { ContactKind } from '../identity/identity.ts';
import { moneyText } from '../kernel/money.ts';
import type { CustomerAnswer, OrderAnswer } from './answers.ts';

export interface CustomerRow {
  id: string;
  name: string;
  gender: 'female' | 'male' | null;
  region: string | null;
  merged_into: string | null;
  orders_count: bigint;
  threads_count: bigint;
  activities_count: bigint;
  sum_all: bigint;
  sum_paid: bigint;
  sum_cancelled: bigint;
  sum_open: bigint;
  /** minor units as text */
  unconverted: { currency: string; amount: string }[];
  first_activity_at: Date | null;
  last_activity_at: Date | null;
  last_order_at: Date | null;
}

export interface ContactRow {
  customer_id: string;
  kind: ContactKind;
  value: string;
  given: string;
}

export interface OrderRow {
  id: string;
  external_id: string;
  number: string;
  at: Date;
  mark: string;
  status: string;
  total: bigint;
  currency: string;
  because_kind: ContactKind | null;
  because_value: string | null;
  because_rule: NonNullable<OrderAnswer['because']>['rule'] | null;
}

/** `currency`: of the company, in which its sums are. */
export function customerView(row: CustomerRow, contacts: readonly ContactRow[], currency: string): CustomerAnswer {
  const money = (minor: bigint) => moneyText(minor, currency);
  const valuesOf = (kind: ContactKind) => contacts.filter((each) => each.kind === kind).map((each) => each.value);
  return {
    id: row.id,
    name: row.name,
    gender: row.gender,
    region: row.region,
    phones: valuesOf('phone'),
    emails: valuesOf('email'),
    tags: [],
    counts: {
      orders: Number(row.orders_count),
      messages: Number(row.threads_count),
      activities: Number(row.activities_count),
      reviews: 0,
    },
    sums: {
      currency,
      all: money(row.sum_all),
      paid: money(row.sum_paid),
      cancelled: money(row.sum_cancelled),
      open: money(row.sum_open),
      unconverted: row.unconverted.map((each) => ({
        currency: each.currency,
        amount: moneyText(BigInt(each.amount), each.currency),
      })),
    },
    firstActivityAt: row.first_activity_at?.toISOString() ?? null,
    lastActivityAt: row.last_activity_at?.toISOString() ?? null,
    lastOrderAt: row.last_order_at?.toISOString() ?? null,
  };
}

export function orderView(row: OrderRow): OrderAnswer {
  const { because_kind: kind, because_value: value, because_rule: rule } = row;
  return {
    id: row.id,
    externalId: row.external_id,
    number: row.number,
    placedAt: row.at.toISOString(),
    status: row.status,
    total: moneyText(row.total, row.currency),
    currency: row.currency,
    because: kind && value !== null && rule ? { kind, value, rule } : null,
  };
}
