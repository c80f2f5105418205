import { handedOver } from '../../ledger/ledger.ts';
import { join, type Sql, sql } from '../../platform/db.ts';

export type Channel = 'sms' | 'viber' | 'messenger';
export type Kind = 'group' | 'one' | 'reply' | 'test';
export type State = 'draft' | 'scheduled' | 'sending' | 'paused' | 'finished' | 'cancelled';

export interface CampaignRow {
  id: string;
  kind: Kind;
  name: string;
  channel: Channel;
  /** where it goes when the channel has finally failed */
  fallback: 'sms' | null;
  /** null: the portal's own */
  sender: string | null;
  body: string;
  /** query string of the list of customers */
  filter: string;
  /** ticked ones instead */
  customer_ids: string[] | null;
  /** of a test */
  address: string | null;
  state: State;
  paused_because: 'person' | 'failures' | null;
  version: bigint;
  scheduled_at: Date | null;
  expires_at: Date | null;
  obeys_quiet_hours: boolean;
  ceiling_micros: bigint;
  created_by: string | null;
  created_at: Date;
  launched_at: Date | null;
  finished_at: Date | null;
  updated_at: Date;
  /** whose it is, and who launched it; null: nobody any more */
  author: string | null;
  launcher: string | null;
  /** of what went to one customer; null: there is no such customer, or no name */
  customer_name: string | null;
}

const columns = sql`
  c.id, c.kind, c.name, c.channel, c.fallback, c.sender, c.body, c.filter, c.customer_ids, c.address, c.state, c.paused_because,
  c.version, c.scheduled_at, c.expires_at, c.obeys_quiet_hours, c.ceiling_micros, c.created_by, c.created_at, c.launched_at,
  c.finished_at, c.updated_at, a.name as author, l.name as launcher, nullif(k.name, '') as customer_name
  from campaign c
  left join customer k on c.kind in ('one', 'reply') and k.company_id = c.company_id and k.id = c.customer_ids[1]
  left join app_user a on a.id = c.created_by left join app_user l on l.id = c.launched_by`;

export const byId = (id: string): Sql => sql`
  select ${columns} where c.company_id = current_company() and c.id = ${id}::uuid`;

/** Newest first; `before`: the id of the last one of the page before. */
export const list = (kinds: readonly Kind[], limit: number, before: string | null): Sql => sql`
  select ${columns}
  where c.company_id = current_company() and c.kind in (${join(kinds)})
    and (${before}::uuid is null or (c.created_at, c.id) <
      (select o.created_at, o.id from campaign o where o.company_id = current_company() and o.id = ${before}::uuid))
  order by c.created_at desc, c.id desc limit ${limit}`;

export interface Fields {
  name: string;
  channel: Channel;
  fallback: 'sms' | null;
  sender: string | null;
  body: string;
  filter: string;
  customerIds: readonly string[] | null;
  address: string | null;
  scheduledAt: Date | null;
  expiresAt: Date | null;
  obeysQuietHours: boolean;
}

export const insert = (companyId: string, id: string, kind: Kind, userId: string | null, fields: Fields): Sql => sql`
  insert into campaign (company_id, id, kind, name, channel, fallback, sender, body, filter, customer_ids, address,
                        scheduled_at, expires_at, obeys_quiet_hours, created_by)
  values (${companyId}::uuid, ${id}::uuid, ${kind}, ${fields.name}, ${fields.channel}, ${fields.fallback}, ${fields.sender},
          ${fields.body}, ${fields.filter}, ${fields.customerIds}::uuid[], ${fields.address}, ${fields.scheduledAt}, ${fields.expiresAt},
          ${fields.obeysQuietHours}, ${userId}::uuid)`;

/** Touches nothing where somebody has saved meanwhile, or it is no draft any more. */
export const update = (id: string, version: bigint, fields: Fields): Sql => sql`
  update campaign set name = ${fields.name}, channel = ${fields.channel}, fallback = ${fields.fallback}, sender = ${fields.sender},
    body = ${fields.body}, filter = ${fields.filter}, customer_ids = ${fields.customerIds}::uuid[],
    scheduled_at = ${fields.scheduledAt}, expires_at = ${fields.expiresAt}, version = version + 1, updated_at = now()
  where company_id = current_company() and id = ${id}::uuid and version = ${version} and state = 'draft'`;

export const remove = (id: string): Sql => sql`
  delete from campaign where company_id = current_company() and id = ${id}::uuid and state = 'draft'`;

/** Those of the ids that are of customers here. */
export const customersOf = (ids: readonly string[]): Sql => sql`
  select id from customer where company_id = current_company() and id = any(${[...ids]}::uuid[])`;

/** How many tests a person has sent since then. */
export const tests = (userId: string, since: Date): Sql => sql`
  select count(*)::int as count from campaign
  where company_id = current_company() and kind = 'test' and created_by = ${userId}::uuid and created_at >= ${since}`;

export const lastTest = (userId: string): Sql => sql`
  select address from campaign
  where company_id = current_company() and kind = 'test' and created_by = ${userId}::uuid and address is not null
  order by created_at desc, id desc limit 1`;

/** One person's tests are counted one after the other. */
export const lockTests = (userId: string): Sql => sql`
  select pg_advisory_xact_lock(hashtextextended('sms test ' || ${userId}::text, 0))`;

export interface Spent {
  /** of what was handed over */
  parts: bigint;
  /** millionths of the company's currency, as far as prices are known */
  micros: bigint;
  /** messages without a known price */
  unpriced: bigint;
  /** when the next one may leave; null: none waits */
  next_at: Date | null;
  /** when those are tried again that the provider did not take; null: there are none */
  retry_at: Date | null;
  /** in the outbox, because the channel is not set up */
  kept: bigint;
}

// On the index alone, but for what failed (whether that was handed over only its id of the provider tells), waits or is kept.
export const spent = (id: string): Sql => sql`
  with mine as not materialized (
    select * from delivery where company_id = current_company() and campaign_id = ${id}::uuid
  ), handed as (
    select parts, price_micros from mine where state <> 'failed' and called_at is not null
    union all
    select parts, price_micros from mine where state = 'failed' and ${handedOver}
  )
  select coalesce(sum(parts), 0)::bigint as parts, coalesce(sum(parts * price_micros), 0)::bigint as micros,
         count(*) filter (where price_micros is null) as unpriced,
         (select min(due_at) from mine where state = 'planned') as next_at,
         (select max(due_at) from mine where state = 'planned' and attempts > 0) as retry_at,
         (select count(*) from mine where state = 'accepted' and sid like 'outbox:%') as kept
  from handed`;
