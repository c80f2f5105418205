import { z } from 'zod';
import { parseMoney } from '../../src/kernel/money.ts';
import { readApi, type Target } from './client.ts';
import type { Expectation } from './expectation.ts';
import { CURRENCY } from './order.ts';

const page = z.object({
  customers: z.array(
    z.object({
      counts: z.object({ orders: z.number() }),
      sums: z.object({ currency: z.literal(CURRENCY), all: z.string(), cancelled: z.string() }),
    }),
  ),
  total: z.number(),
  next: z.string().nullish(),
});

const segments = z.object({ segments: z.array(z.object({ key: z.string(), count: z.number() })) });

/** Reads the whole list over the API, page by page, and adds it up. Orders of unknown people are in no list. */
export async function readPortal(target: Target): Promise<Omit<Expectation, 'orders'>> {
  const found = { customers: 0, ordersOfCustomers: 0, sumAll: 0n, sumCancelled: 0n };
  let cursor: string | null = '';
  let total = 0;
  while (cursor !== null) {
    const read: z.infer<typeof page> = await readApi(target, `customers?per=100${cursor}`, page);
    total = read.total;
    for (const { counts, sums } of read.customers) {
      found.customers++;
      found.ordersOfCustomers += counts.orders;
      found.sumAll += parseMoney(sums.all, CURRENCY) ?? 0n;
      found.sumCancelled += parseMoney(sums.cancelled, CURRENCY) ?? 0n;
    }
    cursor = read.next ? `&cursor=${encodeURIComponent(read.next)}` : null;
  }
  if (total !== found.customers) throw new Error(`the list says ${total} customers and shows ${found.customers}`);
  const counts = await readApi(target, 'segments', segments);
  const count = (key: string) => counts.segments.find((segment) => segment.key === key)?.count ?? 0;
  return {
    ...found,
    segments: { all: count('all'), new: count('new'), loyal: count('loyal'), inactive: count('inactive') },
  };
}
