import type { CompanyReader } from '../../tenancy/handles.ts';
import { audienceOf, type Moment, type Reason } from '../audience/audience.ts';
import type { CampaignRow } from '../draft/draft.ts';
import * as sql from './sql.ts';

export interface Recipient {
  readonly customerId: string;
  readonly name: string;
  /** null: there is no phone */
  readonly address: string | null;
  readonly country: string | null;
  /** empty for who is skipped */
  readonly body: string;
  readonly parts: number;
  /** of one part, in millionths of the company's currency */
  readonly priceMicros: bigint | null;
  /** null: gets it */
  readonly reason: Reason | null;
}

export interface Wanted {
  /** who gets it (null), or who is skipped for this reason */
  readonly reason: Reason | null;
  readonly per: number;
  /** the last customer of the page before; null: from the beginning */
  readonly after: string | null;
}

// Those wanted may be few among many: each look goes further than the one before.
const FIRST_LOOK = 1000;
const FURTHER = 8;

/** How many get it (null), or are skipped for this reason. */
export async function totalOf(
  db: CompanyReader,
  campaign: CampaignRow,
  moment: Moment,
  reason: Reason | null,
): Promise<number> {
  const { select } = await audienceOf(db, campaign, moment);
  return (await db.query<{ count: number }>(sql.totalOf(select, reason)))[0]?.count ?? 0;
}

/** A page of a dry run, by customer; `next`: where the following page begins, null: there is none. */
export async function recipients(
  db: CompanyReader,
  campaign: CampaignRow,
  moment: Moment,
  { reason, per, after }: Wanted,
): Promise<{ rows: Recipient[]; next: string | null }> {
  const found: Recipient[] = [];
  let from = after;
  for (let reach = FIRST_LOOK; found.length <= per; reach *= FURTHER) {
    const { select } = await audienceOf(db, campaign, moment, { after: from, limit: reach });
    const rows = await db.query<sql.RecipientRow>(sql.recipients(select, reason, per + 1 - found.length));
    const [first] = rows;
    if (!first) break;
    found.push(...rows.flatMap((row) => readRow(row, reason)));
    if (first.seen < reach) break;
    from = first.last;
  }
  const rows = found.slice(0, per);
  return { rows, next: found.length > per ? (rows.at(-1)?.customerId ?? null) : null };
}

function readRow(row: sql.RecipientRow, reason: Reason | null): Recipient[] {
  const { customer_id: customerId, name, address, country, body, parts, price_micros: priceMicros } = row;
  return customerId === null
    ? []
    : [{ customerId, name: name ?? '', address, country, body, parts, priceMicros, reason }];
}
