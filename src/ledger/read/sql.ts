import { empty, type Sql, sql } from '../../platform/db.ts';
import { type Channel, LAPSED, type State } from '../states.ts';

export const counts = (campaignId: string): Sql => sql`
  select state, count(*)::int as count from delivery
  where company_id = current_company() and campaign_id = ${campaignId}::uuid group by state`;

export const reasons = (campaignId: string, state: State): Sql => sql`
  select coalesce(error_code, reason) as reason, count(*)::int as count from delivery
  where company_id = current_company() and campaign_id = ${campaignId}::uuid and state = ${state}
  group by 1 order by 2 desc, 1`;

// How many there are in all is counted only where enough have failed for that to matter.
export const failures = (campaignId: string, since: Date, least: number): Sql => sql`
  with failed as materialized (
    select count(*)::int as count from delivery d
    where ${calledSince(campaignId, since)} and d.state in ('undelivered', 'failed', 'unknown')
      and not exists (select from delivery s where s.company_id = current_company() and s.first_id = d.id)
  )
  select f.count as failed, case when f.count >= ${least} then (
    select count(*)::int from delivery d
    where ${calledSince(campaignId, since)} and d.state in ('accepted', 'delivered', 'undelivered', 'failed', 'unknown')
  ) else f.count end as settled
  from failed f`;

const calledSince = (campaignId: string, since: Date): Sql => sql`
  d.company_id = current_company() and d.campaign_id = ${campaignId}::uuid and d.called_at >= ${since.toISOString()}::timestamptz
  and (d.state <> 'unknown' or d.reason is distinct from ${LAPSED})`;

export interface DeliveryRow {
  id: string;
  customer_id: string | null;
  /** null: there is no customer any more */
  customer_name: string | null;
  channel: Channel;
  address: string | null;
  country: string | null;
  body: string;
  parts: bigint;
  /** of one part, in millionths of the company's currency; null: not known */
  price_micros: bigint | null;
  /** the one on another channel that failed before this one */
  first_id: string | null;
  state: State;
  reason: string | null;
  error_code: string | null;
  due_at: Date;
  attempts: bigint;
  sender: string | null;
  sid: string | null;
  called_at: Date | null;
  accepted_at: Date | null;
  settled_at: Date | null;
}

const columns = sql`
  d.id, d.customer_id, k.name as customer_name, d.channel, d.address, d.country, d.body, d.parts, d.price_micros, d.first_id, d.state,
  d.reason, d.error_code, d.due_at, d.attempts, d.sender, d.sid, d.called_at, d.accepted_at, d.settled_at`;

export const list = (campaignId: string, states: readonly State[], limit: number, before: string | null): Sql => sql`
  select ${columns} from delivery d
  left join customer k on k.company_id = d.company_id and k.id = d.customer_id
  where d.company_id = current_company() and d.campaign_id = ${campaignId}::uuid and d.state = any(${[...states]}::text[])
  ${before ? sql`and d.id > ${before}::uuid` : empty}
  order by d.id limit ${limit}`;

export interface SentRow extends DeliveryRow {
  campaign_id: string;
  campaign_name: string;
  kind: 'group' | 'one' | 'reply' | 'test';
  created_at: Date;
}

const withCampaign = sql`
  select ${columns}, d.campaign_id, c.name as campaign_name, c.kind, d.created_at from delivery d
  join campaign c on c.company_id = d.company_id and c.id = d.campaign_id
  left join customer k on k.company_id = d.company_id and k.id = d.customer_id
  where d.company_id = current_company()`;

export const one = (id: string): Sql => sql`${withCampaign} and d.id = ${id}::uuid`;

// What went to those that were merged into it belongs to it, for as long as they are.
export const sentTo = (customerId: string, limit: number, before: string | null): Sql => sql`
  ${withCampaign} and d.customer_id in (
    select f.id from customer f
    where f.company_id = current_company() and (f.id = ${customerId}::uuid or f.merged_into = ${customerId}::uuid))
  ${before ? sql`and (d.created_at, d.id) < (select o.created_at, o.id from delivery o where o.company_id = current_company() and o.id = ${before}::uuid)` : empty}
  order by d.created_at desc, d.id desc limit ${limit}`;

/** What the provider has taken, or may have: what it refused at once has no id there, and costs nothing. */
export const handedOver = sql`(called_at is not null and (state <> 'failed' or sid is not null))`;

export const spentSince = (at: Date): Sql => sql`
  select coalesce(sum(parts * price_micros), 0)::bigint as micros from delivery
  where company_id = current_company() and ${handedOver} and called_at >= ${at.toISOString()}::timestamptz`;

export const reserved = (): Sql => sql`
  select coalesce(sum(d.parts * d.price_micros), 0)::bigint as micros
  from campaign c join delivery d on d.company_id = c.company_id and d.campaign_id = c.id
  where c.company_id = current_company() and c.state in ('scheduled', 'sending', 'paused') and d.state in ('planned', 'claimed')`;

export interface MayFallBackRow {
  /** the channel it would go on by */
  channel: Channel;
  country: string | null;
  parts: bigint;
}

// Of campaigns that are over too: their last failures are told later. What was kept for the outbox page has none.
export const mayFallBack = (since: Date): Sql => sql`
  select c.fallback as channel, d.country, sum(sms_parts(d.body))::bigint as parts
  from campaign c join delivery d on d.company_id = c.company_id and d.campaign_id = c.id
  where c.company_id = current_company() and c.fallback is not null and c.fallback <> d.channel and d.address is not null
    and (c.state in ('scheduled', 'sending', 'paused') and d.state in ('planned', 'claimed')
      or c.state in ('sending', 'paused', 'finished') and d.state in ('calling', 'accepted', 'unknown') and (d.sid like 'outbox:%') is not true
        and d.called_at > ${since.toISOString()}::timestamptz)
  group by 1, 2`;
