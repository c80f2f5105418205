import { type Sql, sql } from '../../platform/db.ts';
import type { Channel, State } from '../states.ts';
import type { Fate, News } from './told.ts';

export interface HeardRow {
  id: string;
  campaign_id: string;
  customer_id: string | null;
  channel: Channel;
  address: string | null;
  address_key: string | null;
  from: State;
  to: Fate;
  error_code: string | null;
}

const array = <T>(news: readonly News[], of: (one: News) => T) => news.map(of);

// The best news of each row, in the order of ids: two that hear of the same rows at once wait instead of blocking each other. A sid is
// believed once: one delivery has one, and no two have the same.
export const hear = (news: readonly News[]): Sql => sql`
  with news as (
    select coalesce(n.id, (select s.id from delivery s where s.company_id = current_company() and s.sid = n.sid)) as id,
           n.sid, n.state, n.error_code, n.reason, n.at
    from unnest(${array(news, ({ id }) => id ?? null)}::uuid[], ${array(news, ({ sid }) => sid)}::text[],
                ${array(news, ({ state }) => state)}::text[], ${array(news, (one) => one.errorCode ?? null)}::text[],
                ${array(news, (one) => one.reason ?? null)}::text[],
                ${array(news, ({ at }) => at.toISOString())}::timestamptz[]) as n (id, sid, state, error_code, reason, at)
  ), best as (
    select distinct on (id) * from news where id is not null order by id, (state = 'accepted'), at
  ), held as (
    select d.id, d.state as was, b.sid, b.state, b.error_code, b.reason, b.at
    from delivery d join best b on b.id = d.id
    where d.company_id = current_company() and (d.sid is null or d.sid = b.sid)
      and (d.state in ('calling', 'unknown') or (d.state = 'accepted' and b.state <> 'accepted'))
      and not exists (select from delivery o where o.company_id = current_company() and o.sid = b.sid and o.id <> d.id)
    order by d.id for no key update of d
  )
  update delivery d set state = h.state, sid = h.sid, claim = null, lease_until = null,
         error_code = h.error_code, reason = case when d.address is not null then h.reason end, accepted_at = coalesce(d.accepted_at, h.at),
         settled_at = case when h.state <> 'accepted' then h.at end
  from held h where d.company_id = current_company() and d.id = h.id
  returning d.id, d.campaign_id, d.customer_id, d.channel, d.address, d.address_key, h.was as "from", d.state as "to", d.error_code`;

// In the order of ids, like everybody who writes several. A row that is being moved is waited for, and then looked at as it is by then.
export const silence = (addressKey: string, reason: string): Sql => sql`
  with held as (
    select d.id from delivery d
    where d.company_id = current_company() and d.address_key = ${addressKey} and (d.state in ('planned', 'claimed')) is true
    order by d.id for no key update
  )
  update delivery d set state = 'skipped', reason = ${reason}, claim = null, lease_until = null, settled_at = now()
  from held h where d.company_id = current_company() and d.id = h.id and d.state in ('planned', 'claimed')`;

export const openOf = (addressKey: string): Sql => sql`
  select count(*)::int as open from delivery
  where company_id = current_company() and address_key = ${addressKey} and state in ('claimed', 'calling')`;

export const ofCustomers = (ids: readonly string[]): Sql => sql`d.customer_id = any(${[...ids]}::uuid[])`;
export const ofNumber = (addressKey: string): Sql => sql`d.address_key = ${addressKey}`;

// A provider's words may name the number: only ours stay.
export const forget = (which: Sql): Sql => sql`
  with held as (
    select d.id, d.state in ('planned', 'claimed') as open from delivery d
    where d.company_id = current_company() and ${which}
    order by d.id for no key update
  )
  update delivery d set address = null, address_key = null, body = '', code = null, customer_id = null,
         state = case when h.open then 'skipped' else d.state end,
         reason = case when h.open then 'cancelled' when d.state = 'skipped' then d.reason end,
         claim = case when h.open then null else d.claim end
  from held h where d.company_id = current_company() and d.id = h.id`;

// What was written to one person by hand stands in its campaign too. To be asked before `forget`.
export const forgetLetters = (which: Sql): Sql => sql`
  update campaign c set address = null, body = case when c.kind = 'test' then c.body else '…' end,
         name = case when c.kind = 'test' then c.name else '…' end, updated_at = now()
  where c.company_id = current_company() and c.kind in ('one', 'reply', 'test')
    and exists (select from delivery d where d.company_id = c.company_id and d.campaign_id = c.id and ${which})`;

export interface Wanting {
  id: string;
  campaign_id: string;
  /** the channel it is to go on by */
  channel: Channel;
  country: string | null;
}

/** Those that have finally failed on a channel whose campaign wants another one then. */
export const wanting = (ids: readonly string[]): Sql => sql`
  select d.id, d.campaign_id, c.fallback as channel, d.country
  from delivery d join campaign c on c.company_id = d.company_id and c.id = d.campaign_id
  where d.company_id = current_company() and d.id = any(${[...ids]}::uuid[]) and d.state in ('failed', 'undelivered')
    and c.fallback <> d.channel and c.state in ('sending', 'paused', 'finished') and d.address is not null`;

// A worker that ends such a campaign looks for open rows once it holds it: either it sees the new ones, or they find it finished.
export const lockCampaigns = (ids: readonly string[]): Sql => sql`
  select id from campaign where company_id = current_company() and id = any(${[...ids]}::uuid[]) order by id for no key update`;

// The address where its person says no stays with the first row: the text leads there.
export const fallBack = (rows: readonly (Wanting & { micros: bigint | null })[], now: Date): Sql => sql`
  insert into delivery (company_id, id, campaign_id, customer_id, channel, address, address_key, country, body, parts, price_micros,
                        first_id, due_at, state, reason, settled_at)
  select d.company_id, new_id(), d.campaign_id, d.customer_id, n.channel, d.address, d.address_key, d.country, d.body,
         sms_parts(d.body), n.micros, d.id, ${now.toISOString()}::timestamptz,
         case when x.free then 'planned' else 'skipped' end, case when not x.free then 'noPrice' end,
         case when not x.free then ${now.toISOString()}::timestamptz end
  from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ channel }) => channel)}::text[],
              ${rows.map(({ micros }) => micros)}::bigint[]) as n (id, channel, micros)
  join delivery d on d.company_id = current_company() and d.id = n.id
  join company k on k.id = d.company_id
  cross join lateral (select n.micros is not null or k.sms_budget is null as free) x
  on conflict do nothing returning campaign_id, state`;

export const wakeCampaigns = (ids: readonly string[]): Sql => sql`
  update campaign set state = 'sending', finished_at = null, updated_at = now()
  where company_id = current_company() and id = any(${[...ids]}::uuid[]) and state = 'finished' returning id`;

export const sending = (ids: readonly string[]): Sql => sql`
  select id from campaign where company_id = current_company() and id = any(${[...ids]}::uuid[]) and state = 'sending' order by id`;
