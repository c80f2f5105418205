import { newId } from '../../kernel/id.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import { keyOf } from '../contacts.ts';
import { fingerprintOf } from './fingerprint.ts';
import { settle } from './settle.ts';
import type { Key } from './sql.ts';
import * as sql from './sql.ts';

export { settle, settleDecided } from './settle.ts';

/** What a decision brought about. `stepId` undoes it; `touched`: the customers that changed, recomputed already. */
export interface Decided {
  stepId: string;
  touched: string[];
}

/** Why a decision cannot be taken: its customers, contacts or arrival are not (any more) what the person saw. */
export class DecisionError extends Error {
  readonly reason: 'gone' | 'same' | 'nothing' | 'everything' | 'tooMany';
  constructor(reason: DecisionError['reason']) {
    super(`the decision cannot be taken: ${reason}`);
    this.reason = reason;
  }
}

export const MAX_MERGED = 10;

/** Customers that are one: the oldest takes in the others. 2 to `MAX_MERGED`. What had been taken apart among them is together again. */
export async function merge(
  db: CompanyDb,
  { customerIds, userId }: { customerIds: readonly string[]; userId: string | null },
): Promise<Decided> {
  const roots = await rootsOf(db, customerIds);
  const [survivor, ...others] = roots;
  if (!survivor || others.length === 0) throw new DecisionError('same');
  if (roots.length > MAX_MERGED) throw new DecisionError('tooMany');
  const seen = await look(db, roots);
  const closed = betweenOf(seen);
  if (closed.length > 0) await db.execute(sql.close(db.company.id, closed, userId));
  const sides = sidesOf(seen, closed);
  const rows = others.map((other, n) => ({
    kind: 'merge',
    customer_id: survivor,
    other_id: other,
    contacts: sides.contacts(other),
    given: {
      stayed: sides.contacts(survivor),
      ties: [...sides.ties(survivor), ...sides.ties(other)],
      ...(n === 0 && closed.length > 0 ? { closed } : {}),
    },
  }));
  return decide(db, rows, roots, userId);
}

/**
 * Contacts of a customer that are somebody else's: they go to the customer they came from, or to a new one, and the two stay apart.
 * `otherId`: the earlier merged customer to take out again; by itself enough where that one brought no contacts.
 */
export async function split(
  db: CompanyDb,
  {
    customerId,
    contacts,
    otherId,
    userId,
  }: { customerId: string; contacts: readonly Key[]; otherId?: string; userId: string | null },
): Promise<Decided> {
  const [root] = await rootsOf(db, [customerId]);
  if (root === undefined) throw new DecisionError('gone');
  const seen = await look(db, [root]);
  const wanted = new Set(contacts.map(keyOf));
  const [went, stayed] = [true, false].map((goes) =>
    seen.contacts.filter((contact) => wanted.has(keyOf(contact)) === goes),
  );
  if (!went || !stayed || went.length < wanted.size) throw new DecisionError('gone');
  if (went.length === 0 && otherId === undefined) throw new DecisionError('nothing');
  if (stayed.length === 0 && went.some((contact) => contact.origin_id === root)) throw new DecisionError('everything');
  if (otherId !== undefined && (otherId === root || !seen.atoms.some(({ id }) => id === otherId)))
    throw new DecisionError('gone');
  const other = otherId ?? originOf(went, stayed, seen.atoms, root) ?? (await makeCustomer(db));
  const row = {
    kind: 'split',
    customer_id: root,
    other_id: other,
    contacts: went.map(({ kind, value }) => ({ kind, value, home: other })),
    given: {
      stayed: stayed.map(homed),
      ties: sidesOf(seen)
        .ties(root)
        .flatMap(([, id]) => tieOf(id, root, other, went, stayed)),
    },
  };
  const decided = await decide(db, [row], [root, other], userId);
  await db.execute(sql.settleDuplicates(db.company.id, { one: [root], other: [other] }, 'dismissed', userId));
  return decided;
}

/** Who was merged into the one that is split goes along with its contacts, where all of them go. */
function tieOf(
  id: string,
  root: string,
  other: string,
  went: readonly sql.ContactRow[],
  stayed: readonly sql.ContactRow[],
): sql.Tie[] {
  if (id === other) return [];
  const isOf = (contact: sql.ContactRow) => contact.origin_id === id;
  return [[went.some(isOf) && !stayed.some(isOf) ? other : root, id]];
}

/** Two customers that are not one, whatever names both from now on. */
export async function keepApart(
  db: CompanyDb,
  { customerId, otherId, userId }: { customerId: string; otherId: string; userId: string | null },
): Promise<Decided> {
  const roots = await rootsOf(db, [customerId, otherId]);
  const [one, other] = roots;
  if (!one || !other) throw new DecisionError('same');
  const sides = sidesOf(await look(db, roots));
  const given = { stayed: sides.contacts(one), ties: [...sides.ties(one), ...sides.ties(other)] };
  const row = { kind: 'apart', customer_id: one, other_id: other, contacts: sides.contacts(other), given };
  const decided = await decide(db, [row], roots, userId);
  await db.execute(sql.settleDuplicates(db.company.id, { one: [one], other: [other] }, 'dismissed', userId));
  return decided;
}

/** One order, message or feedback belongs to another customer, and later ones with the same contacts and name do too. */
export async function move(
  db: CompanyDb,
  { arrivalId, customerId, userId }: { arrivalId: string; customerId: string; userId: string | null },
): Promise<Decided> {
  const [root] = await rootsOf(db, [customerId]);
  const [arrival] = await db.query<{ customer_id: string | null; name: string | null; contacts: Key[] }>(
    sql.arrival(db.company.id, arrivalId),
  );
  if (!root || !arrival) throw new DecisionError('gone');
  if (arrival.customer_id === root) throw new DecisionError('same');
  const before = await db.query<sql.DecisionRow>(sql.standingMove(db.company.id, arrivalId));
  const closed = before.map(({ id }) => id);
  if (closed.length > 0) await db.execute(sql.close(db.company.id, closed, userId));
  const sides = sidesOf(await look(db, [root]));
  const row = {
    kind: 'move',
    customer_id: root,
    other_id: arrival.customer_id,
    arrival_id: arrivalId,
    fingerprint: fingerprintOf(arrival.contacts, arrival.name) ?? `arrival ${arrivalId}`,
    given: { stayed: sides.contacts(root), ties: sides.ties(root), ...(closed.length > 0 ? { closed } : {}) },
  };
  return decide(db, [row], arrival.customer_id ? [root, arrival.customer_id] : [root], userId);
}

/** A contact of many (a call centre's phone, info@): it stays visible and identifies nobody. */
export async function share(
  db: CompanyDb,
  { contact: { kind, value }, userId }: { contact: Key; userId: string | null },
): Promise<Decided> {
  const [standing] = await db.query<{ step_id: string }>(sql.standingShare(db.company.id, { kind, value }));
  if (standing) throw new DecisionError('same');
  const owners = await db.query<{ id: string }>(sql.setShared(db.company.id, { kind, value }, true));
  if (owners.length === 0) throw new DecisionError('gone');
  const row = { kind: 'share', contact_kind: kind, contact_value: value };
  return decide(
    db,
    [row],
    owners.map(({ id }) => id),
    userId,
  );
}

/** The contact identifies again. */
export async function unshare(
  db: CompanyDb,
  { contact, userId }: { contact: Key; userId: string | null },
): Promise<Decided> {
  const [standing] = await db.query<{ step_id: string }>(sql.standingShare(db.company.id, contact));
  if (!standing) throw new DecisionError('gone');
  return undo(db, { stepId: standing.step_id, userId });
}

/** Takes back what one click decided; what it had overruled holds again. Later decisions stay. */
export async function undo(
  db: CompanyDb,
  { stepId, userId }: { stepId: string; userId: string | null },
): Promise<Decided> {
  const decisions = await db.query<sql.DecisionRow>(sql.ofStep(db.company.id, stepId));
  if (decisions.length === 0) throw new DecisionError('gone');
  await db.execute(
    sql.close(
      db.company.id,
      decisions.map(({ id }) => id),
      userId,
    ),
  );
  const reopened = decisions.flatMap(({ given }) => given.closed ?? []);
  if (reopened.length > 0) await db.execute(sql.reopen(db.company.id, reopened));
  const shared = decisions.flatMap(({ contact_kind: kind, contact_value: value }) =>
    kind && value !== null ? [{ kind, value }] : [],
  );
  const owners = [];
  for (const contact of shared)
    owners.push(...(await db.query<{ id: string }>(sql.setShared(db.company.id, contact, false))));
  const named = decisions.flatMap(({ customer_id, other_id }) => [customer_id, other_id].filter((id) => id !== null));
  const pairs = decisions.filter(({ kind }) => kind !== 'move' && kind !== 'share');
  await db.execute(
    sql.settleDuplicates(
      db.company.id,
      { one: pairs.map((each) => each.customer_id as string), other: pairs.map((each) => each.other_id as string) },
      'open',
      null,
    ),
  );
  const concerned = named.length > 0 ? await db.query<{ id: string }>(sql.survivorsOf(db.company.id, named)) : [];
  const { touched } = await settle(
    db,
    [...concerned, ...owners].map(({ id }) => id),
    userId,
  );
  await db.execute(sql.restQuestions(db.company.id, named));
  return { stepId, touched };
}

/** What would come of it: the work is done, looked at, and taken back, also where it is refused. */
export async function rehearse<T>(db: CompanyDb, work: () => Promise<T>): Promise<T> {
  await db.execute(sql.savepoint);
  try {
    return await work();
  } finally {
    await db.execute(sql.rollback);
  }
}

async function decide(db: CompanyDb, rows: object[], customerIds: string[], userId: string | null): Promise<Decided> {
  const stepId = newId();
  const numbered = rows.map((row) => ({ id: newId(), ...row }));
  await db.execute(sql.insertDecisions(db.company.id, userId, stepId, JSON.stringify(numbered)));
  const { touched } = await settle(db, customerIds, userId);
  return { stepId, touched };
}

/** The living customers these ids lead to, oldest first. */
async function rootsOf(db: CompanyDb, ids: readonly string[]): Promise<string[]> {
  const led = await db.query<{ id: string }>(sql.survivorsOf(db.company.id, [...new Set(ids)]));
  const roots = led.map(({ id }) => id);
  const atoms = await db.query<sql.AtomRow>(sql.atoms(db.company.id, roots));
  const living = atoms.filter(({ id, merged_into }) => merged_into === null && roots.includes(id));
  if (living.length < roots.length) throw new DecisionError('gone');
  return living.toSorted(byAge).map(({ id }) => id);
}

interface Seen {
  /** those that identify: a shared one stays where it is seen */
  contacts: readonly sql.ContactRow[];
  atoms: readonly sql.AtomRow[];
  standing: readonly sql.DecisionRow[];
}

/** What a decision about these customers has to know. */
async function look(db: CompanyDb, roots: readonly string[]): Promise<Seen> {
  const contacts = await db.query<sql.ContactRow>(sql.contacts(db.company.id, [...roots]));
  const atoms = await db.query<sql.AtomRow>(sql.atoms(db.company.id, [...roots]));
  const ids = atoms.map(({ id }) => id);
  const standing = await db.query<sql.DecisionRow>(sql.standing(db.company.id, ids));
  return { contacts: contacts.filter(({ shared }) => !shared), atoms, standing };
}

/**
 * What each of these customers is at this moment: its contacts, each with the customer it first came to, and who was merged into it by
 * no standing decision. A decision about them holds on to that, and leaves other decisions to be undone by themselves. `closed`: ids of
 * decisions that it overrules.
 */
function sidesOf({ contacts, atoms, standing }: Seen, closed: readonly string[] = []) {
  const named = new Set(
    standing
      .filter(({ id }) => !closed.includes(id))
      .flatMap(({ customer_id, other_id, given }) => [customer_id, other_id, ...(given.ties ?? []).flat()]),
  );
  return {
    contacts: (root: string): sql.Homed[] => contacts.filter(({ customer_id }) => customer_id === root).map(homed),
    ties: (root: string): sql.Tie[] =>
      atoms.flatMap(({ id, merged_into }) => (merged_into === root && !named.has(id) ? [[root, id] as sql.Tie] : [])),
  };
}

/** The decisions that keep any two of these customers apart. */
function betweenOf({ atoms, standing }: Seen): string[] {
  const inside = new Set<string | null>(atoms.map(({ id }) => id));
  return standing
    .filter(({ kind }) => kind === 'split' || kind === 'apart')
    .filter(({ customer_id, other_id }) => inside.has(customer_id) && inside.has(other_id))
    .map(({ id }) => id);
}

/** The oldest merged customer of which every contact goes. */
function originOf(
  went: readonly sql.ContactRow[],
  stayed: readonly sql.ContactRow[],
  atoms: readonly sql.AtomRow[],
  root: string,
): string | undefined {
  const staying = new Set(stayed.map((contact) => contact.origin_id));
  const origins = new Set(went.map((contact) => contact.origin_id).filter((id) => id !== root && !staying.has(id)));
  return atoms.filter(({ id }) => origins.has(id)).toSorted(byAge)[0]?.id;
}

const byAge = (a: sql.AtomRow, b: sql.AtomRow) =>
  a.created_at.getTime() - b.created_at.getTime() || (a.id < b.id ? -1 : 1);

async function makeCustomer(db: CompanyDb): Promise<string> {
  const id = newId();
  await db.execute(sql.makeCustomer(db.company.id, id));
  return id;
}

const homed = ({ kind, value, origin_id: home }: sql.ContactRow): sql.Homed => ({ kind, value, home });
