import type { CompanyDb } from '../../tenancy/handles.ts';
import * as sql from './sql.ts';

/** Makes names, counters, sums, the rollup and the search text of these customers anew from what is stored. Needs `lock`. */
export async function recompute(db: CompanyDb, customerIds: readonly (string | null)[]): Promise<void> {
  const ids = [...new Set(customerIds.filter((id) => id !== null))];
  if (ids.length === 0) return;
  await db.execute(sql.recompute(db.company.id, ids));
  await db.execute(sql.refreshSearch(db.company.id, ids));
}

export interface Drift {
  /** customers whose counters, sums, dates or data differ from their orders, messages and feedback */
  customers: number;
  /** days of the rollup that count another number of customers than there are */
  days: number;
  /** merged or deleted customers still counted, or others not counted */
  uncounted: number;
}

/** Compares every counter of the company with its recomputation; changes nothing. All zero: no drift. */
export async function drift(db: Pick<CompanyDb, 'company' | 'query'>): Promise<Drift> {
  const count = async (statement: ReturnType<typeof sql.driftedRollup>) =>
    Number((await db.query<{ rows: bigint }>(statement))[0]?.rows ?? 0);
  return {
    customers: await count(sql.driftedCustomers(db.company.id)),
    days: await count(sql.driftedRollup(db.company.id)),
    uncounted: await count(sql.countedMerged(db.company.id)),
  };
}

/** After the company's zone has changed: days begin at other moments, and the preset counts with them. */
export async function rebuildRollup(db: CompanyDb): Promise<void> {
  await db.execute(sql.restampRollup(db.company.id));
  await db.execute(sql.clearRollup(db.company.id));
  await db.execute(sql.fillRollup(db.company.id));
}
