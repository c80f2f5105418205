import { type Sql, sql } from '../platform/db.ts';

// Identity is decided by one arrival at a time in each company: two that bring the same new phone must not both find it new.
export const lockCompany = (companyId: string): Sql =>
  sql`select pg_advisory_xact_lock(hashtextextended('identity ' || ${companyId}, 0))::text`;

export const knownContacts = (companyId: string, kinds: string[], values: string[]): Sql => sql`
  select k.kind, k.value, k.customer_id, k.shared, c.created_at
  from unnest(${kinds}::text[], ${values}::text[]) as wanted (kind, value)
  join contact k on k.company_id = ${companyId}::uuid and k.kind = wanted.kind and k.value = wanted.value
  join customer c on c.company_id = k.company_id and c.id = k.customer_id`;

export const insertCustomers = (companyId: string, ids: string[]): Sql => sql`
  insert into customer (company_id, id, created_at, latest_at)
  select ${companyId}::uuid, id, now(), now() from unnest(${ids}::uuid[]) as id`;

export const insertContacts = (companyId: string, contacts: string): Sql => sql`
  insert into contact (company_id, kind, value, customer_id, given, position)
  select ${companyId}::uuid, kind, value, customer_id, given, position
  from json_to_recordset(${contacts}::json) as c (kind text, value text, customer_id uuid, given text, position bigint)`;

// Everything of a merged customer moves to its survivor; older customers that had been merged into it are led on.
export const mergeContacts = (companyId: string, merged: string[], survivors: string[]): Sql => sql`
  update contact set customer_id = m.survivor
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

export const logMerges = (companyId: string, merges: string): Sql => sql`
  insert into customer_merge (company_id, id, survivor_id, merged_id, because_kind, because_value, arrival_id)
  select ${companyId}::uuid, id, survivor_id, merged_id, because_kind, because_value, arrival_id
  from json_to_recordset(${merges}::json)
    as m (id uuid, survivor_id uuid, merged_id uuid, because_kind text, because_value text, arrival_id uuid)`;

export const settleDuplicates = (companyId: string, merged: string[]): Sql => sql`
  update duplicate set state = 'merged'
  where company_id = ${companyId}::uuid and state = 'open'
    and (customer_id = any(${merged}::uuid[]) or other_id = any(${merged}::uuid[]))`;

export const raiseDuplicates = (companyId: string, pairs: string): Sql => sql`
  insert into duplicate (company_id, id, customer_id, other_id, because_kind, because_value, arrival_id)
  select ${companyId}::uuid, id, customer_id, other_id, because_kind, because_value, arrival_id
  from json_to_recordset(${pairs}::json)
    as d (id uuid, customer_id uuid, other_id uuid, because_kind text, because_value text, arrival_id uuid)
  on conflict (company_id, customer_id, other_id) do nothing`;

// A contact lives on the evidence for it, unless a person typed it in.
export const dropUnprovedContacts = (companyId: string, kinds: string[], values: string[]): Sql => sql`
  delete from contact k using unnest(${kinds}::text[], ${values}::text[]) as lost (kind, value)
  where k.company_id = ${companyId}::uuid and k.kind = lost.kind and k.value = lost.value and not k.by_hand
    and not exists (select from evidence e where e.company_id = k.company_id and e.kind = k.kind and e.value = k.value)`;

// Customers whose last order was re-posted with other contacts: nothing is left of them but their address.
export const foldEmpty = (companyId: string, emptied: string[], followed: string[]): Sql => sql`
  update customer c set merged_into = f.survivor, merged_at = now()
  from unnest(${emptied}::uuid[], ${followed}::uuid[]) as f (emptied, survivor)
  where c.company_id = ${companyId}::uuid and c.id = f.emptied and f.survivor <> f.emptied and c.merged_into is null
    and not (c.name_by_hand or c.gender_by_hand or c.region_by_hand)
    and not exists (select from arrival a where a.company_id = c.company_id and a.customer_id = c.id)
    and not exists (select from contact k where k.company_id = c.company_id and k.customer_id = c.id)`;
