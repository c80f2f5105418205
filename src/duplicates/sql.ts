import { empty, type Sql, sql } from '../platform/db.ts';

export const REASONS = ['arrival', 'digit', 'name', 'typed'] as const;
export type Reason = (typeof REASONS)[number];

export interface PairRow {
  id: string;
  reason: Reason;
  customer_id: string;
  other_id: string;
  because_kind: 'account' | 'phone' | 'email' | null;
  because_value: string | null;
  /** the order that names both; null where a message, a feedback or nothing does */
  order_id: string | null;
  order_number: string | null;
  created_at: Date;
  /** who put it off, and when; null: nobody has looked at it yet */
  put_off_by: string | null;
  put_off_at: Date | null;
}

// Who has been merged since is asked about as who that is now. What has become no question by that, rests.
const open = sql`
  from duplicate d
  join customer a on a.company_id = d.company_id and a.id = d.customer_id
  join customer b on b.company_id = d.company_id and b.id = d.other_id
  left join orders o on o.company_id = d.company_id and o.id = d.arrival_id
  left join app_user u on u.id = d.decided_by
  where d.company_id = current_company() and d.state = 'open'`;

const columns = sql`
  d.id, d.reason, coalesce(a.merged_into, a.id) as customer_id, coalesce(b.merged_into, b.id) as other_id, d.because_kind, d.because_value, o.id as order_id, o.number as order_number, d.created_at,
  u.name as put_off_by, d.decided_at as put_off_at`;

/** `later`: those that were put off. Newest first; `before`: the last one of the page before. */
export const list = (reason: Reason | null, later: boolean, before: string | null, limit: number): Sql => sql`
  select ${columns} ${open} and (d.decided_at is not null) = ${later}
    ${reason ? sql`and d.reason = ${reason}` : empty}
    ${before ? sql`and (d.created_at, d.id) < (select created_at, id from duplicate where company_id = current_company() and id = ${before}::uuid)` : empty}
  order by d.created_at desc, d.id desc limit ${limit}`;

export const counts = (): Sql => sql`
  select d.reason, d.decided_at is not null as later, count(*) as count ${open} group by 1, 2`;

export const one = (id: string): Sql => sql`select ${columns} ${open} and d.id = ${id}::uuid`;

export const postpone = (id: string, userId: string): Sql => sql`
  update duplicate set decided_by = ${userId}::uuid, decided_at = now()
  where company_id = current_company() and id = ${id}::uuid and state = 'open'`;

export const dismiss = (id: string, userId: string): Sql => sql`
  update duplicate set state = 'dismissed', decided_by = ${userId}::uuid, decided_at = now()
  where company_id = current_company() and id = ${id}::uuid and state = 'open'`;

/** Who the customers of these ids are now, over merges; each once. */
export const present = (ids: readonly string[]): Sql => sql`
  select distinct coalesce(c.merged_into, c.id) as id from customer c
  join customer s on s.company_id = c.company_id and s.id = coalesce(c.merged_into, c.id) and s.listed
  where c.company_id = current_company() and c.id = any(${ids}::uuid[])`;

export interface ContactRow {
  customer_id: string;
  kind: 'account' | 'phone' | 'email';
  value: string;
  shared: boolean;
  origin_id: string;
  origin_name: string;
}

export const contacts = (customerIds: readonly string[]): Sql => sql`
  select k.customer_id, k.kind, k.value, k.shared, k.origin_id, o.name as origin_name
  from contact k join customer o on o.company_id = k.company_id and o.id = k.origin_id
  where k.company_id = current_company() and k.customer_id = any(${customerIds}::uuid[])
  order by array_position(array['phone', 'email', 'account'], k.kind), k.position, k.created_at, k.value`;

export interface ProofRow {
  arrival_id: string;
  kind: ContactRow['kind'];
  value: string;
}

/**
 * The contacts of each order and message that names one which came to a customer after another one was merged into it. What a person
 * typed in has nothing to do with the other one.
 */
export const broughtSince = (customerId: string, mergedId: string): Sql => sql`
  select distinct a.arrival_id, a.kind, a.value
  from customer m
  join contact k on k.company_id = m.company_id and ${isSince(customerId)}
  join evidence e on e.company_id = k.company_id and e.kind = k.kind and e.value = k.value
  join evidence a on a.company_id = e.company_id and a.arrival_id = e.arrival_id
  where m.company_id = current_company() and m.id = ${mergedId}::uuid`;

export const contactsSince = (customerId: string, mergedId: string): Sql => sql`
  select k.kind, k.value from customer m join contact k on k.company_id = m.company_id and ${isSince(customerId)}
  where m.company_id = current_company() and m.id = ${mergedId}::uuid`;

const isSince = (customerId: string): Sql => sql`
  k.customer_id = ${customerId}::uuid and k.origin_id = ${customerId}::uuid and k.created_at > m.merged_at and not k.shared and not k.by_hand`;

export interface TagRow {
  customer_id: string;
  name: string;
  colour: string;
}

export const tags = (customerIds: readonly string[]): Sql => sql`
  select c.customer_id, t.name, t.colour
  from customer_tag c join tag t on t.company_id = c.company_id and t.id = c.tag_id
  where c.company_id = current_company() and c.customer_id = any(${customerIds}::uuid[])
  order by t.name_folded, t.id`;

export interface NoteRow {
  customer_id: string;
  /** of the customer it was written about, who has been merged since; null: it is the customer's own */
  origin: string | null;
  note: string;
  other_channels: string;
}

/** What people wrote about the customers and about those merged into them. Notes stay where they were written. */
export const notes = (customerIds: readonly string[]): Sql => sql`
  select coalesce(c.merged_into, c.id) as customer_id, case when c.merged_into is not null then c.name end as origin,
         c.note, c.other_channels
  from customer c
  where c.company_id = current_company() and (c.note <> '' or c.other_channels <> '')
    and (c.id = any(${customerIds}::uuid[]) or c.merged_into = any(${customerIds}::uuid[]))
  order by c.merged_into nulls first, c.created_at, c.id`;

export interface ArrivalRow {
  id: string;
  kind: 'order' | 'message' | 'feedback' | 'import';
  customer_id: string;
  because_kind: 'account' | 'phone' | 'email' | null;
  because_value: string | null;
  because_rule: string | null;
}

export const arrivals = (customerIds: readonly string[], limit: number): Sql => sql`
  select id, kind, customer_id, because_kind, because_value, because_rule from arrival
  where company_id = current_company() and customer_id = any(${customerIds}::uuid[])
  order by at desc, id desc limit ${limit}`;

export interface OrderRow {
  id: string;
  number: string;
  at: Date;
  name: string | null;
  total: bigint;
  currency: string;
  customer_id: string | null;
  customer_name: string | null;
}

export const orders = (ids: readonly string[]): Sql => sql`
  select o.id, o.number, a.at, a.name, o.total, o.currency, a.customer_id, c.name as customer_name
  from orders o join arrival a on a.company_id = o.company_id and a.id = o.id
  left join customer c on c.company_id = a.company_id and c.id = a.customer_id
  where o.company_id = current_company() and o.id = any(${ids}::uuid[]) order by a.at desc, a.id desc`;

export interface ProposalRow {
  id: string;
  kind: 'account' | 'phone' | 'email';
  value: string;
  names: bigint;
  customer_id: string;
  customer_name: string;
}

/** Contacts that seem to be many people's, and about which nobody has said anything yet. */
export const proposals = (limit: number): Sql => sql`
  select p.id, p.kind, p.value, p.names, k.customer_id, c.name as customer_name
  from shared_proposal p
  join contact k on k.company_id = p.company_id and k.kind = p.kind and k.value = p.value and not k.shared
  join customer c on c.company_id = k.company_id and c.id = k.customer_id
  where p.company_id = current_company() and p.dismissed_at is null
  order by p.names desc, p.id limit ${limit}`;

export const dismissProposal = (id: string, userId: string): Sql => sql`
  update shared_proposal set dismissed_at = now(), dismissed_by = ${userId}::uuid
  where company_id = current_company() and id = ${id}::uuid and dismissed_at is null`;

export interface SharedRow {
  kind: 'account' | 'phone' | 'email';
  value: string;
  customer_id: string;
  customer_name: string;
  /** false: that customer was deleted */
  listed: boolean;
}

export const shared = (limit: number): Sql => sql`
  select k.kind, k.value, k.customer_id, c.name as customer_name, c.listed
  from contact k join customer c on c.company_id = k.company_id and c.id = k.customer_id
  where k.company_id = current_company() and k.shared order by k.kind, k.value limit ${limit}`;

export const contact = (kind: string, value: string): Sql => sql`
  select k.kind, k.value, k.shared, k.customer_id, c.name as customer_name, c.listed
  from contact k join customer c on c.company_id = k.company_id and c.id = k.customer_id
  where k.company_id = current_company() and k.kind = ${kind} and k.value = ${value}`;
