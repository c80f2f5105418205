import { empty, type Sql, sql } from '../platform/db.ts';
import type { Channel, Reason } from './channels.ts';

/** `told`: [{id, channel, address_key, granted, at, source, wording}] as JSON. Answers the ids of those that had not been told before. */
export const insertRecords = (companyId: string, told: string, userId: string | null): Sql => sql`
  insert into consent_record (company_id, id, channel, address_key, granted, at, source, wording, recorded_by)
  select ${companyId}::uuid, r.id, r.channel, r.address_key, r.granted, r.at, r.source, r.wording, ${userId}::uuid
  from (${rows(told)}) r order by r.id
  on conflict (company_id, id) do nothing
  returning id`;

const rows = (told: string) => sql`
  select distinct on (id) * from json_to_recordset(${told}::json)
    as r (id uuid, channel text, address_key text, granted boolean, at timestamptz, source text, wording text)
  order by id`;

// What it answers of freshness is asked of the moment before: a table in partitions does not tell of a row who has written it.
// The newest word holds, whatever came in first. Of two at the same moment the refusal does; then the texts decide, so that it is the
// same one in any order.
export const settle = (companyId: string, told: string): Sql => sql`
  insert into consent as c (company_id, address_key, channel, granted, at, source, wording)
  select distinct on (r.address_key, r.channel)
    ${companyId}::uuid, r.address_key, r.channel, r.granted, r.at, r.source, r.wording
  from (${rows(told)}) r
  order by r.address_key, r.channel, r.at desc, r.granted, r.source collate "C" desc, r.wording collate "C" desc
  on conflict (company_id, address_key, channel) do update set
    granted = excluded.granted, at = excluded.at, source = excluded.source, wording = excluded.wording
  where (excluded.at, not excluded.granted, excluded.source collate "C", excluded.wording collate "C")
      > (c.at, not c.granted, c.source collate "C", c.wording collate "C")
  returning c.channel, c.address_key as "addressKey", not exists (
    select from consent b where b.company_id = c.company_id and b.address_key = c.address_key and b.channel = c.channel) as fresh`;

// What the person said outweighs what the company did; the hand that blocked it too is kept in "by", and blocks again after START.
export const suppress = (
  companyId: string,
  { addressKey, hint, reason, userId }: { addressKey: string; hint: string; reason: Reason; userId: string | null },
): Sql => sql`
  insert into suppression as s (company_id, address_key, reason, hint, by)
  values (${companyId}::uuid, ${addressKey}, ${reason}, ${hint}, ${userId}::uuid)
  on conflict (company_id, address_key) do update set
    reason = case when s.reason = 'hand' then excluded.reason else s.reason end,
    at = case when s.reason = 'hand' then excluded.at else s.at end,
    by = coalesce(s.by, excluded.by)
  where (s.reason = 'hand' and excluded.reason <> 'hand') or (s.by is null and excluded.by is not null)
  returning address_key`;

/** Takes away what only the person may: where the company had blocked it too, that stays. */
export const liftByPerson = (addressKey: string, reasons: readonly Reason[]): Sql => sql`
  with left_blocked as (
    update suppression set reason = 'hand'
    where company_id = current_company() and address_key = ${addressKey} and reason = any(${[...reasons]}::text[]) and by is not null
    returning hint
  ), lifted as (
    delete from suppression
    where company_id = current_company() and address_key = ${addressKey} and reason = any(${[...reasons]}::text[]) and by is null
    returning hint
  )
  select hint from left_blocked union all select hint from lifted`;

/** Takes away what the company did: where the person had said STOP too, that stays. */
export const liftByHand = (addressKey: string): Sql => sql`
  with left_silent as (
    update suppression set by = null
    where company_id = current_company() and address_key = ${addressKey} and reason <> 'hand' and by is not null
    returning hint
  ), lifted as (
    delete from suppression where company_id = current_company() and address_key = ${addressKey} and reason = 'hand'
    returning hint
  )
  select hint from left_silent union all select hint from lifted`;

export interface ConsentRow {
  addressKey: string;
  channel: Channel;
  granted: boolean;
  at: Date;
  source: string;
  wording: string;
}

export const consentsOf = (keys: readonly string[]): Sql => sql`
  select address_key as "addressKey", channel, granted, at, source, wording from consent
  where company_id = current_company() and address_key = any(${[...keys]}::text[])`;

export interface RecordRow extends ConsentRow {
  id: string;
  recordedAt: Date;
  /** null: a program, or somebody who is no user any more */
  recordedBy: string | null;
}

export const recordsOf = (keys: readonly string[], most: number): Sql => sql`
  select r.address_key as "addressKey", r.channel, r.granted, r.at, r.source, r.wording, r.id,
         r.recorded_at as "recordedAt", u.name as "recordedBy"
  from consent_record r left join app_user u on u.id = r.recorded_by
  where r.company_id = current_company() and r.address_key = any(${[...keys]}::text[])
  order by r.at desc, r.id desc limit ${most}`;

export interface SuppressedRow {
  addressKey: string;
  reason: Reason;
  /** the last two digits */
  hint: string;
  at: Date;
  /** who blocked it by hand, also where the person said STOP beside that */
  by: string | null;
  blocked: boolean;
}

const suppressed = sql`
  select s.address_key as "addressKey", s.reason, s.hint, s.at, u.name as by, s.by is not null or s.reason = 'hand' as blocked`;

export const suppressedOf = (keys: readonly string[]): Sql => sql`
  ${suppressed} from suppression s left join app_user u on u.id = s.by
  where s.company_id = current_company() and s.address_key = any(${[...keys]}::text[])`;

export interface ListedRow extends SuppressedRow {
  /** null: no customer has the number */
  customerId: string | null;
  customer: string | null;
  phone: string | null;
}

// Page after page by time; one number by its key.
export const list = ({
  key,
  per,
  before,
}: {
  key: string | null;
  per: number;
  /** the key of the last one of the page before */
  before: string | null;
}): Sql => sql`
  ${suppressed}, k.customer_id as "customerId", c.name as customer, k.value as phone
  from (
    select * from suppression
    where company_id = current_company()
    ${key === null ? empty : sql`and address_key = ${key}`}
    ${before === null ? empty : sql`and (at, address_key) < (select b.at, b.address_key from suppression b where b.company_id = current_company() and b.address_key = ${before})`}
    order by at desc, address_key desc limit ${per}
  ) s
  left join app_user u on u.id = s.by
  left join lateral (
    select k.customer_id, k.value from contact k
    where k.company_id = s.company_id and k.phone_key = s.address_key order by k.created_at, k.customer_id limit 1
  ) k on true
  left join customer c on c.company_id = s.company_id and c.id = k.customer_id and c.listed
  order by s.at desc, s.address_key desc`;

export const howMany = (): Sql => sql`select count(*) as count from suppression where company_id = current_company()`;

// That a number was said not to be written to outlives what was told of it, like a STOP.
export const forgetConsents = (keys: readonly string[]): Sql => sql`
  with refused as (
    insert into suppression as s (company_id, address_key, reason, hint)
    select distinct current_company(), c.address_key, 'stop', '' from consent c
    where c.company_id = current_company() and c.address_key = any(${[...keys]}::text[]) and not c.granted and c.channel <> 'email'
    on conflict (company_id, address_key) do update set reason = excluded.reason, at = excluded.at where s.reason = 'hand'
  ), records as (
    delete from consent_record where company_id = current_company() and address_key = any(${[...keys]}::text[])
  )
  delete from consent where company_id = current_company() and address_key = any(${[...keys]}::text[])`;
