import { lock, recompute } from '../identity/identity.ts';
import { dayStart } from '../kernel/time.ts';
import type { Company } from '../tenancy/company.ts';
import type { CompanyDb } from '../tenancy/handles.ts';
import type { Tenancy } from '../tenancy/tenancy.ts';
import { openConversion } from './conversion.ts';
import * as sql from './sql.ts';

export interface Reconverted {
  /** orders whose amount or rate changed */
  orders: number;
  /** customers whose sums were made anew */
  customers: number;
}

const BATCH = 1000;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/**
 * Converts the company's stored orders in `currency`, from the local day `day` (YYYY-MM-DD) on, with the rates now in force on
 * their days, and recomputes their customers. One transaction per batch: arrivals go on coming in between, and already find the
 * new rates. Safe to repeat.
 */
export async function reconvert(
  tenancy: Tenancy,
  company: Company,
  currency: string,
  day: string,
): Promise<Reconverted> {
  const since = dayStart(day, company.timezone);
  const customers = new Set<string>();
  let [orders, after] = [0, BEFORE_ALL];
  for (;;) {
    const batch = await tenancy.inCompany(company, (db) => reconvertBatch(db, currency, since, after));
    orders += batch.changed;
    for (const id of batch.customers) customers.add(id);
    if (batch.last === null) return { orders, customers: customers.size };
    after = batch.last;
  }
}

interface StoredOrder extends sql.StoredConversion {
  id: string;
  at: Date;
  total: bigint;
  customer_id: string | null;
}

/** `last`: where the next batch goes on; null: this was the last one. */
async function reconvertBatch(db: CompanyDb, currency: string, since: Date, after: string) {
  await lock(db);
  const rows = await db.query<StoredOrder>(sql.foreignOrders(db.company.id, currency, since, after, BATCH));
  const convert = await openConversion(
    db,
    rows.map(({ at }) => ({ currency, at })),
  );
  const now = rows.map((row) => ({ ...row, ...convert({ currency, at: row.at, total: row.total }) }));
  const changed = now.filter((row, index) => differs(row, rows[index] as StoredOrder));
  const customers = [...new Set(changed.flatMap((row) => row.customer_id ?? []))];
  if (changed.length > 0) {
    const values = changed.map(({ id, converted, rate, rate_day }) => ({ id, converted, rate, rate_day }));
    await db.execute(sql.storeConversions(db.company.id, JSON.stringify(values)));
    await recompute(db, customers);
  }
  return { changed: changed.length, customers, last: rows.length < BATCH ? null : (rows.at(-1)?.id ?? null) };
}

const differs = (a: sql.StoredConversion, b: sql.StoredConversion) =>
  a.converted !== b.converted || a.rate !== b.rate || a.rate_day !== b.rate_day;
