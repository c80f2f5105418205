import { type Sql, sql } from '../../platform/db.ts';
import type { Reason } from '../audience/audience.ts';
import { type Price, priceList } from '../audience/sql.ts';
import { isUnicode } from '../text/sql.ts';

export interface GroupRow {
  reason: Reason | null;
  country: string | null;
  parts: number;
  unicode: boolean;
  price: string | null;
  count: number;
}

export interface FiguresRow {
  groups: GroupRow[] | null;
  sample: { customer_id: string; name: string; address: string; body: string; parts: number }[] | null;
  mark: string;
  /** what SMS to all of them would cost beside, where the channel fails, in millionths of the company's currency */
  fallback: string;
}

const SAMPLE = 5;

const mark = sql`coalesce(sum(hashtextextended(a.customer_id::text || a.address, 0)), 0)::text`;

/** Everything a dry run tells, from one pass over the audience. */
export const figures = (audience: Sql, fallbackPrices: readonly Price[] | null): Sql => sql`
  with a as materialized (${audience})
  select (
    select json_agg(g) from (
      select a.reason, case when a.reason is null then a.country end as country, a.parts::int as parts, ${isUnicode(sql`a.body`)} as unicode,
             case when a.reason is null then a.price_micros::text end as price, count(*)::int as count
      from a group by 1, 2, 3, 4, 5
    ) g
  ) as groups, (
    select json_agg(s) from (
      select a.customer_id, c.name, a.address, a.body, a.parts::int as parts
      from a join customer c on c.company_id = current_company() and c.id = a.customer_id
      where a.reason is null order by a.customer_id limit ${SAMPLE}::int
    ) s
  ) as sample, (select ${mark} from a where a.reason is null) as mark,
  (${fallbackOf(sql`a where a.reason is null`, fallbackPrices)}) as fallback`;

function fallbackOf(rows: Sql, prices: readonly Price[] | null): Sql {
  if (prices === null) return sql`select '0'`;
  return sql`
    select coalesce(sum(sms_parts(f.body) * p.micros), 0)::text from (select a.body, a.country from ${rows}) f
    join (${priceList({ prices })}) p on p.country = f.country`;
}

/** Of a list that was frozen. */
export const fallbackCeiling = (campaignId: string, prices: readonly Price[]): Sql => sql`
  select f.micros from (${fallbackOf(sql`delivery a where a.company_id = current_company() and a.campaign_id = ${campaignId}::uuid and a.state = 'planned'`, prices)}) f (micros)`;

/** Of a list that was frozen, the same as of the one that was looked at. */
export const markOf = (campaignId: string): Sql => sql`
  select ${mark} as mark from delivery a
  where a.company_id = current_company() and a.campaign_id = ${campaignId}::uuid and a.state = 'planned'`;

export interface RecipientRow {
  /** customers looked at, and the last of them */
  seen: number;
  last: string;
  /** null: none of them is wanted */
  customer_id: string | null;
  name: string | null;
  address: string | null;
  country: string | null;
  body: string;
  parts: number;
  price_micros: bigint | null;
}

/** Those of the audience with this reason (null: who gets it), in the order of their ids. No row: there is no audience. */
export const recipients = (audience: Sql, reason: Reason | null, limit: number): Sql => sql`
  with a as materialized (${audience})
  select t.seen, t.last, p.*, c.name
  from (select (select count(*)::int from a) as seen, (select customer_id from a order by customer_id desc limit 1) as last) t
  left join lateral (
    select a.customer_id, a.address, a.country, a.body, a.parts::int as parts, a.price_micros
    from a where a.reason is not distinct from ${reason}::text order by a.customer_id limit ${limit}::int
  ) p on true
  left join customer c on c.company_id = current_company() and c.id = p.customer_id
  where t.seen > 0
  order by p.customer_id`;

export const totalOf = (audience: Sql, reason: Reason | null): Sql => sql`
  select count(*)::int as count from (${audience}) a where a.reason is not distinct from ${reason}::text`;

/** No row: it is no draft, or not there. Of two who launch it one waits, and then finds it gone. */
export const lockDraft = (id: string): Sql => sql`
  select id from campaign where company_id = current_company() and id = ${id}::uuid and state = 'draft' for update`;

// Not "for update": that would hold up every order that comes in meanwhile.
export const lockBudget = (): Sql => sql`select id from company where id = current_company() for no key update`;

interface Going {
  state: 'scheduled' | 'sending';
  userId: string | null;
  now: Date;
  ceilingMicros: bigint;
}

export const launched = (id: string, { state, userId, now, ceilingMicros }: Going): Sql => sql`
  update campaign set state = ${state}, launched_by = ${userId}::uuid, launched_at = ${now.toISOString()}::timestamptz,
    running_since = ${now.toISOString()}::timestamptz, ceiling_micros = ${ceilingMicros}, updated_at = now()
  where company_id = current_company() and id = ${id}::uuid`;
