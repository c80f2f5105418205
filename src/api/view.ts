import type { CustomerRow } from '../customers/customers.ts';
import { moneyText } from '../kernel/money.ts';
import type { OrderRow } from '../orders/orders.ts';
import type { Tagged } from '../tags/tags.ts';
import type { CustomerAnswer, OrderAnswer } from './answers.ts';

/** `currency`: of the company, in which its sums are. */
export function customerView(row: CustomerRow, tagged: Tagged, currency: string): CustomerAnswer {
  const money = (minor: bigint) => moneyText(minor, currency);
  return {
    id: row.id,
    name: row.name,
    gender: row.gender,
    region: row.region,
    phones: row.phones,
    emails: row.emails,
    tags: (tagged.of.get(row.id) ?? []).map(({ name }) => name),
    counts: {
      orders: Number(row.orders_count),
      messages: Number(row.threads_count),
      activities: Number(row.activities_count),
      reviews: Number(row.reviews_count),
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
    because: rule ? { kind, value, rule } : null,
  };
}
