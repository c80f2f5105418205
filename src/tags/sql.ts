import { type Sql, sql } from '../platform/db.ts';

export const COLOURS = [
  'blue',
  'azure',
  'indigo',
  'purple',
  'pink',
  'red',
  'orange',
  'yellow',
  'lime',
  'green',
  'teal',
  'cyan',
] as const;

export type Colour = (typeof COLOURS)[number];

export interface TagRow {
  id: string;
  name: string;
  colour: Colour;
}

const byName = sql`t.name_folded collate "und-x-icu", t.id`;

export const dictionary = (most: number): Sql => sql`
  select t.id, t.name, t.colour from tag t where t.company_id = current_company() and t.gone_at is null
  order by ${byName} limit ${most}`;

export interface UsedRow extends TagRow {
  /** customers or orders of those asked about */
  used_by: string[];
}

// The whole dictionary, and with each tag who of these has it: one question for the chips of a page and for its form.
export const ofCustomers = (customerIds: readonly string[], most: number): Sql => sql`
  select t.id, t.name, t.colour, coalesce(u.ids, '{}') as used_by from (${dictionary(most)}) t
  left join (
    select tag_id, array_agg(customer_id::text) as ids from customer_tag
    where company_id = current_company() and customer_id = any(${[...customerIds]}::uuid[]) group by tag_id
  ) u on u.tag_id = t.id`;

export const ofOrders = (orderIds: readonly string[], most: number): Sql => sql`
  select t.id, t.name, t.colour, coalesce(u.ids, '{}') as used_by from (${dictionary(most)}) t
  left join (
    select tag_id, array_agg(order_id::text) as ids from order_tag
    where company_id = current_company() and order_id = any(${[...orderIds]}::uuid[]) group by tag_id
  ) u on u.tag_id = t.id`;

export interface Carried {
  customerId: string;
  tagId: string;
}

// Who gave it and when goes along: an undo of what gave it finds it at the survivor too.
export const carry = (companyId: string, from: string[], to: string[]): Sql => sql`
  insert into customer_tag (company_id, customer_id, tag_id, user_id, at)
  select distinct on (m.survivor, g.tag_id) ${companyId}::uuid, m.survivor, g.tag_id, g.user_id, g.at
  from unnest(${from}::uuid[], ${to}::uuid[]) as m (merged, survivor)
  join customer_tag g on g.company_id = ${companyId}::uuid and g.customer_id = m.merged
  order by m.survivor, g.tag_id, g.at
  on conflict do nothing
  returning customer_id as "customerId", tag_id as "tagId"`;

export const takeBack = (companyId: string, customerIds: string[], tagIds: string[]): Sql => sql`
  delete from customer_tag g using unnest(${customerIds}::uuid[], ${tagIds}::uuid[]) as a (customer_id, tag_id)
  where g.company_id = ${companyId}::uuid and g.customer_id = a.customer_id and g.tag_id = a.tag_id`;
