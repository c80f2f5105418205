import { empty, type Sql, sql } from '../platform/db.ts';
import { kept } from '../platform/plans.ts';

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

const listed = (columns: Sql, most: number): Sql => sql`
  select ${columns} from tag t where t.company_id = current_company() and t.gone_at is null
  order by ${byName} limit ${most}`;

export const dictionary = (most: number): Sql => listed(sql`t.id, t.name, t.colour`, most);

/** The table in which the uses of a tag stand, and its column of who has it. */
const USES = {
  customers: { table: sql`customer_tag`, owner: sql`customer_id` },
  orders: { table: sql`order_tag`, owner: sql`order_id` },
} as const;

export interface UsedRow extends TagRow {
  /** customers or orders of those asked about */
  used_by: string[];
}

// The whole dictionary, and with each tag who of these has it: one question for the chips of a page and for its form.
export const ofCustomers = (customerIds: readonly string[], most: number): Sql =>
  kept(used('customers', customerIds, most));

export const ofOrders = (orderIds: readonly string[], most: number): Sql => used('orders', orderIds, most);

const used = (of: keyof typeof USES, ids: readonly string[], most: number): Sql => {
  const { table, owner } = USES[of];
  return sql`
  select t.id, t.name, t.colour, coalesce(u.ids, '{}') as used_by from (
    ${listed(sql`t.id, t.name, t.colour, t.name_folded`, most)}
  ) t
  left join (
    select tag_id, array_agg(${owner}::text) as ids from ${table}
    where company_id = current_company() and ${owner} = any(${[...ids]}::uuid[]) group by tag_id
  ) u on u.tag_id = t.id order by ${byName}`;
};

export interface Carried {
  customerId: string;
  tagId: string;
}

// Who gave it, when and by which bulk goes along: the undo of that bulk finds it at the survivor too.
export const carry = (companyId: string, from: string[], to: string[]): Sql => sql`
  insert into customer_tag (company_id, customer_id, tag_id, user_id, at, bulk_id)
  select distinct on (m.survivor, g.tag_id) ${companyId}::uuid, m.survivor, g.tag_id, g.user_id, g.at, g.bulk_id
  from unnest(${from}::uuid[], ${to}::uuid[]) as m (merged, survivor)
  join customer_tag g on g.company_id = ${companyId}::uuid and g.customer_id = m.merged
  order by m.survivor, g.tag_id, g.at
  on conflict do nothing
  returning customer_id as "customerId", tag_id as "tagId"`;

export const takeBack = (companyId: string, customerIds: string[], tagIds: string[]): Sql => sql`
  delete from customer_tag g using unnest(${customerIds}::uuid[], ${tagIds}::uuid[]) as a (customer_id, tag_id)
  where g.company_id = ${companyId}::uuid and g.customer_id = a.customer_id and g.tag_id = a.tag_id`;

export const create = (companyId: string, id: string, name: string, folded: string, colour: Colour): Sql => sql`
  insert into tag (company_id, id, name, name_folded, colour)
  values (${companyId}::uuid, ${id}::uuid, ${name}, ${folded}, ${colour}) on conflict do nothing`;

export const howMany = (): Sql => sql`
  select count(*)::int as count from tag where company_id = current_company() and gone_at is null`;

// Locked until the end, so that nobody deletes it between here and its use.
export const byFolded = (folded: string): Sql => sql`
  select id, name, colour from tag
  where company_id = current_company() and name_folded = ${folded} and gone_at is null for share`;

export const byId = (id: string): Sql => sql`
  select id, name, colour from tag where company_id = current_company() and id = ${id}::uuid and gone_at is null`;

export const lockOne = (id: string): Sql => sql`${byId(id)} for share`;

/** Touches nothing where another tag bears the name. */
export const save = (id: string, name: string, folded: string, colour: Colour): Sql => sql`
  update tag set name = ${name}, name_folded = ${folded}, colour = ${colour}
  where company_id = current_company() and id = ${id}::uuid and gone_at is null
    and not exists (
      select from tag t where t.company_id = current_company() and t.name_folded = ${folded} and t.id <> ${id}::uuid)`;

/** Its name is free at once. `into`: what gets its uses; null: nothing does. */
export const leave = (id: string, into: string | null): Sql => sql`
  update tag set gone_at = now(), into_id = ${into}::uuid, name_folded = ' ' || id::text
  where company_id = current_company() and id = ${id}::uuid and gone_at is null`;

export interface CountedRow extends TagRow {
  customers: bigint;
  orders: bigint;
}

// Merged and deleted customers keep their tags and do not count. There are few of them, and most of a tag's uses are counted on the
// index alone: the other way round, a million uses would be a million customers looked up.
export const counted = (most: number): Sql => sql`
  with unlisted as materialized (
    select g.tag_id, count(*) as n from customer c
    join customer_tag g on g.company_id = c.company_id and g.customer_id = c.id
    where c.company_id = current_company() and not c.listed group by g.tag_id
  )
  select t.id, t.name, t.colour,
         (select count(*) from customer_tag g where g.company_id = current_company() and g.tag_id = t.id)
           - coalesce(u.n, 0) as customers,
         (select count(*) from order_tag g where g.company_id = current_company() and g.tag_id = t.id) as orders
  from tag t left join unlisted u on u.tag_id = t.id
  where t.company_id = current_company() and t.gone_at is null order by ${byName} limit ${most}`;

export interface UsesRow {
  customers: bigint;
  orders: bigint;
  /** that have the other one as well */
  customers_both: bigint;
  orders_both: bigint;
}

export const uses = (id: string, other: string | null): Sql => sql`
  select count(*) as customers, count(b.tag_id) as customers_both,
         (select count(*) from order_tag o where o.company_id = current_company() and o.tag_id = ${id}::uuid) as orders,
         (select count(*) from order_tag o join order_tag p
          on p.company_id = o.company_id and p.order_id = o.order_id and p.tag_id = ${other}::uuid
          where o.company_id = current_company() and o.tag_id = ${id}::uuid) as orders_both
  from customer_tag g
  join customer c on c.company_id = g.company_id and c.id = g.customer_id and c.listed
  left join customer_tag b on b.company_id = g.company_id and b.customer_id = g.customer_id and b.tag_id = ${other}::uuid
  where g.company_id = current_company() and g.tag_id = ${id}::uuid`;

export const leaving = (id: string): Sql => sql`
  select into_id from tag where company_id = current_company() and id = ${id}::uuid and gone_at is not null for update`;

/** Which uses of a tag come next. `beyond`: the last customer or order of the step before. */
export interface Clearing {
  of: keyof typeof USES;
  id: string;
  into: string | null;
  beyond: string | null;
  limit: number;
}

export const clear = (companyId: string, { of, id, into, beyond, limit }: Clearing): Sql => {
  const { table, owner } = USES[of];
  return sql`
  with chunk as materialized (
    select ${owner}, user_id, at from ${table}
    where company_id = ${companyId}::uuid and tag_id = ${id}::uuid ${after(owner, beyond)}
    order by ${owner} limit ${limit}
  ), given as (
    insert into ${table} (company_id, ${owner}, tag_id, user_id, at)
    select ${companyId}::uuid, ${owner}, ${into}::uuid, user_id, at from chunk where ${into}::uuid is not null
    on conflict do nothing
  ), taken as (
    delete from ${table} g using chunk
    where g.company_id = ${companyId}::uuid and g.${owner} = chunk.${owner} and g.tag_id = ${id}::uuid
  )${of === 'customers' ? touched(companyId) : empty}
  select ${owner} as last from chunk order by ${owner} desc limit 1`;
};

// From where the last step ended: what that one has deleted would be walked over again.
const after = (column: Sql, beyond: string | null): Sql => (beyond ? sql`and ${column} > ${beyond}::uuid` : empty);

const touched = (companyId: string): Sql => sql`, touched as (
    update customer c set updated_at = clock_timestamp() from chunk
    where c.company_id = ${companyId}::uuid and c.id = chunk.customer_id and c.listed
  )`;

/** What was done with it in bulk keeps its name, and can no longer be undone. */
export const forget = (id: string): Sql => sql`
  update bulk set tag_id = null where company_id = current_company() and tag_id = ${id}::uuid`;

export const inherit = (id: string, into: string | null): Sql => sql`
  update tag set into_id = ${into}::uuid where company_id = current_company() and into_id = ${id}::uuid`;

/** Saved filters that asked for a tag ask for what it has become. */
export const follow = (id: string, into: string): Sql => sql`
  update segment set filter = replace(filter, ${id}, ${into}), updated_at = now()
  where company_id = current_company() and strpos(filter, ${id}) > 0`;

export const drop = (id: string): Sql => sql`
  delete from tag where company_id = current_company() and id = ${id}::uuid and gone_at is not null`;

export const tagCustomer = (
  companyId: string,
  customerId: string,
  tagIds: readonly string[],
  userId: string,
): Sql => sql`
  with added as (
    insert into customer_tag (company_id, customer_id, tag_id, user_id)
    select ${companyId}::uuid, c.id, w.tag_id, ${userId}::uuid
    from customer c cross join unnest(${[...tagIds]}::uuid[]) as w (tag_id)
    where c.company_id = ${companyId}::uuid and c.id = ${customerId}::uuid and c.listed
    on conflict do nothing returning customer_id
  )
  update customer c set updated_at = clock_timestamp() from added
  where c.company_id = ${companyId}::uuid and c.id = added.customer_id`;

/**
 * Who has a tag taken off once more (`taken`, with the alias `x`) had got it back since: what a bulk took off before is not for its undo
 * any more. A part of a statement.
 */
export const disclaimed = (companyId: string, tagId: Sql, taken: Sql): Sql => sql`
  disclaimed as (
    delete from bulk_change h using ${taken} x, bulk b
    where h.company_id = ${companyId}::uuid and h.customer_id = x.customer_id
      and b.company_id = h.company_id and b.id = h.bulk_id and b.tag_id = ${tagId}
  )`;

export const untagCustomer = (companyId: string, customerId: string, tagIds: readonly string[]): Sql => sql`
  with taken as (
    delete from customer_tag
    where company_id = ${companyId}::uuid and customer_id = ${customerId}::uuid and tag_id = any(${[...tagIds]}::uuid[])
    returning customer_id, tag_id
  ), ${disclaimed(companyId, sql`x.tag_id`, sql`taken`)}
  update customer c set updated_at = clock_timestamp() from taken
  where c.company_id = ${companyId}::uuid and c.id = taken.customer_id`;

export const tagOrder = (companyId: string, orderId: string, tagId: string, userId: string): Sql => sql`
  insert into order_tag (company_id, order_id, tag_id, user_id)
  values (${companyId}::uuid, ${orderId}::uuid, ${tagId}::uuid, ${userId}::uuid) on conflict do nothing`;

export const untagOrder = (companyId: string, orderId: string, tagId: string): Sql => sql`
  delete from order_tag
  where company_id = ${companyId}::uuid and order_id = ${orderId}::uuid and tag_id = ${tagId}::uuid`;
