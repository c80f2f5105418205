import { type ContactKind, keyOf, strongestFirst } from '../contacts.ts';
import type { Because } from '../resolve.ts';
import { openSets, type Sets } from './sets.ts';

/** A customer as it was once made, merged or not: what customers are put together from. */
export interface Atom {
  id: string;
  createdAt: Date;
  mergedInto: string | null;
}

export interface Owned {
  kind: ContactKind;
  value: string;
  given: string;
  customerId: string;
  /** the customer it first came to */
  originId: string;
  shared: boolean;
  byHand: boolean;
  createdAt: Date;
}

export interface Proof {
  id: string;
  customerId: string | null;
  because: Because | null;
  contacts: readonly { kind: ContactKind; value: string; given: string }[];
}

/** A decision that still stands. Contacts named on both sides stay where it put them. */
export interface Standing {
  kind: 'merge' | 'split' | 'apart' | 'move';
  customerId: string;
  /** of a move: `customerId` again */
  otherId: string;
  /** contacts of both sides when it was taken: key, and the customer it stays with */
  pins: readonly (readonly [key: string, home: string])[];
  /** customers that were one by then, whoever decides otherwise about others */
  ties: readonly (readonly [string, string])[];
}

/** Customers, all that was ever merged into them, their contacts and arrivals, and every decision about any of them. */
export interface Neighbourhood {
  atoms: readonly Atom[];
  contacts: readonly Owned[];
  arrivals: readonly Proof[];
  /** oldest first */
  standing: readonly Standing[];
  /** by arrival id: the customer it was moved to */
  moves: ReadonlyMap<string, string>;
  /** merges that no person decided, as pairs of atoms; they count where a person is asked */
  merged: readonly (readonly [string, string])[];
}

export interface Regrouped {
  /** customers that have to be made */
  created: string[];
  /** where each atom leads; null: it stands for itself */
  leads: Map<string, string | null>;
  /** by contact key */
  owners: Map<string, { customerId: string; originId: string }>;
  /** by arrival id; null: nothing in it identifies anybody */
  arrivals: Map<string, { customerId: string; because: Because } | null>;
}

/**
 * Who is who, as a function of the evidence and of people's decisions alone. With `automatic` and no decision, customers are
 * the connected components of the contacts. A contact that a decision put on one side stays there (the latest decision counts);
 * sides that were taken apart are not joined by whatever proves both, and an arrival that does goes to the owner of its strongest
 * contact. With `ask`, contacts stay where they came to, and only decisions and earlier merges join. Pure.
 */
export function regroup(near: Neighbourhood, policy: 'automatic' | 'ask', newId: () => string): Regrouped {
  const sets = openSets(near.standing.filter(isApart).map((each) => [atom(each.customerId), atom(each.otherId)]));
  const identifying = near.contacts.filter((contact) => !contact.shared);
  pin(sets, near, identifying);
  // The latest first: where one taken apart from another stood between two, it is the earlier merge that does not hold.
  for (const { kind, customerId, otherId, ties } of near.standing.toReversed()) {
    for (const [one, other] of ties) sets.join(atom(one), atom(other));
    if (kind === 'merge') sets.join(atom(customerId), atom(otherId));
  }
  keepMoved(sets, near, identifying);
  if (policy === 'automatic') joinByProof(sets, near, new Set(identifying.map(keyOf)));
  else joinByOrigin(sets, near, identifying);
  return label(sets, near, identifying, newId);
}

const isApart = ({ kind }: Standing) => kind === 'split' || kind === 'apart';
const atom = (id: string) => `customer ${id}`;

/** Contacts that a decision named stay with their side; of those that were typed in, a person said whose they are. */
function pin(sets: Sets, { standing }: Neighbourhood, contacts: readonly Owned[]): void {
  const pinned = new Map<string, string>();
  for (const each of standing) {
    for (const [key, home] of each.pins) pinned.set(key, home);
  }
  for (const contact of contacts) {
    const home = pinned.get(keyOf(contact)) ?? (contact.byHand ? contact.originId : undefined);
    if (home !== undefined) sets.join(atom(home), keyOf(contact));
  }
}

/** What only moved arrivals prove goes with the first of them. */
function keepMoved(sets: Sets, { arrivals, moves }: Neighbourhood, contacts: readonly Owned[]): void {
  const proved = new Set(arrivals.filter(({ id }) => !moves.has(id)).flatMap((arrival) => arrival.contacts.map(keyOf)));
  const loose = new Set(contacts.filter((each) => !each.byHand && !proved.has(keyOf(each))).map(keyOf));
  for (const arrival of arrivals.toSorted(byId)) {
    const to = moves.get(arrival.id);
    for (const contact of to === undefined ? [] : arrival.contacts) {
      const key = keyOf(contact);
      // One that a decision has put somewhere is with others already.
      if (loose.has(key) && sets.find(key) === key) sets.join(atom(to as string), key);
    }
  }
}

const byId = (a: Proof, b: Proof) => (a.id < b.id ? -1 : 1);

// Ids rise with time: what came first joins first.
function joinByProof(sets: Sets, { arrivals, moves }: Neighbourhood, identifying: ReadonlySet<string>): void {
  for (const arrival of arrivals.toSorted(byId)) {
    if (moves.has(arrival.id)) continue;
    const [strongest, ...others] = strongestFirst(arrival.contacts.filter((each) => identifying.has(keyOf(each))));
    for (const other of others) if (strongest) sets.join(keyOf(strongest), keyOf(other));
  }
}

function joinByOrigin(sets: Sets, { merged }: Neighbourhood, contacts: readonly Owned[]): void {
  for (const contact of contacts) {
    if (sets.find(keyOf(contact)) === keyOf(contact)) sets.join(atom(contact.originId), keyOf(contact));
  }
  for (const [survivor, other] of merged) sets.join(atom(survivor), atom(other));
}

/** Each set gets the oldest of the customers that belong to it, or a new one; the others lead there. */
function label(sets: Sets, near: Neighbourhood, identifying: readonly Owned[], newId: () => string): Regrouped {
  const { homes, claims } = homesOf(sets, near, identifying);
  const roots = new Map<string, string>();
  const created: string[] = [];
  for (const { id } of near.atoms.filter((each) => claims.has(each.id)).toSorted(byAge)) {
    const set = homes.get(id) ?? atom(id);
    if (!roots.has(set)) roots.set(set, id);
  }
  const rootOf = (key: string): string => {
    const set = sets.find(key);
    const known = roots.get(set);
    if (known !== undefined) return known;
    const id = newId();
    created.push(id);
    roots.set(set, id);
    return id;
  };
  const owners = new Map<string, { customerId: string; originId: string }>();
  for (const contact of identifying) {
    const customerId = rootOf(keyOf(contact));
    const strange = roots.get(homes.get(contact.originId) ?? atom(contact.originId)) !== customerId;
    owners.set(keyOf(contact), { customerId, originId: strange ? customerId : contact.originId });
  }
  const leads = new Map(
    near.atoms.map(({ id }) => {
      const root = roots.get(homes.get(id) ?? atom(id)) ?? id;
      return [id, root === id ? null : root] as const;
    }),
  );
  for (const contact of near.contacts.filter(({ shared }) => shared)) {
    const customerId = leads.get(contact.originId) ?? contact.originId;
    owners.set(keyOf(contact), { customerId, originId: contact.originId });
  }
  return { created, leads, owners, arrivals: assign(near, owners, leads, new Set(identifying.map(keyOf))) };
}

const byAge = (a: Atom, b: Atom) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1);

/**
 * The set each atom belongs to: the one that a decision or a typed contact ties it to, else that of the oldest contact that first
 * came to it. One that nothing came to stays where it was, with the customer it leads to. Only the others may claim to be the
 * customer that a set stands for.
 */
function homesOf(sets: Sets, near: Neighbourhood, identifying: readonly Owned[]) {
  const homes = new Map<string, string>();
  const tied = new Set(identifying.map((contact) => sets.find(keyOf(contact))));
  const oldest = new Map<string, Owned>();
  for (const contact of identifying.toSorted(byFirst)) {
    if (!oldest.has(contact.originId)) oldest.set(contact.originId, contact);
  }
  const named = new Set(near.standing.flatMap(({ customerId, otherId }) => [customerId, otherId]));
  for (const to of near.moves.values()) named.add(to);
  for (const each of near.atoms) {
    const set = sets.find(atom(each.id));
    if (tied.has(set) || set !== atom(each.id) || named.has(each.id)) homes.set(each.id, set);
    const first = oldest.get(each.id);
    if (!homes.has(each.id) && first) homes.set(each.id, sets.find(keyOf(first)));
  }
  const claims = new Set(
    near.atoms.filter((each) => homes.has(each.id) || each.mergedInto === null).map(({ id }) => id),
  );
  for (const each of near.atoms) {
    if (homes.has(each.id)) continue;
    homes.set(each.id, (each.mergedInto && homes.get(each.mergedInto)) || atom(each.mergedInto ?? each.id));
  }
  return { homes, claims };
}

const byFirst = (a: Owned, b: Owned) => a.createdAt.getTime() - b.createdAt.getTime() || (keyOf(a) < keyOf(b) ? -1 : 1);

function assign(
  { arrivals, moves }: Neighbourhood,
  owners: Regrouped['owners'],
  leads: Regrouped['leads'],
  identifying: ReadonlySet<string>,
): Regrouped['arrivals'] {
  const assigned: Regrouped['arrivals'] = new Map();
  for (const arrival of arrivals) {
    const usable = strongestFirst(arrival.contacts.filter((contact) => identifying.has(keyOf(contact))));
    const [strongest] = usable;
    const moved = moves.get(arrival.id);
    if (moved !== undefined) {
      const because = { kind: strongest?.kind ?? null, value: strongest?.value ?? null, rule: 'moved' as const };
      assigned.set(arrival.id, { customerId: leads.get(moved) ?? moved, because });
    } else if (strongest) {
      const customerId = owners.get(keyOf(strongest))?.customerId as string;
      const sides = new Set(usable.map((contact) => owners.get(keyOf(contact))?.customerId));
      assigned.set(arrival.id, { customerId, because: reason(arrival, strongest, sides.size > 1, customerId, owners) });
    } else assigned.set(arrival.id, null);
  }
  return assigned;
}

/** What brought it to its customer stays the reason, as long as that contact still leads there. */
function reason(
  { because }: Proof,
  strongest: { kind: ContactKind; value: string },
  isSplit: boolean,
  customerId: string,
  owners: Regrouped['owners'],
): Because {
  const holds =
    because?.kind != null && because.value !== null && because.rule !== 'moved' && because.rule !== 'split' && !isSplit
      ? owners.get(keyOf({ kind: because.kind, value: because.value }))?.customerId === customerId
      : false;
  if (holds && because) return because;
  return { kind: strongest.kind, value: strongest.value, rule: isSplit ? 'split' : 'known' };
}
