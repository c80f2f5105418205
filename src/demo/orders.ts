import type { OrderStatus } from '../orders/orders.ts';
import { daysBetween, justNow, later, someDay } from './calendar.ts';
import { type Given, type Person, tell } from './people.ts';
import type { Random } from './random.ts';
import type { Product, Shop } from './shop.ts';

/** The body of one order as the API takes it; `buyer` null: nobody knows who ordered. */
export interface PlannedOrder {
  buyer: Person | null;
  at: Date;
  body: { externalId: string; customer: Given } & Record<string, unknown>;
}

/** Orders placed today, so that the list looks alive. */
const TODAY = 12;

/** All orders of a shop, oldest first. Every buyer has at least one, and the last one of each tells all contacts. */
export function makeOrders(random: Random, shop: Shop, buyers: readonly Person[], now: Date): PlannedOrder[] {
  const known = shop.orders - shop.ordersOfNobody;
  const owners: (Person | null)[] = [
    ...buyers,
    ...Array.from({ length: known - buyers.length }, () => frequent(random, buyers)),
    ...Array.from({ length: shop.ordersOfNobody }, () => null),
  ];
  const placed = owners
    .map((buyer, index) => ({ buyer, at: index < TODAY ? justNow(random, now) : someDay(random, now) }))
    .sort((a, b) => a.at.getTime() - b.at.getTime());
  const last = new Map(placed.map(({ buyer }, index) => [buyer, index]));
  return placed.map(({ buyer, at }, index) => {
    const customer = buyer ? tell(random, buyer, shop.home, last.get(buyer) === index) : nobody(random);
    return { buyer, at, body: { ...orderBody(random, shop, index, at, now), customer } };
  });
}

/** A few buy again and again, most of them once or twice. */
const frequent = (random: Random, buyers: readonly Person[]) =>
  buyers[Math.floor(random.next() ** 2.2 * buyers.length)] as Person;

/** No contact, or none that can be read. */
const nobody = (random: Random): Given =>
  random.pick([{}, {}, { phones: ['—'] }, { emails: ['@'] }, { phones: ['12345'] }]);

function orderBody(random: Random, shop: Shop, index: number, at: Date, now: Date) {
  const currency = random.weighted(shop.currencies);
  const items = Array.from(
    { length: random.weighted({ 1: 55, 2: 25, 3: 12, 4: 8 }) === '1' ? 1 : random.whole(2, 5) },
    () => itemOf(random, shop, currency),
  );
  const status = statusOf(random, daysBetween(at, now));
  const paid = ['paid', 'shipped', 'completed', 'returned'].includes(status) || random.chance(0.1);
  return {
    externalId: `${shop.slug}-${index + 1}`,
    number: String(10_001 + index),
    placedAt: at.toISOString(),
    status,
    currency,
    items,
    // Delivery is paid on top now and then: the total is not the sum of the items.
    ...(random.chance(0.04) && { total: ((sumOf(items) + 5900) / 100).toFixed(2) }),
    payment: {
      method: random.pick(shop.payments),
      ...(paid && { paidAt: later(random, at, now, 30).toISOString() }),
    },
    delivery: { method: random.pick(shop.deliveries) },
    source: random.pick(shop.sources),
  };
}

interface Item {
  sku: string;
  name: string;
  quantity: number;
  unitPrice: string;
}

function itemOf(random: Random, shop: Shop, currency: string): Item {
  const { sku, name, price }: Product = random.pick(shop.products);
  const inCurrency = price / (shop.worth[currency] ?? 1);
  const quantity = random.chance(0.8) ? 1 : random.whole(2, 4);
  return { sku, name, quantity, unitPrice: inCurrency.toFixed(2) };
}

/** In hundredths: every currency of the demo has two decimals. */
const sumOf = (items: readonly Item[]) =>
  items.reduce((sum, { quantity, unitPrice }) => sum + quantity * Math.round(Number(unitPrice) * 100), 0);

function statusOf(random: Random, days: number): OrderStatus {
  if (days < 2) return random.weighted<OrderStatus>({ new: 55, processing: 30, paid: 15 });
  if (days < 8) return random.weighted<OrderStatus>({ new: 5, processing: 25, paid: 20, shipped: 42, cancelled: 8 });
  return random.weighted<OrderStatus>({ completed: 81, cancelled: 8, returned: 4, rejected: 3, shipped: 2, paid: 2 });
}
