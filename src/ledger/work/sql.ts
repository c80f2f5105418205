import { empty, type Sql, sql } from '../../platform/db.ts';
import { LAPSED } from '../states.ts';
import type { Held, Settlement } from './held.ts';

interface Term {
  seconds: number;
  now: Date;
}

const until = (seconds: number) => sql`clock_timestamp() + ${seconds} * interval '1 second'`;
const at = (now: Date) => sql`${now.toISOString()}::timestamptz`;

// Rows whose keys are known are looked up by their keys: the index by state is full of what others have moved on since.
const byKey = (condition: Sql): Sql => sql`(${condition}) is true`;

// By the partial index of what is open; two workers at once pass over each other's rows. As an array, so that however many deliveries
// a company has, those few are looked up by their keys.
export const claim = (campaignId: string, token: string, { limit, seconds, now }: Term & { limit: number }): Sql => sql`
  update delivery d set state = 'claimed', claim = ${token}::uuid, lease_until = ${until(seconds)}
  where d.company_id = current_company() and d.id = any(array(
    select p.id from delivery p
    where p.company_id = current_company() and p.campaign_id = ${campaignId}::uuid and p.state in ('planned', 'claimed')
      and p.due_at <= ${at(now)} and (p.state = 'planned' or p.lease_until < clock_timestamp())
    order by p.due_at, p.id limit ${limit} for no key update skip locked
  ))
  returning d.id, d.channel`;

export interface Rules {
  kind: 'group' | 'one' | 'reply' | 'test';
  expired: boolean;
  asked: boolean;
  /** 0: there is none */
  cap: bigint;
  /** the beginning of the company's day */
  today: Date;
}

// One row, locked: a pause waits for whoever is in the middle of this, and is waited for.
export const rules = (campaignId: string, now: Date): Sql => sql`
  select c.kind, coalesce(c.expires_at <= ${at(now)}, false) as expired, k.sms_consent = 'asked' as asked,
         case when c.kind = 'group' then k.sms_cap else 0 end as cap,
         date_trunc('day', ${at(now)}, k.timezone) as today
  from campaign c join company k on k.id = c.company_id
  where c.company_id = current_company() and c.id = ${campaignId}::uuid and c.state = 'sending'
    and not exists (select from portal_setting where name = 'restored')
  for no key update of c`;

// Two campaigns that call the same person at the same moment would each find that nothing was sent today.
export const oneByOne = (): Sql => sql`
  select pg_advisory_xact_lock(hashtextextended('delivery.call ' || current_company()::text, 0))::text`;

const refusal = ({ kind, expired, asked, cap, today }: Rules): Sql => sql`
  case
    when ${expired} then 'expired'
    when s.reason = 'hand' then 'blocked'
    when s.reason is not null then 'stop'
    ${kind === 'group' ? sql`when ${asked ? sql`y.granted is not true` : sql`y.granted is false`} then 'noConsent'` : empty}
    ${cap > 0n ? sql`when d.first_id is null and ${sentToday(today)} >= ${cap} then 'cap'` : empty}
  end`;

// By the customer, with all that are one with it, or by the number. A second try on another channel is no second message. Each is
// looked up by its own key: by the day, everybody who was called today would be read for each one.
const sentToday = (today: Date): Sql => sql`
  (select count(*) from (
     ${calledSince(today, sql`o.address_key = d.address_key`)} union ${calledSince(today, sql`o.customer_id = any(${same})`)}
   ) o join campaign g on g.company_id = current_company() and g.id = o.campaign_id and g.kind = 'group')`;

// merged_into always names the one that is left.
const same = sql`array(
  select coalesce(e.merged_into, e.id) from customer e where e.company_id = current_company() and e.id = d.customer_id
  union all
  select f.id from customer e join customer f on f.company_id = e.company_id and f.merged_into = coalesce(e.merged_into, e.id)
  where e.company_id = current_company() and e.id = d.customer_id)`;

const calledSince = (today: Date, whose: Sql): Sql => sql`
  select o.id, o.campaign_id from delivery o where o.company_id = current_company() and ${whose}
  and ${byKey(sql`o.called_at >= ${at(today)} and o.first_id is null and o.id <> d.id`)}`;

export const call = (
  campaignId: string,
  { claim: token, ids }: Held,
  rules: Rules,
  { sender, seconds, now }: Term & { sender: string | null },
): Sql => sql`
  with held as materialized (
    select d.id, ${refusal(rules)} as refusal
    from delivery d
    left join suppression s on s.company_id = d.company_id and s.address_key = d.address_key
    left join consent y on y.company_id = d.company_id and y.address_key = d.address_key and y.channel = d.channel
    where d.company_id = current_company() and d.id = any(${[...ids]}::uuid[])
      and ${byKey(sql`d.campaign_id = ${campaignId}::uuid and d.state = 'claimed' and d.claim = ${token}::uuid`)}
    order by d.id for no key update of d
  )
  update delivery d set
    state = case when h.refusal is null then 'calling' else 'skipped' end,
    reason = h.refusal,
    settled_at = case when h.refusal is not null then ${at(now)} end,
    claim = case when h.refusal is null then d.claim end,
    lease_until = case when h.refusal is null then ${until(seconds)} end,
    called_at = case when h.refusal is null then ${at(now)} end,
    attempts = d.attempts + case when h.refusal is null then 1 else 0 end,
    sender = ${sender}
  from held h where d.company_id = current_company() and d.id = h.id
  returning d.id, d.state, d.channel, d.address, d.address_key, d.body`;

const field = (rows: readonly Settlement[], of: (row: Settlement) => string | null) => rows.map(of);

// Also what is unknown by now: whoever made the call knows better, however late.
// A provider's words may name the number: of one that was erased meanwhile they are not kept.
export const settle = (token: string, rows: readonly Settlement[], now: Date): Sql => sql`
  with held as (
    select d.id, n.state, n.sid, n.reason, n.error_code
    from delivery d
    join unnest(${field(rows, ({ id }) => id)}::uuid[], ${field(rows, ({ state }) => state)}::text[],
                ${field(rows, (row) => ('sid' in row ? row.sid : null))}::text[],
                ${field(rows, (row) => ('reason' in row ? row.reason : null))}::text[],
                ${field(rows, (row) => ('errorCode' in row ? row.errorCode : null))}::text[])
      as n (id, state, sid, reason, error_code) on n.id = d.id
    where d.company_id = current_company() and ${byKey(sql`(d.state = 'calling' and d.claim = ${token}::uuid) or (d.state = 'unknown' and n.state <> 'unknown')`)}
    order by d.id for no key update of d
  )
  update delivery d set state = h.state, sid = h.sid, reason = case when d.address is not null then h.reason end,
         error_code = h.error_code, claim = null, lease_until = null,
         accepted_at = case when h.state = 'accepted' then ${at(now)} end,
         settled_at = case when h.state = 'failed' then ${at(now)} end
  from held h where d.company_id = current_company() and d.id = h.id
  returning d.id, d.state`;

export const release = (token: string, ids: readonly string[], dueAt: Date | null): Sql => sql`
  update delivery d set state = 'planned', claim = null, lease_until = null, called_at = null,
         due_at = greatest(d.due_at, ${dueAt?.toISOString() ?? null}::timestamptz)
  where d.company_id = current_company() and d.id = any(${[...ids]}::uuid[])
    and ${byKey(sql`d.claim = ${token}::uuid and d.state in ('claimed', 'calling')`)}`;

export const releaseAll = (campaignId: string): Sql => sql`
  update delivery d set state = 'planned', claim = null, lease_until = null
  where d.company_id = current_company() and d.campaign_id = ${campaignId}::uuid and d.state = 'claimed'`;

export const skipRest = (campaignId: string, reason: string, limit: number): Sql => sql`
  update delivery d set state = 'skipped', reason = ${reason}, claim = null, lease_until = null, settled_at = now()
  where d.company_id = current_company() and d.state in ('planned', 'claimed') and d.id = any(array(
    select p.id from delivery p
    where p.company_id = current_company() and p.campaign_id = ${campaignId}::uuid and p.state in ('planned', 'claimed')
    order by p.due_at, p.id limit ${limit} for no key update
  ))`;

export const lapse = (campaignId: string | null): Sql => sql`
  update delivery d set state = 'unknown', claim = null, lease_until = null,
         reason = ${LAPSED}
  where d.company_id = current_company() and d.state = 'calling' and d.lease_until < clock_timestamp()
    ${campaignId ? sql`and d.campaign_id = ${campaignId}::uuid` : empty}`;

export const next = (campaignId: string): Sql => sql`
  select count(*)::int as open, min(d.due_at) filter (where d.state = 'planned') as due_at,
         extract(epoch from min(d.lease_until) - clock_timestamp())::float8 as lease_seconds
  from delivery d
  where d.company_id = current_company() and d.campaign_id = ${campaignId}::uuid and d.state in ('planned', 'claimed', 'calling')`;
