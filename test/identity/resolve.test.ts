import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Contact, KINDS, keyOf, strongestFirst } from '../../src/identity/contacts.ts';
import type { Incoming } from '../../src/identity/resolve.ts';
import { anyHistory, arrivals, pool } from './arbitraries.ts';
import { byCustomer, components } from './components.ts';
import { createdAtOf, emptyMemory, type Memory, takeIn } from './memory.ts';

const histories = arrivals.chain((incoming) => fc.tuple(fc.constant(incoming), anyHistory(incoming)));
const keysOf = ({ id, contacts }: Incoming) => ({ id, keys: contacts.map(keyOf) });

const account = (value: string): Contact => ({ kind: 'account', value, given: value });
const phone = (value: string): Contact => ({ kind: 'phone', value, given: value });
const email = (value: string): Contact => ({ kind: 'email', value, given: value });

describe('automatic', () => {
  test('P-35 P-36 in any order and any batches, customers are the connected components of the contacts', () => {
    fc.assert(
      fc.property(histories, ([incoming, batches]) => {
        const memory = emptyMemory();
        for (const batch of batches) takeIn(memory, batch);
        expect(byCustomer(memory.arrivals)).toEqual(components(incoming.map(keysOf)));
        expect([...memory.arrivals.keys()].toSorted()).toEqual(incoming.map(({ id }) => id).toSorted());
      }),
      { numRuns: 500 },
    );
  });

  test('every contact ever given belongs to the one customer of its arrivals, who is not merged', () => {
    fc.assert(
      fc.property(histories, ([incoming, batches]) => {
        const memory = emptyMemory();
        for (const batch of batches) takeIn(memory, batch);
        for (const { id, contacts } of incoming) {
          const owners = contacts.map((contact) => memory.contacts.get(keyOf(contact))?.customerId);
          expect(owners).toEqual(contacts.map(() => memory.arrivals.get(id)));
        }
        for (const { customerId } of memory.contacts.values()) expect(memory.mergedInto.has(customerId)).toBe(false);
        expect(memory.contacts.size).toBe(new Set(incoming.flatMap((each) => each.contacts.map(keyOf))).size);
      }),
      { numRuns: 300 },
    );
  });

  test('whoever was stored first survives every merge', () => {
    fc.assert(
      fc.property(histories, ([, batches]) => {
        const memory = emptyMemory();
        for (const batch of batches) takeIn(memory, batch);
        for (const merged of memory.mergedInto.keys()) {
          expect(isOlder(memory, root(memory, merged), merged)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a customer made and merged within one batch leaves no trace', () => {
    const memory = emptyMemory();
    const resolution = takeIn(memory, [
      { id: 'A', contacts: [phone('1')] },
      { id: 'B', contacts: [email('b')] },
      { id: 'C', contacts: [phone('1'), email('b')] },
    ]);
    expect(resolution.created).toHaveLength(1);
    expect(resolution.merges).toEqual([]);
    expect(new Set(memory.arrivals.values())).toEqual(new Set(resolution.created));
  });

  test('of customers made at the same moment the lower id survives', () => {
    const memory = emptyMemory();
    takeIn(memory, [
      { id: 'A', contacts: [phone('1')] },
      { id: 'B', contacts: [email('b')] },
    ]);
    const [first, second] = [memory.arrivals.get('A'), memory.arrivals.get('B')];
    const { merges } = takeIn(memory, [{ id: 'C', contacts: [email('b'), phone('1')] }]);
    expect(merges).toMatchObject([{ customerId: first, otherId: second, kind: 'email', value: 'b', arrivalId: 'C' }]);
  });

  test('P-39 the assignment says which contact decided, the strongest first, and by which rule', () => {
    const memory = emptyMemory();
    const because = (batch: Incoming) => takeIn(memory, [batch]).assignments.get(batch.id)?.because;
    expect(because({ id: 'A', contacts: [email('a'), phone('1')] })).toEqual({
      kind: 'phone',
      value: '1',
      rule: 'new',
    });
    expect(because({ id: 'B', contacts: [account('u'), email('a')] })).toEqual({
      kind: 'email',
      value: 'a',
      rule: 'known',
    });
    expect(because({ id: 'C', contacts: [phone('2')] })).toEqual({ kind: 'phone', value: '2', rule: 'new' });
    expect(because({ id: 'D', contacts: [phone('2'), account('u')] })).toEqual({
      kind: 'account',
      value: 'u',
      rule: 'merged',
    });
  });
});

describe('shared contacts', () => {
  const withShared = fc.tuple(histories, fc.subarray([...pool]));

  test('join nobody: the others alone decide, and who has no others has no customer', () => {
    fc.assert(
      fc.property(withShared, ([[incoming, batches], shared]) => {
        const memory = emptyMemory();
        memory.customers.set('c000000000', new Date(0));
        for (const contact of shared) memory.contacts.set(keyOf(contact), { customerId: 'c000000000', shared: true });
        for (const batch of batches) takeIn(memory, batch);
        const identifying = incoming.map(({ id, contacts }) => ({
          id,
          keys: contacts.filter((contact) => !shared.includes(contact)).map(keyOf),
        }));
        expect(byCustomer([...memory.arrivals])).toEqual(components(identifying));
        expect([...memory.arrivals.values()]).not.toContain('c000000000');
      }),
      { numRuns: 300 },
    );
  });
});

describe('ask', () => {
  test('never merges, and an arrival goes to the owner of its strongest contact', () => {
    fc.assert(
      fc.property(histories, ([incoming, batches]) => {
        const memory = emptyMemory();
        for (const batch of batches) expect(takeIn(memory, batch, 'ask').merges).toEqual([]);
        for (const { id, contacts } of incoming) {
          const [strongest] = strongestFirst(contacts);
          const owner = strongest ? memory.contacts.get(keyOf(strongest))?.customerId : null;
          expect(memory.arrivals.get(id)).toBe(owner);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('every pair that met is raised, once in a batch, the older first, and no other pair is', () => {
    fc.assert(
      fc.property(histories, ([incoming, batches]) => {
        const memory = emptyMemory();
        for (const batch of batches) {
          const pairs = takeIn(memory, batch, 'ask').duplicates.map(pairOf);
          expect(new Set(pairs).size).toBe(pairs.length);
        }
        const met = incoming.flatMap(({ id, contacts }) => {
          const customer = memory.arrivals.get(id) ?? '';
          const owners = contacts.map((contact) => memory.contacts.get(keyOf(contact))?.customerId ?? '');
          return owners
            .filter((owner) => owner !== customer)
            .map((owner) => (isOlder(memory, owner, customer) ? `${owner} ${customer}` : `${customer} ${owner}`));
        });
        expect(new Set(memory.duplicates.map(pairOf))).toEqual(new Set(met));
      }),
      { numRuns: 300 },
    );
  });

  test('with one owner it decides as automatic does', () => {
    const memory = emptyMemory();
    takeIn(memory, [{ id: 'A', contacts: [account('u'), phone('1')] }], 'ask');
    const { assignments, contacts } = takeIn(memory, [{ id: 'B', contacts: [phone('1'), email('a')] }], 'ask');
    expect(assignments.get('B')?.because).toEqual({ kind: 'phone', value: '1', rule: 'known' });
    expect(contacts).toMatchObject([{ kind: 'email', value: 'a', customerId: memory.arrivals.get('A') }]);
  });
});

test('contacts are ordered account, phone, e-mail, and as given within a kind', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...pool]), (given) => {
      expect(strongestFirst(given)).toEqual(KINDS.flatMap((kind) => given.filter((contact) => contact.kind === kind)));
    }),
  );
});

const pairOf = (pair: { customerId: string; otherId: string }) => `${pair.customerId} ${pair.otherId}`;

function isOlder(memory: Memory, a: string, b: string): boolean {
  const [age, other] = [createdAtOf(memory, a).getTime(), createdAtOf(memory, b).getTime()];
  return age === other ? a < b : age < other;
}

function root(memory: Memory, id: string): string {
  const next = memory.mergedInto.get(id);
  return next === undefined ? id : root(memory, next);
}
