import { openRandom } from '../../../src/demo/random.ts';

/** An order as a shop's back end posts it, and what it comes to. */
export interface Posted {
  externalId: string;
  /** whose it is: the number in E.164 */
  phone: string;
  /** in minor units */
  cents: bigint;
  body: Record<string, unknown>;
}

const DAY = 86_400_000;
const STATUSES = { new: 2, processing: 2, paid: 3, shipped: 3, completed: 12, cancelled: 2, returned: 1 } as const;
const GOODS = ['Candle', 'Lamp', 'Vase', 'Wool blanket', 'Tea cup', 'Garden chair', 'Seeds', 'Notebook'];

/**
 * Orders of a shop: most people buy once, some again and again; the same number comes in different spellings, an order has one to four lines.
 * The same seed makes the same orders.
 */
export function shopOrders(seed: number, count: number, now: Date): Posted[] {
  const random = openRandom(seed);
  const people = Math.max(1, Math.round(count * 0.8));
  return Array.from({ length: count }, (_, n) => {
    // Of twenty people one comes often.
    const person = random.chance(0.3) ? Math.floor(people * 0.05 * random.next()) : Math.floor(people * random.next());
    const national = `63${String(person).padStart(7, '0')}`;
    const lines = Array.from({ length: random.whole(1, 4) }, () => ({
      sku: `SKU-${random.whole(1, 400)}`,
      name: random.pick(GOODS),
      quantity: random.whole(1, 3),
      price: random.whole(500, 90_000),
    }));
    const cents = lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
    const status = random.weighted(STATUSES);
    const externalId = `S-${seed}-${n}`;
    return {
      externalId,
      phone: `+380${national}`,
      cents: BigInt(cents),
      body: {
        externalId,
        placedAt: new Date(now.getTime() - random.whole(1, 700) * DAY).toISOString(),
        status,
        currency: 'UAH',
        total: decimal(cents),
        customer: { name: `Buyer ${person}`, phones: [random.pick(spellings(national))] },
        items: lines.map(({ price, ...line }) => ({ ...line, unitPrice: decimal(price) })),
        payment: { method: random.pick(['card', 'cash']) },
        source: 'site',
      },
    };
  });
}

const decimal = (cents: number): string => (cents / 100).toFixed(2);

const spellings = (national: string): string[] => [
  `+380${national}`,
  `0${national}`,
  `+38 (0${national.slice(0, 2)}) ${national.slice(2, 5)}-${national.slice(5, 7)}-${national.slice(7)}`,
  `380 ${national.slice(0, 2)} ${national.slice(2)}`,
];
