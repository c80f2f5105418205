import { empty, join, type Sql, sql } from '../../platform/db.ts';
import type { Channel } from './details.ts';

export interface StoredRow {
  id: string;
  version: bigint;
  merged_into: string | null;
  deleted_at: Date | null;
  name: string;
  name_by_hand: boolean;
  gender: 'female' | 'male' | null;
  gender_by_hand: boolean;
  region: string | null;
  region_by_hand: boolean;
  other_channels: string;
  note: string;
  tags: string[];
}

/** `lock`: nobody else may save this customer before the end of the transaction. */
export const stored = (id: string, lock: boolean): Sql => sql`
  select c.id, c.version, c.merged_into, c.deleted_at, c.name, c.name_by_hand, c.gender, c.gender_by_hand, c.region, c.region_by_hand,
         c.other_channels, c.note,
         array(select t.tag_id::text from customer_tag t where t.company_id = c.company_id and t.customer_id = c.id order by t.tag_id) as tags
  from customer c where c.company_id = current_company() and c.id = ${id}::uuid ${lock ? sql`for no key update` : empty}`;

export interface ContactRow {
  kind: 'account' | 'phone' | 'email';
  value: string;
  given: string;
  shared: boolean;
  by_hand: boolean;
  channels: Channel[];
  /** whether an order, a message or a feedback names it */
  proved: boolean;
  /** an order that names it */
  order_id: string | null;
  order_number: string | null;
}

// One order is enough to say why a contact is here, and anything else where there is none; the number of a call centre is named by
// thousands.
export const contacts = (customerId: string): Sql => sql`
  select k.kind, k.value, k.given, k.shared, k.by_hand, k.channels, exists (
           select from evidence e where e.company_id = k.company_id and e.kind = k.kind and e.value = k.value) as proved,
         o.id as order_id, o.number as order_number
  from contact k
  left join lateral (
    select o.id, o.number from evidence e join orders o on o.company_id = e.company_id and o.id = e.arrival_id
    where e.company_id = k.company_id and e.kind = k.kind and e.value = k.value limit 1
  ) o on true
  where k.company_id = current_company() and k.customer_id = ${customerId}::uuid
  order by k.kind, k.position, k.created_at, k.value`;

export interface LatestRow {
  name: string | null;
  gender: 'female' | 'male' | null;
  region: string | null;
}

/** What the latest order that says it has; who never ordered, the latest message or feedback. */
export const latest = (customerId: string): Sql => {
  const said = (column: Sql) => sql`
    (select ${column} from arrival a
     where a.company_id = current_company() and a.customer_id = ${customerId}::uuid and ${column} is not null
     order by (a.kind = 'order') desc, a.at desc, a.id desc limit 1)`;
  return sql`select ${said(sql`a.name`)} as name, ${said(sql`a.gender`)} as gender, ${said(sql`a.region`)} as region`;
};

export interface LookalikeRow {
  id: string;
  name: string;
  /** only a shared contact stays with a deleted customer */
  deleted: boolean;
  region: string | null;
  orders_count: bigint;
  sum_all: bigint;
  last_order_at: Date | null;
  phones: string[];
  emails: string[];
  accounts: string[];
  /** `phone +380…` */
  holds: string[];
}

const figures = sql`
  c.id, c.name, c.deleted_at is not null as deleted, c.region, c.orders_count, c.sum_all, c.last_order_at,
  array(select k.value from contact k where k.company_id = c.company_id and k.customer_id = c.id and k.kind = 'phone' order by k.position, k.created_at, k.value) as phones,
  array(select k.value from contact k where k.company_id = c.company_id and k.customer_id = c.id and k.kind = 'email' order by k.position, k.created_at, k.value) as emails,
  array(select k.value from contact k where k.company_id = c.company_id and k.customer_id = c.id and k.kind = 'account' order by k.position, k.created_at, k.value) as accounts`;

/** Whose these contacts are, other than this customer's. */
export const owners = (customerId: string | null, kinds: string[], values: string[]): Sql => sql`
  select ${figures}, w.holds from customer c
  join (
    select k.customer_id, array_agg(k.kind || ' ' || k.value order by k.kind desc, k.value) as holds
    from unnest(${kinds}::text[], ${values}::text[]) as wanted (kind, value)
    join contact k on k.company_id = current_company() and k.kind = wanted.kind and k.value = wanted.value
    group by k.customer_id
  ) w on w.customer_id = c.id
  where c.company_id = current_company() and c.id is distinct from ${customerId}::uuid
  order by c.created_at, c.id`;

/** Others of the same name in the same region. */
export const namesakes = (customerId: string | null, folded: string, region: string, most: number): Sql => sql`
  select ${figures}, '{}'::text[] as holds from customer c
  where c.company_id = current_company() and c.listed and c.name_folded = ${folded} collate "und-x-icu" and c.region = ${region}
    and c.id is distinct from ${customerId}::uuid
  order by c.created_at, c.id limit ${most}`;

export const insertCustomer = (companyId: string, id: string): Sql => sql`
  insert into customer (company_id, id, typed, created_at, latest_at) values (${companyId}::uuid, ${id}::uuid, true, now(), now())`;

export interface Written {
  /** null: as the latest order has it */
  name: string | null;
  gender: { value: 'female' | 'male' | null } | null;
  region: { value: string | null } | null;
  otherChannels: string;
  note: string;
}

export const write = (companyId: string, id: string, to: Written): Sql => {
  const sets = [
    to.name === null ? sql`name_by_hand = false` : sql`name_by_hand = true, name = ${to.name}`,
    to.gender === null ? sql`gender_by_hand = false` : sql`gender_by_hand = true, gender = ${to.gender.value}`,
    to.region === null ? sql`region_by_hand = false` : sql`region_by_hand = true, region = ${to.region.value}`,
  ];
  return sql`
    update customer set ${join(sets)}, other_channels = ${to.otherChannels}, note = ${to.note}, version = version + 1
    where company_id = ${companyId}::uuid and id = ${id}::uuid`;
};

export const dropContacts = (companyId: string, customerId: string, kinds: string[], values: string[]): Sql => sql`
  delete from contact k using unnest(${kinds}::text[], ${values}::text[]) as gone (kind, value)
  where k.company_id = ${companyId}::uuid and k.customer_id = ${customerId}::uuid and k.kind = gone.kind and k.value = gone.value`;

/** `rows`: [{kind, value, given, phone_key, mobile, country, channels, position}] */
export const insertContacts = (companyId: string, customerId: string, rows: string): Sql => sql`
  insert into contact (company_id, kind, value, customer_id, origin_id, given, by_hand, phone_key, mobile, country, channels, position)
  select ${companyId}::uuid, kind, value, ${customerId}::uuid, ${customerId}::uuid, given, true, phone_key, mobile, country, channels, position
  from json_to_recordset(${rows}::json)
    as r (kind text, value text, given text, phone_key text, mobile boolean, country text, channels text[], position bigint)
  on conflict (company_id, kind, value) do nothing`;

/** `rows`: [{kind, value, channels, position}] */
export const arrangeContacts = (companyId: string, customerId: string, rows: string): Sql => sql`
  update contact k set channels = r.channels, position = r.position
  from json_to_recordset(${rows}::json) as r (kind text, value text, channels text[], position bigint)
  where k.company_id = ${companyId}::uuid and k.customer_id = ${customerId}::uuid and k.kind = r.kind and k.value = r.value`;

/** `pairs`: [{id, customer_id, other_id, because_kind, because_value}]: a person typed in what is another customer's. */
export const raiseTyped = (companyId: string, pairs: string): Sql => sql`
  insert into duplicate (company_id, id, customer_id, other_id, because_kind, because_value, reason)
  select ${companyId}::uuid, id, customer_id, other_id, because_kind, because_value, 'typed'
  from json_to_recordset(${pairs}::json) as d (id uuid, customer_id uuid, other_id uuid, because_kind text, because_value text)
  where not exists (select from duplicate r where r.company_id = ${companyId}::uuid
    and ((r.customer_id = d.customer_id and r.other_id = d.other_id) or (r.customer_id = d.other_id and r.other_id = d.customer_id)))
  on conflict (company_id, customer_id, other_id) do nothing`;
