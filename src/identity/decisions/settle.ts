import { newId } from '../../kernel/id.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import { keyOf } from '../contacts.ts';
import { recompute } from '../counters/counters.ts';
import { insertCustomers } from '../sql.ts';
import { carryOver, takeBack } from './given/given.ts';
import { near } from './near.ts';
import { type Neighbourhood, type Regrouped, regroup } from './regroup.ts';
import * as sql from './sql.ts';

/**
 * Makes who is who around these customers what the evidence and the decisions say now, and writes only what differs. `userId`: whose
 * decision brought it about. Needs `lock`. Answers the customers that changed, recomputed already.
 */
export async function settle(
  db: CompanyDb,
  customerIds: readonly string[],
  userId: string | null,
): Promise<{ touched: string[] }> {
  const before = await near(db, customerIds);
  const after = regroup(before, db.company.identity, newId);
  const merged = newlyMerged(before, after);
  const revived = before.atoms.filter(({ id, mergedInto }) => mergedInto !== null && after.leads.get(id) === null);
  if (after.created.length > 0) await db.execute(insertCustomers(db.company.id, after.created));
  if (merged.length > 0) await logMerges(db, before, merged, userId);
  const touched = new Set([
    ...after.created,
    ...(await moveContacts(db, before, after)),
    ...(await leadCustomers(db, before, after)),
    ...(await moveArrivals(db, before, after)),
    ...(await takeBack(
      db,
      revived.map(({ id }) => id),
    )),
  ]);
  if (merged.length > 0) await carryOver(db, merged);
  await recompute(db, [...touched]);
  return { touched: [...touched] };
}

/**
 * After arrivals came in: where people have decided something about these customers, what is proved now may say otherwise. `changed`:
 * those of them that met others, or got or lost a contact. Answers whether any was settled anew.
 */
export async function settleDecided(
  db: CompanyDb,
  customerIds: readonly string[],
  changed: readonly string[],
): Promise<boolean> {
  const statement = sql.decided(db.company.id, [...new Set(customerIds)], [...new Set(changed)]);
  const decided = await db.query<{ id: string }>(statement);
  if (decided.length === 0) return false;
  await settle(
    db,
    decided.map(({ id }) => id),
    null,
  );
  return true;
}

interface Merged {
  from: string;
  to: string;
}

function newlyMerged({ atoms }: Neighbourhood, { leads }: Regrouped): Merged[] {
  return atoms.flatMap(({ id, mergedInto }) => {
    const to = leads.get(id) ?? null;
    return mergedInto === null && to !== null ? [{ from: id, to }] : [];
  });
}

async function logMerges(db: CompanyDb, { contacts }: Neighbourhood, merged: Merged[], userId: string | null) {
  const rows = merged.map(({ from, to }) => ({
    id: newId(),
    survivor_id: to,
    merged_id: from,
    contacts: contacts.flatMap(({ kind, value, customerId }) => (customerId === from ? [{ kind, value }] : [])),
  }));
  await db.execute(sql.logMerges(db.company.id, userId, JSON.stringify(rows)));
  const pairs = { one: merged.map(({ from }) => from), other: merged.map(({ to }) => to) };
  await db.execute(sql.settleDuplicates(db.company.id, pairs, 'merged', userId));
}

async function moveContacts(db: CompanyDb, { contacts }: Neighbourhood, { owners }: Regrouped): Promise<string[]> {
  const changed = contacts.flatMap((contact) => {
    const owner = owners.get(keyOf(contact));
    const same = !owner || (owner.customerId === contact.customerId && owner.originId === contact.originId);
    return same ? [] : [{ contact, owner }];
  });
  if (changed.length === 0) return [];
  const rows = changed.map(({ contact: { kind, value }, owner }) => ({
    kind,
    value,
    customer_id: owner.customerId,
    origin_id: owner.originId,
  }));
  await db.execute(sql.moveContacts(db.company.id, JSON.stringify(rows)));
  return changed.flatMap(({ contact, owner }) => [contact.customerId, owner.customerId]);
}

async function leadCustomers(db: CompanyDb, { atoms }: Neighbourhood, { leads }: Regrouped): Promise<string[]> {
  const changed = atoms.filter(({ id, mergedInto }) => (leads.get(id) ?? null) !== mergedInto);
  if (changed.length === 0) return [];
  const [ids, roots] = [changed.map(({ id }) => id), changed.map(({ id }) => leads.get(id) ?? null)];
  await db.execute(sql.leadCustomers(db.company.id, ids, roots));
  await db.execute(sql.restQuestions(db.company.id, ids));
  return [...ids, ...roots.filter((root) => root !== null), ...changed.flatMap(({ mergedInto }) => mergedInto ?? [])];
}

async function moveArrivals(db: CompanyDb, { arrivals }: Neighbourhood, after: Regrouped): Promise<string[]> {
  const changed = arrivals.flatMap((arrival) => {
    const assigned = after.arrivals.get(arrival.id) ?? null;
    const isSame =
      arrival.customerId === (assigned?.customerId ?? null) &&
      arrival.because?.rule === assigned?.because.rule &&
      (arrival.because?.kind ?? null) === (assigned?.because.kind ?? null) &&
      (arrival.because?.value ?? null) === (assigned?.because.value ?? null);
    return isSame ? [] : [{ arrival, assigned }];
  });
  if (changed.length === 0) return [];
  const rows = changed.map(({ arrival, assigned }) => ({
    id: arrival.id,
    customer_id: assigned?.customerId ?? null,
    ...(assigned?.because ?? { kind: null, value: null, rule: null }),
  }));
  await db.execute(sql.moveArrivals(db.company.id, JSON.stringify(rows)));
  const moved = changed.filter(({ arrival, assigned }) => arrival.customerId !== (assigned?.customerId ?? null));
  return moved.flatMap(({ arrival, assigned }) =>
    [arrival.customerId, assigned?.customerId].filter((id) => id != null),
  );
}
