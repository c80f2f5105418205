import type { Sql } from '../../platform/db.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import * as sql from './sql.ts';

/** What a launch has frozen. */
export interface Planned {
  recipients: number;
  /** how many are skipped, by the reason */
  skipped: Readonly<Record<string, number>>;
  /** of all recipients together */
  parts: number;
  /** in millionths of the company's currency; parts without a known price cost nothing here */
  ceilingMicros: bigint;
}

/**
 * Writes one row for each of the audience, in one statement: from here on nothing changes who gets what. `audience` is a select of
 * customer_id, channel, address, address_key, country, body, code, parts, price_micros, reason (null: it will be sent), due_at.
 * Throws where two of one channel have the same address.
 */
export async function plan(db: CompanyDb, campaignId: string, audience: Sql): Promise<Planned> {
  const rows = await db.query<sql.PlannedRow>(sql.plan(campaignId, audience));
  const planned = rows.find(({ reason }) => reason === null);
  const skipped = rows.flatMap(({ reason, count }) => (reason === null ? [] : [[reason, count] as const]));
  return {
    recipients: planned?.count ?? 0,
    skipped: Object.fromEntries(skipped),
    parts: Number(planned?.parts ?? 0n),
    ceilingMicros: planned?.micros ?? 0n,
  };
}
