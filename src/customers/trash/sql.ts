import { empty, type Sql, sql } from '../../platform/db.ts';

const among = (companyId: string, ids: readonly string[]): Sql =>
  sql`c.company_id = ${companyId}::uuid and c.id = any(${[...ids]}::uuid[])`;

export interface By {
  userId: string | null;
  /** null: by hand */
  bulkId: string | null;
}

// What a deleted customer owned lies in its trash. A shared contact stays where it is: it must not begin to identify anybody again.
export const remove = (companyId: string, ids: readonly string[], { userId, bulkId }: By): Sql => sql`
  update customer c set deleted_at = now(), deleted_by = ${userId}::uuid, trash = jsonb_build_object('bulk', ${bulkId}::text, 'contacts', coalesce((
    select jsonb_agg(to_jsonb(k) - 'company_id' order by k.kind, k.position, k.created_at, k.value)
    from contact k where k.company_id = c.company_id and k.customer_id = c.id and not k.shared), '[]'))
  where ${among(companyId, ids)} and c.listed
  returning c.id`;

// What lies in the trash can be found by each contact: whoever asks to be forgotten is looked for there too.
export const noteTrash = (companyId: string, ids: readonly string[]): Sql => sql`
  insert into trash_contact (company_id, customer_id, kind, value)
  select ${companyId}::uuid, k.owner, k.kind, k.value from (${kept(companyId, ids)}) k
  on conflict do nothing`;

export const dropTrash = (companyId: string, ids: readonly string[]): Sql => sql`
  delete from trash_contact where company_id = ${companyId}::uuid and customer_id = any(${[...ids]}::uuid[])`;

export const freeContacts = (companyId: string, ids: readonly string[]): Sql => sql`
  delete from contact where company_id = ${companyId}::uuid and customer_id = any(${[...ids]}::uuid[]) and not shared`;

/**
 * Before a shared contact identifies again: where a deleted customer has it, it goes to that one's trash, and stays only for those whose
 * orders or messages name it.
 */
export const releaseDeleted = (companyId: string, kind: string, value: string): Sql => sql`
  with found as (
    select k.*, c.trash is not null as kept from contact k
    join customer c on c.company_id = k.company_id and c.id = k.customer_id and c.deleted_at is not null
    where k.company_id = ${companyId}::uuid and k.kind = ${kind} and k.value = ${value} and k.shared
  ), noted as (
    insert into trash_contact (company_id, customer_id, kind, value)
    select company_id, customer_id, kind, value from found where kept on conflict do nothing
  ), trashed as (
    update customer c set trash = jsonb_set(c.trash, '{contacts}', (c.trash -> 'contacts')
      || jsonb_build_array(to_jsonb(f) - 'company_id' - 'kept' || '{"shared": false}'))
    from found f where c.company_id = f.company_id and c.id = f.customer_id and f.kept
  )
  delete from contact k using found f
  where k.company_id = f.company_id and k.kind = f.kind and k.value = f.value and not exists (
    select from evidence e
    join arrival a on a.company_id = e.company_id and a.id = e.arrival_id
    left join customer o on o.company_id = a.company_id and o.id = a.customer_id
    where e.company_id = f.company_id and e.kind = f.kind and e.value = f.value and o.deleted_at is null)`;

const isKept = sql`c.deleted_at is not null and c.trash is not null`;

/** `bulkId`: only those that it has deleted; null: whoever did. */
export const lockDeleted = (companyId: string, ids: readonly string[], bulkId: string | null): Sql => sql`
  select c.id from customer c
  where ${among(companyId, ids)} and ${isKept} ${bulkId === null ? empty : sql`and c.trash ->> 'bulk' = ${bulkId}`}
  order by c.id for update`;

/** What lies in the trash of these customers. */
const kept = (companyId: string, ids: readonly string[]): Sql => sql`
  select c.id as owner, r.* from customer c
  cross join lateral jsonb_to_recordset(c.trash -> 'contacts') as r (
    kind text, value text, origin_id uuid, given text, shared boolean, by_hand boolean, position bigint, created_at timestamptz,
    phone_key text, mobile boolean, country text, channels text[])
  where ${among(companyId, ids)} and ${isKept}`;

// A contact that somebody else has by now stays there. The customer it first came to may be no more.
export const giveBack = (companyId: string, ids: readonly string[]): Sql => sql`
  insert into contact (company_id, kind, value, customer_id, origin_id, given, shared, by_hand, position, created_at, phone_key, mobile,
    country, channels)
  select ${companyId}::uuid, k.kind, k.value, k.owner, coalesce(o.id, k.owner), k.given, k.shared, k.by_hand, k.position, k.created_at,
         k.phone_key, k.mobile, k.country, k.channels
  from (${kept(companyId, ids)}) k
  left join customer o on o.company_id = ${companyId}::uuid and o.id = k.origin_id
  on conflict (company_id, kind, value) do nothing`;

export interface TakenRow {
  customer_id: string;
  kind: 'account' | 'phone' | 'email';
  value: string;
  /** who has it now */
  other_id: string;
}

export const taken = (companyId: string, ids: readonly string[]): Sql => sql`
  select k.owner as customer_id, k.kind, k.value, o.customer_id as other_id
  from (${kept(companyId, ids)}) k
  join contact o on o.company_id = ${companyId}::uuid and o.kind = k.kind and o.value = k.value and o.customer_id <> k.owner
  order by k.owner, k.kind, k.position, k.value`;

export const restore = (companyId: string, ids: readonly string[]): Sql => sql`
  update customer c set deleted_at = null, deleted_by = null, trash = null where ${among(companyId, ids)} and ${isKept}`;

/** `pairs`: [{id, customer_id, other_id, kind, value}] */
export const raise = (companyId: string, pairs: string): Sql => sql`
  insert into duplicate (company_id, id, customer_id, other_id, because_kind, because_value)
  select ${companyId}::uuid, id, customer_id, other_id, kind, value
  from json_to_recordset(${pairs}::json) as d (id uuid, customer_id uuid, other_id uuid, kind text, value text)
  where not exists (select from duplicate r where r.company_id = ${companyId}::uuid and r.customer_id = d.other_id and r.other_id = d.customer_id)
  on conflict (company_id, customer_id, other_id) do nothing`;

export interface DeletedRow {
  id: string;
  name: string;
  orders_count: bigint;
  deleted_at: Date;
  deleted_by: string | null;
  phones: string[];
  emails: string[];
  accounts: string[];
}

/** Those that can be brought back, deleted last first. The place of the last one is looked up by its id. */
export const list = (limit: number, before: string | null): Sql => sql`
  select c.id, c.name, c.orders_count, c.deleted_at, u.name as deleted_by, ${inTrash('phone')} as phones, ${inTrash('email')} as emails,
         ${inTrash('account')} as accounts
  from customer c left join app_user u on u.id = c.deleted_by
  where c.company_id = current_company() and ${isKept}
    ${before ? sql`and (c.deleted_at, c.id) < (select b.deleted_at, b.id from customer b where b.company_id = current_company() and b.id = ${before}::uuid)` : empty}
  order by c.deleted_at desc, c.id desc limit ${limit}`;

const inTrash = (kind: string): Sql => sql`
  array(select r.value from jsonb_to_recordset(c.trash -> 'contacts') as r (kind text, value text) where r.kind = ${kind})`;

export const find = (id: string): Sql => sql`
  select c.id, c.name, c.orders_count, c.deleted_at, null as deleted_by, ${inTrash('phone')} as phones, ${inTrash('email')} as emails,
         ${inTrash('account')} as accounts
  from customer c where c.company_id = current_company() and c.id = ${id}::uuid and ${isKept}`;

export const overdue = (before: Date, limit: number): Sql => sql`
  select c.id from customer c
  where c.company_id = current_company() and c.deleted_at is not null and c.deleted_at <= ${before}::timestamptz and c.trash is not null
  order by c.deleted_at, c.id limit ${limit}`;
