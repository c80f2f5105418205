import { type Sql, sql } from '../platform/db.ts';

// Identity is decided by one arrival at a time in each company: two that bring the same new phone must not both find it new.
export const lockCompany = (companyId: string): Sql =>
  sql`select pg_advisory_xact_lock(hashtextextended('identity ' || ${companyId}, 0))::text`;

// One by one, each the next one in the order of the key: PostgreSQL takes each company for a small part of the table, asked in any other
// way it would rather read the whole of it, by whatever index.
export const knownContacts = (companyId: string, kinds: string[], values: string[]): Sql => sql`
  select known.*, c.created_at
  from unnest(${kinds}::text[], ${values}::text[]) as wanted (kind, value)
  cross join lateral (
    select k.kind, k.value, k.customer_id, k.shared from contact k
    where k.company_id = ${companyId}::uuid and (k.kind, k.value) >= (wanted.kind, wanted.value)
    order by k.kind, k.value limit 1
  ) known
  cross join lateral (
    select created_at from customer c where c.company_id = ${companyId}::uuid and c.id = known.customer_id limit 1
  ) c
  where known.kind = wanted.kind and known.value = wanted.value`;

export const insertCustomers = (companyId: string, ids: string[]): Sql => sql`
  insert into customer (company_id, id, created_at, latest_at)
  select ${companyId}::uuid, id, now(), now() from unnest(${ids}::uuid[]) as id`;

// Each customer's contacts are numbered as they became known: the first phone stays the first, in whatever batch others come.
export const insertContacts = (companyId: string, contacts: string): Sql => sql`
  insert into contact (company_id, kind, value, customer_id, origin_id, given, phone_key, mobile, country, position)
  select ${companyId}::uuid, kind, value, customer_id, customer_id, given, phone_key, mobile, country,
         row_number() over (partition by customer_id order by n)
           + coalesce((select max(k.position) from contact k where k.company_id = ${companyId}::uuid and k.customer_id = c.customer_id), 0)
  from json_to_recordset(${contacts}::json)
    as c (kind text, value text, customer_id uuid, given text, phone_key text, mobile boolean, country text, n bigint)`;

// Everything of a merged customer moves to its survivor; older customers that had been merged into it are led on.
export const mergeContacts = (companyId: string, merged: string[], survivors: string[]): Sql => sql`
  update contact set customer_id = m.survivor, position = position
    + coalesce((select max(k.position) from contact k where k.company_id = ${companyId}::uuid and k.customer_id = m.survivor), 0)
  from unnest(${merged}::uuid[], ${survivors}::uuid[]) as m (merged, survivor)
  where company_id = ${companyId}::uuid and customer_id = m.merged`;

export const mergeArrivals = (companyId: string, merged: string[], survivors: string[]): Sql => sql`
  update arrival set customer_id = m.survivor
  from unnest(${merged}::uuid[], ${survivors}::uuid[]) as m (merged, survivor)
  where company_id = ${companyId}::uuid and customer_id = m.merged`;

export const mergeCustomers = (companyId: string, merged: string[], survivors: string[]): Sql => sql`
  update customer set merged_into = m.survivor, merged_at = coalesce(merged_at, now())
  from unnest(${merged}::uuid[], ${survivors}::uuid[]) as m (merged, survivor)
  where company_id = ${companyId}::uuid and (id = m.merged or merged_into = m.merged)`;

// Before anything moves: what the merged one owned is kept with the merge.
export const logMerges = (companyId: string, merges: string): Sql => sql`
  insert into customer_merge (company_id, id, survivor_id, merged_id, because_kind, because_value, arrival_id, contacts)
  select ${companyId}::uuid, id, survivor_id, merged_id, because_kind, because_value, arrival_id, coalesce((
    select jsonb_agg(jsonb_build_object('kind', k.kind, 'value', k.value) order by k.position)
    from contact k where k.company_id = ${companyId}::uuid and k.customer_id = m.merged_id), '[]')
  from json_to_recordset(${merges}::json)
    as m (id uuid, survivor_id uuid, merged_id uuid, because_kind text, because_value text, arrival_id uuid)`;

export const raiseDuplicates = (companyId: string, pairs: string): Sql => sql`
  insert into duplicate (company_id, id, customer_id, other_id, because_kind, because_value, arrival_id)
  select ${companyId}::uuid, id, customer_id, other_id, because_kind, because_value, arrival_id
  from json_to_recordset(${pairs}::json)
    as d (id uuid, customer_id uuid, other_id uuid, because_kind text, because_value text, arrival_id uuid)
  on conflict (company_id, customer_id, other_id) do nothing`;

// A contact lives on the evidence for it, unless a person typed it in or decided that it is shared.
export const dropUnprovedContacts = (companyId: string, kinds: string[], values: string[]): Sql => sql`
  delete from contact k using unnest(${kinds}::text[], ${values}::text[]) as lost (kind, value)
  where k.company_id = ${companyId}::uuid and k.kind = lost.kind and k.value = lost.value and not k.by_hand and not k.shared
    and not exists (select from evidence e where e.company_id = k.company_id and e.kind = k.kind and e.value = k.value)
  returning k.customer_id`;

/** A person has said something of a customer `c`, merged or not. */
const isTold = sql`
  (c.typed or c.name_by_hand or c.gender_by_hand or c.region_by_hand or c.note <> '' or c.other_channels <> ''
   or exists (select from customer_change h where h.company_id = c.company_id and h.customer_id = c.id)
   or exists (select from customer_tag t where t.company_id = c.company_id and t.customer_id = c.id)
   or exists (select from decision d where d.company_id = c.company_id and (d.customer_id = c.id or d.other_id = c.id)))`;

/** Nobody's word, no order, message or feedback and no contact: a customer `c` of whom nothing is left but the address. */
const isEmpty = sql`
  c.listed and not ${isTold}
  and not exists (select from arrival a where a.company_id = c.company_id and a.customer_id = c.id)
  and not exists (select from contact k where k.company_id = c.company_id and k.customer_id = c.id)`;

// Customers whose last order was re-posted with other contacts. Older customers that had been merged into them are led on.
export const foldEmpty = (companyId: string, emptied: string[], followed: string[]): Sql => sql`
  with folded as (
    select distinct on (c.id) c.id, f.survivor
    from unnest(${emptied}::uuid[], ${followed}::uuid[]) with ordinality as f (emptied, survivor, n)
    join customer c on c.company_id = ${companyId}::uuid and c.id = f.emptied
    where ${isEmpty} order by c.id, f.n
  )
  update customer c set merged_into = f.survivor, merged_at = coalesce(c.merged_at, now())
  from folded f where c.company_id = ${companyId}::uuid and (c.id = f.id or c.merged_into = f.id)`;

// The same where the order names nobody now: nothing proves that these customers ever were. A table that tells of customers
// what people have said must be asked in isTold, of those merged into them too; one that only points at them is emptied here.
export const dropEmpty = (companyId: string, ids: string[]): Sql => sql`
  with gone as (
    select c.id, c.rollup_day, c.rollup_class from customer c
    where c.company_id = ${companyId}::uuid and c.id = any(${ids}::uuid[]) and ${isEmpty}
      and c.id not in (
        select c.merged_into from customer c
        where c.company_id = ${companyId}::uuid and c.merged_into = any(${ids}::uuid[]) and ${isTold})
  ), led as (
    select id from gone
    union all
    select c.id from customer c join gone on c.company_id = ${companyId}::uuid and c.merged_into = gone.id
  ), merges as (
    delete from customer_merge m using led where m.company_id = ${companyId}::uuid and (m.survivor_id = led.id or m.merged_id = led.id)
  ), pairs as (
    delete from duplicate d using led where d.company_id = ${companyId}::uuid and (d.customer_id = led.id or d.other_id = led.id)
  ), sent as (
    update delivery d set customer_id = null from led where d.company_id = ${companyId}::uuid and d.customer_id = led.id
  ), rows as (
    delete from customer c using led where c.company_id = ${companyId}::uuid and c.id = led.id
  )
  update activity_rollup r set customers = r.customers - left_by.n
  from (select rollup_day as day, rollup_class as class, count(*) as n from gone group by rollup_day, rollup_class) left_by
  where r.company_id = ${companyId}::uuid and r.day = left_by.day and r.class = left_by.class`;
