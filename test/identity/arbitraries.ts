import fc from 'fast-check';
import type { Contact } from '../../src/identity/contacts.ts';
import type { Incoming } from '../../src/identity/resolve.ts';

/** Few contacts, so that arrivals often meet. */
export const pool: readonly Contact[] = [
  ...['u1', 'u2', 'u3', 'u4'].map((value) => ({ kind: 'account' as const, value, given: value })),
  ...['1', '2', '3', '4', '5'].map((n) => ({
    kind: 'phone' as const,
    value: `+38067123450${n}`,
    given: `067 123 45 0${n}`,
  })),
  ...['a', 'b', 'c', 'd'].map((name) => ({ kind: 'email' as const, value: `${name}@x.test`, given: `${name}@X.test` })),
];

const contacts = fc.shuffledSubarray([...pool], { maxLength: 4 });

/** Arrivals in some order. */
export const arrivals = fc
  .array(contacts, { minLength: 1, maxLength: 24 })
  .map((each) => each.map((contacts, n): Incoming => ({ id: `A-${String(n).padStart(2, '0')}`, contacts })));

/** The same arrivals in another order, cut into batches at random. */
export const anyHistory = (incoming: readonly Incoming[]) =>
  fc
    .tuple(
      fc.shuffledSubarray([...incoming], { minLength: incoming.length }),
      fc.array(fc.boolean(), { minLength: incoming.length, maxLength: incoming.length }),
    )
    .map(([shuffled, cuts]) => cut(shuffled, cuts));

/** Begins a new batch wherever `cuts` says so. */
export function cut<T>(items: readonly T[], cuts: readonly boolean[]): T[][] {
  const batches: T[][] = [];
  for (const [n, item] of items.entries()) {
    if (n === 0 || cuts[n]) batches.push([]);
    batches.at(-1)?.push(item);
  }
  return batches;
}
