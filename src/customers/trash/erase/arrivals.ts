import type { CompanyDb } from '../../../tenancy/handles.ts';
import * as sql from './sql.ts';

/**
 * Takes the person out of these orders, messages, feedback and imported lines; what is left are figures. A number that nothing names
 * any more was never dealt with. Recomputes nobody.
 */
export async function eraseArrivals(db: CompanyDb, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const company = db.company.id;
  const phones = await db.query<{ value: string }>(sql.phonesOf(company, ids));
  for (const blank of [
    sql.dropEvidence,
    sql.blankArrivals,
    sql.blankOrders,
    sql.blankMessages,
    sql.blankFeedback,
    sql.dropMoves,
  ])
    await db.execute(blank(company, ids));
  const keyed = phones.map(({ value }) => ({ phone: value, phone_key: db.keyOfPhone(value) }));
  await db.execute(sql.dropUnprovedDealings(company, JSON.stringify(keyed)));
}
