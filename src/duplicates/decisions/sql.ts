import { empty, type Sql, sql } from '../../platform/db.ts';

export type Kind = 'merge' | 'split' | 'apart' | 'move' | 'share';

/** What one click decided: as many parts as there were customers in it. */
export interface StepRow {
  step_id: string;
  kind: Kind;
  at: Date;
  user_name: string | null;
  undone_at: Date | null;
  undone_by: string | null;
  /** by a later decision, which an undo of that one brings back */
  overruled: boolean;
  parts: Part[];
}

/** Names are those of the moment it was decided: a merge may give the survivor another one. */
export interface Part {
  id: string;
  customerId: string | null;
  customer: string | null;
  otherId: string | null;
  other: string | null;
  orderId: string | null;
  orderNumber: string | null;
  /** the contact that is shared; else those that went */
  contacts: { kind: 'account' | 'phone' | 'email'; value: string }[];
}

const parts = sql`
  select jsonb_agg(jsonb_build_object(
      'id', d.id, 'customerId', d.customer_id, 'customer', coalesce(d.given -> 'names' ->> 'customer', a.name),
      'otherId', d.other_id, 'other', coalesce(d.given -> 'names' ->> 'other', b.name),
      'orderId', o.id, 'orderNumber', o.number,
      'contacts', case when d.kind = 'share' then jsonb_build_array(jsonb_build_object('kind', d.contact_kind, 'value', d.contact_value))
                       else d.contacts end) order by d.id) as parts,
    min(d.kind) as kind, min(d.at) as at, min(u.name) as user_name, max(d.undone_at) as undone_at, min(v.name) as undone_by,
    bool_or(exists (
      select from decision l where l.company_id = d.company_id and l.undone_at is null and l.given -> 'closed' ? d.id::text
    )) as overruled
  from decision d
  left join customer a on a.company_id = d.company_id and a.id = d.customer_id
  left join customer b on b.company_id = d.company_id and b.id = d.other_id
  left join orders o on o.company_id = d.company_id and o.id = d.arrival_id
  left join app_user u on u.id = d.decided_by
  left join app_user v on v.id = d.undone_by
  where d.company_id = current_company()`;

// Ids of steps rise with time. The page is found first, so that only its decisions are joined.
export const list = (before: string | null, limit: number): Sql => sql`
  with page as (
    select distinct step_id from decision
    where company_id = current_company() ${before ? sql`and step_id < ${before}::uuid` : empty}
    order by step_id desc limit ${limit}
  )
  select p.step_id, s.* from page p, lateral (${parts} and d.step_id = p.step_id) s order by p.step_id desc`;

export const one = (stepId: string): Sql => sql`
  select ${stepId}::uuid as step_id, s.* from (${parts} and d.step_id = ${stepId}::uuid) s where s.parts is not null`;

/** About a customer, those merged into it, its orders and its contacts. */
export const ofCustomer = (customerId: string, limit: number): Sql => sql`
  with people as (
    select id from customer where company_id = current_company() and (id = ${customerId}::uuid or merged_into = ${customerId}::uuid)
  ), steps as (
    select step_id from decision where company_id = current_company() and customer_id in (select id from people)
    union
    select step_id from decision where company_id = current_company() and other_id in (select id from people)
    union
    select d.step_id from contact k
    join decision d on d.company_id = k.company_id and d.kind = 'share' and d.contact_kind = k.kind and d.contact_value = k.value
    where k.company_id = current_company() and k.customer_id = ${customerId}::uuid
  ), page as (select step_id from steps order by step_id desc limit ${limit})
  select p.step_id, s.* from page p, lateral (${parts} and d.step_id = p.step_id) s order by p.step_id desc`;

export interface MergedRow {
  id: string;
  name: string;
  merged_at: Date;
  /** what brought it here; null: a person's decision, or what followed from one */
  because_kind: 'account' | 'phone' | 'email' | null;
  because_value: string | null;
  contacts: bigint;
}

/** The customers that are this one now. */
export const merged = (customerId: string): Sql => sql`
  select c.id, c.name, c.merged_at, m.because_kind, m.because_value,
         (select count(*) from contact k where k.company_id = c.company_id and k.origin_id = c.id and k.customer_id = ${customerId}::uuid) as contacts
  from customer c
  left join lateral (
    select because_kind, because_value from customer_merge m
    where m.company_id = c.company_id and m.merged_id = c.id and m.undone_at is null order by m.at desc, m.id desc limit 1
  ) m on true
  where c.company_id = current_company() and c.merged_into = ${customerId}::uuid
  order by c.merged_at desc, c.id limit 200`;

export interface NameRow {
  id: string;
  name: string;
}

/** `rows`: [{id, names}] of decisions */
export const keepNames = (rows: string): Sql => sql`
  update decision d set given = d.given || jsonb_build_object('names', r.names)
  from json_to_recordset(${rows}::json) as r (id uuid, names jsonb)
  where d.company_id = current_company() and d.id = r.id`;
