import { keyOf } from '../../src/identity/contacts.ts';
import { type Incoming, type Known, type Resolution, resolve } from '../../src/identity/resolve.ts';

/** What the database would remember between two batches. */
export interface Memory {
  contacts: Map<string, { customerId: string; shared: boolean }>;
  /** when each customer was created, merged ones too */
  customers: Map<string, Date>;
  mergedInto: Map<string, string>;
  arrivals: Map<string, string | null>;
  duplicates: Resolution['duplicates'];
}

export function emptyMemory(): Memory {
  return { contacts: new Map(), customers: new Map(), mergedInto: new Map(), arrivals: new Map(), duplicates: [] };
}

/** Resolves a batch and remembers the outcome. The batches of one memory are created one second after another. */
export function takeIn(memory: Memory, batch: readonly Incoming[], policy: 'automatic' | 'ask' = 'automatic') {
  const createdAt = new Date(Date.UTC(2026, 0, 1, 0, 0, memory.customers.size));
  const newId = () => `c${String(nextId++).padStart(9, '0')}`;
  const resolution = resolve(batch, known(memory, batch), policy, newId);
  for (const id of resolution.created) memory.customers.set(id, createdAt);
  for (const { otherId, customerId } of resolution.merges) merge(memory, otherId, customerId);
  for (const contact of resolution.contacts) {
    const key = keyOf(contact);
    if (memory.contacts.has(key)) throw new Error(`${key} was added twice`);
    memory.contacts.set(key, { customerId: contact.customerId, shared: false });
  }
  for (const [id, assignment] of resolution.assignments) memory.arrivals.set(id, assignment?.customerId ?? null);
  memory.duplicates.push(...resolution.duplicates);
  return resolution;
}

let nextId = 1;

// Only what the batch asks for, as the database answers it: the contacts named, and their owners.
function known(memory: Memory, batch: readonly Incoming[]): Known {
  const contacts = new Map(
    batch.flatMap(({ contacts }) =>
      contacts.flatMap((contact) => {
        const owner = memory.contacts.get(keyOf(contact));
        return owner ? [[keyOf(contact), owner] as const] : [];
      }),
    ),
  );
  const customers = [...contacts.values()].map(({ customerId: id }) => ({ id, createdAt: createdAtOf(memory, id) }));
  return { contacts, customers, apart: [], moves: new Map() };
}

export function createdAtOf(memory: Memory, id: string): Date {
  const at = memory.customers.get(id);
  if (!at) throw new Error(`${id} was never created`);
  return at;
}

function merge(memory: Memory, otherId: string, customerId: string): void {
  createdAtOf(memory, otherId);
  createdAtOf(memory, customerId);
  if (memory.mergedInto.has(otherId)) throw new Error(`${otherId} was merged twice`);
  memory.mergedInto.set(otherId, customerId);
  for (const owner of memory.contacts.values()) if (owner.customerId === otherId) owner.customerId = customerId;
  for (const [id, owner] of memory.arrivals) if (owner === otherId) memory.arrivals.set(id, customerId);
}
