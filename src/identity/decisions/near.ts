import type { CompanyDb } from '../../tenancy/handles.ts';
import { columnsOf, keyOf } from '../contacts.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Neighbourhood } from './regroup.ts';
import * as sql from './sql.ts';

/**
 * Everything that may belong together with these customers: all that was merged into them, their contacts and arrivals, whoever shares
 * a proof with them, and whoever a decision names together with them, until nobody new turns up.
 */
export async function near(db: CompanyDb, customerIds: readonly string[]): Promise<Neighbourhood> {
  const company = db.company.id;
  const [atoms, contacts, arrivals, decisions] = [
    new Map<string, sql.AtomRow>(),
    new Map<string, sql.ContactRow>(),
    new Map<string, sql.ArrivalRow>(),
    new Map<string, sql.StandingRow>(),
  ];
  const seen = new Set<string>();
  const moves = new Map<string, string>();
  const targets = new Set<string>();
  for (let next = [...new Set(customerIds)]; next.length > 0; ) {
    for (const id of next) seen.add(id);
    const family = await db.query<sql.AtomRow>(sql.atoms(company, next));
    for (const row of family) atoms.set(row.id, row);
    const owned = await db.query<sql.ContactRow>(sql.contacts(company, next));
    for (const row of owned) contacts.set(keyOf(row), row);
    const proved = owned.filter((row) => !row.shared);
    const found = (await db.query<sql.ArrivalRow>(sql.arrivals(company, next, ...columnsOf(proved)))).filter(
      (row) => !arrivals.has(row.id),
    );
    for (const row of found) arrivals.set(row.id, row);
    for (const { one, other, named } of await movesOf(db, found)) {
      moves.set(one, named);
      targets.add(other);
    }
    const met = await standingOf(db, family);
    for (const row of met) decisions.set(row.id, row);
    const named = met.flatMap(({ customer_id, other_id }) => [customer_id, other_id].filter((id) => id !== null));
    const strange = named.filter((id) => !atoms.has(id));
    const others = [
      ...(await owners(db, found)),
      ...(strange.length > 0 ? await db.query<{ id: string }>(sql.survivorsOf(company, [...new Set(strange)])) : []),
    ];
    next = [...new Set([...others.map(({ id }) => id), ...targets])].filter((id) => !seen.has(id));
  }
  const standing = [...decisions.values()].toSorted(byAge);
  const merges = await db.query<{ survivor_id: string; merged_id: string }>(
    sql.automaticMerges(company, [...atoms.keys()]),
  );
  return {
    atoms: [...atoms.values()].map((row) => ({ id: row.id, createdAt: row.created_at, mergedInto: row.merged_into })),
    contacts: [...contacts.values()].map(ownedOf),
    arrivals: [...arrivals.values()].map(({ id, customer_id, because, evidence }) => ({
      id,
      customerId: customer_id,
      because,
      contacts: evidence,
    })),
    // One that names a deleted customer waits until that is restored.
    standing: standing.flatMap((row) => heldOf(row, atoms)),
    moves,
    merged: merges.map((row) => [row.survivor_id, row.merged_id] as const),
  };
}

async function standingOf(db: CompanyDb, family: readonly sql.AtomRow[]): Promise<sql.StandingRow[]> {
  const ids = family.map(({ id }) => id);
  return db.query<sql.StandingRow>(sql.standing(db.company.id, ids));
}

async function owners(db: CompanyDb, found: readonly sql.ArrivalRow[]) {
  const keys = new Map(found.flatMap(({ evidence }) => evidence.map((each) => [keyOf(each), each] as const)));
  if (keys.size === 0) return [];
  return await db.query<{ id: string }>(sql.owners(db.company.id, ...columnsOf([...keys.values()])));
}

async function movesOf(db: CompanyDb, found: readonly sql.ArrivalRow[]): Promise<sql.LinkRow[]> {
  if (found.length === 0) return [];
  const prints = found.map(({ name, evidence }) => fingerprintOf(evidence, name));
  const ids = found.map(({ id }) => id);
  return db.query<sql.LinkRow>(sql.links(db.company.id, [], ids, prints));
}

// Round by round they come in no order, and the later one decides.
const byAge = (a: sql.StandingRow, b: sql.StandingRow) =>
  a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? -1 : 1;

const ownedOf = (row: sql.ContactRow) => ({
  kind: row.kind,
  value: row.value,
  given: row.given,
  customerId: row.customer_id,
  originId: row.origin_id,
  shared: row.shared,
  byHand: row.by_hand,
  createdAt: row.created_at,
});

function heldOf(row: sql.DecisionRow, atoms: ReadonlyMap<string, unknown>): Neighbourhood['standing'] {
  const { kind, customer_id: customerId, other_id: otherId, contacts, given } = row;
  if (kind === 'share' || customerId === null || !atoms.has(customerId)) return [];
  // Whose it was before it was moved is of no account.
  const other = kind === 'move' ? customerId : otherId;
  if (other === null || !atoms.has(other)) return [];
  const pins = [...(given.stayed ?? []), ...contacts].map((contact) => [keyOf(contact), contact.home] as const);
  const ties = (given.ties ?? []).filter((tie) => tie.every((id) => atoms.has(id)));
  return [{ kind, customerId, otherId: other, pins, ties }];
}
