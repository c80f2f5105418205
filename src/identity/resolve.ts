import { type Contact, type ContactKind, keyOf, strongestFirst } from './contacts.ts';

/** What brings contacts: an order, a message or a feedback, before it is known whose it is. */
export interface Incoming {
  id: string;
  contacts: readonly Contact[];
  /** as given there; with the contacts it tells who this is where a person has moved such an arrival before */
  name?: string | null;
}

export interface KnownCustomer {
  id: string;
  createdAt: Date;
}

/** What the company knows of the contacts that come in. */
export interface Known {
  /** by `keyOf`: whose it is; a shared contact identifies nobody */
  contacts: ReadonlyMap<string, { customerId: string; shared: boolean }>;
  customers: readonly KnownCustomer[];
  /** pairs of customers that people have taken apart */
  apart: readonly (readonly [string, string])[];
  /** by arrival id: the customer to whom a person moved it, or one like it */
  moves: ReadonlyMap<string, string>;
}

export interface Because {
  /** null: a person put it there, and no contact says so */
  kind: ContactKind | null;
  value: string | null;
  /**
   * new: nobody was known; known: one was; merged: it joined several; strongest: several were known and the company is asked;
   * split: several were known that people have taken apart; moved: a person put it, or one like it, there
   */
  rule: 'new' | 'known' | 'merged' | 'strongest' | 'split' | 'moved';
}

export interface Assignment {
  customerId: string;
  because: Because;
}

/** Two customers that one contact of one arrival brought together. */
export interface Meeting {
  customerId: string;
  otherId: string;
  kind: ContactKind;
  value: string;
  arrivalId: string;
}

export interface Resolution {
  /** by arrival id; null: no contact of it identifies anybody */
  assignments: Map<string, Assignment | null>;
  /** ids of customers to create, oldest first */
  created: string[];
  /** contacts to add, each with its customer */
  contacts: (Contact & { customerId: string })[];
  /** stored customers that end up in an older one: `customerId` survives */
  merges: Meeting[];
  /** pairs for a person to decide, where the company wants to be asked */
  duplicates: Meeting[];
}

/**
 * Decides who is who for arrivals in the order they came (P-35 to P-39). With `automatic`, customers are the connected
 * components of contacts: whatever order or batches arrivals come in, the same ones end up together. With `ask`, customers
 * that meet stay apart, and the arrival goes to the one that owns its strongest contact. Pure: reads and writes nothing.
 */
export function resolve(
  incoming: readonly Incoming[],
  known: Known,
  policy: 'automatic' | 'ask',
  newId: () => string,
): Resolution {
  const book = openBook(known, newId);
  const assignments = new Map<string, Assignment | null>();
  for (const arrival of incoming) {
    const contacts = strongestFirst(arrival.contacts.filter((contact) => !book.isShared(contact)));
    const moved = known.moves.get(arrival.id);
    if (moved !== undefined) assignments.set(arrival.id, follow(moved, contacts, book));
    else assignments.set(arrival.id, contacts.length > 0 ? assign(arrival.id, contacts, book, policy) : null);
  }
  for (const assignment of assignments.values()) {
    if (assignment) assignment.customerId = book.survivor(assignment.customerId);
  }
  return { assignments, ...book.close() };
}

type Book = ReturnType<typeof openBook>;

/** What only this arrival brings comes along; what is known already stays with its owner. */
function follow(customerId: string, contacts: Contact[], book: Book): Assignment {
  for (const contact of contacts) book.add(contact, customerId);
  const [strongest] = contacts;
  return { customerId, because: { kind: strongest?.kind ?? null, value: strongest?.value ?? null, rule: 'moved' } };
}

function assign(arrivalId: string, contacts: Contact[], book: Book, policy: 'automatic' | 'ask'): Assignment {
  const owned = contacts.flatMap((contact) => {
    const owner = book.owner(contact);
    return owner ? [{ contact, owner }] : [];
  });
  const [strongest] = owned;
  if (!strongest) {
    const customerId = book.create();
    for (const contact of contacts) book.add(contact, customerId);
    return { customerId, because: because(contacts[0] as Contact, 'new') };
  }
  const others = owned.filter(({ owner }) => owner !== strongest.owner);
  for (const { contact, owner } of others) {
    const meeting = {
      customerId: strongest.owner,
      otherId: owner,
      kind: contact.kind,
      value: contact.value,
      arrivalId,
    };
    if (policy === 'automatic') book.merge(meeting);
    else book.ask(meeting);
  }
  for (const contact of contacts) book.add(contact, strongest.owner);
  const isApart = others.some(({ owner }) => book.areApart(owner, strongest.owner));
  const met = policy === 'automatic' ? 'merged' : 'strongest';
  const rule = others.length === 0 ? 'known' : isApart ? 'split' : met;
  return { customerId: strongest.owner, because: because(strongest.contact, rule) };
}

const because = (contact: Contact, rule: Because['rule']): Because => ({
  kind: contact.kind,
  value: contact.value,
  rule,
});

/** Who owns which contact while a batch is resolved: union–find over customers, the oldest being the root. */
function openBook(known: Known, newId: () => string) {
  const owners = new Map<string, string>();
  const parents = new Map<string, string>();
  const stored = new Map(known.customers.map((customer) => [customer.id, customer.createdAt.getTime()]));
  const created: string[] = [];
  const contacts: (Contact & { customerId: string })[] = [];
  const merges: Meeting[] = [];
  const duplicates = new Map<string, Meeting>();
  const apart = openApart(known.apart);

  const survivor = (id: string): string => {
    const parent = parents.get(id);
    if (parent === undefined) return id;
    const root = survivor(parent);
    parents.set(id, root);
    return root;
  };
  // One that is not stored yet is younger than all that are; ids of one moment rise.
  const age = (id: string) => stored.get(id) ?? Number.POSITIVE_INFINITY;
  const isOlder = (a: string, b: string) => (age(a) === age(b) ? a < b : age(a) < age(b));

  return {
    survivor,
    areApart: (a: string, b: string) => apart.has(survivor(a), survivor(b)),
    isShared: (contact: Contact) => known.contacts.get(keyOf(contact))?.shared ?? false,
    owner(contact: Contact): string | undefined {
      const id = owners.get(keyOf(contact)) ?? known.contacts.get(keyOf(contact))?.customerId;
      return id === undefined ? undefined : survivor(id);
    },
    create(): string {
      const id = newId();
      created.push(id);
      return id;
    },
    add(contact: Contact, customerId: string): void {
      const key = keyOf(contact);
      if (owners.has(key) || known.contacts.has(key)) return;
      owners.set(key, customerId);
      contacts.push({ ...contact, customerId });
    },
    merge({ customerId, otherId, ...proof }: Meeting): void {
      const [a, b] = [survivor(customerId), survivor(otherId)];
      if (a === b || apart.has(a, b)) return;
      const [oldest, merged] = isOlder(a, b) ? [a, b] : [b, a];
      parents.set(merged, oldest);
      apart.follow(merged, oldest);
      merges.push({ ...proof, customerId: oldest, otherId: merged });
    },
    ask({ customerId, otherId, ...proof }: Meeting): void {
      if (apart.has(customerId, otherId)) return;
      const [first, second] = isOlder(customerId, otherId) ? [customerId, otherId] : [otherId, customerId];
      const pair = `${first} ${second}`;
      if (!duplicates.has(pair)) duplicates.set(pair, { ...proof, customerId: first, otherId: second });
    },
    // Customers born and merged within the batch were never stored: nothing is left of them to undo.
    close: () => ({
      created: created.filter((id) => !parents.has(id)),
      contacts: contacts.map((contact) => ({ ...contact, customerId: survivor(contact.customerId) })),
      merges: merges
        .filter(({ otherId }) => stored.has(otherId))
        .map((merge) => ({ ...merge, customerId: survivor(merge.customerId) })),
      duplicates: [...duplicates.values()],
    }),
  };
}

/** Pairs of customers that may not meet; who is merged hands them on. */
function openApart(pairs: readonly (readonly [string, string])[]) {
  const apart = new Map<string, Set<string>>();
  const of = (id: string) => {
    const known = apart.get(id) ?? new Set<string>();
    apart.set(id, known);
    return known;
  };
  const add = (a: string, b: string) => {
    of(a).add(b);
    of(b).add(a);
  };
  for (const [a, b] of pairs) add(a, b);
  return {
    has: (a: string, b: string) => apart.get(a)?.has(b) ?? false,
    follow(from: string, to: string): void {
      for (const each of apart.get(from) ?? []) add(to, each);
    },
  };
}
