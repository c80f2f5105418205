import { empty, type Sql, sql } from '../platform/db.ts';
import type { OrderStatus } from './status.ts';

/** An order with what it said of the person, and why it belongs to its customer. */
export interface OrderRow {
  id: string;
  at: Date;
  /** `at` with all its digits, for a cursor */
  mark: string;
  external_id: string;
  number: string;
  status: OrderStatus;
  currency: string;
  total: bigint;
  items_total: bigint | null;
  items_count: bigint;
  /** the first few goods */
  goods: string[];
  lines: bigint;
  paid_at: Date | null;
  converted: bigint | null;
  /** a decimal without zeros at its end */
  rate: string | null;
  rate_day: string | null;
  payment_method: string | null;
  delivery_method: string | null;
  delivery_address: string | null;
  source: string | null;
  customer_id: string | null;
  customer_name: string | null;
  /** its customer was deleted: the order stays, and says nothing of the person */
  deleted: boolean;
  name: string | null;
  region: string | null;
  given: { accountId?: string | null; phones?: string[]; emails?: string[] };
  because_kind: 'account' | 'phone' | 'email' | null;
  because_value: string | null;
  because_rule: 'new' | 'known' | 'merged' | 'strongest' | 'moved' | 'split' | null;
}

const personal = (column: Sql, without = sql`null`): Sql =>
  sql`case when c.deleted_at is null then ${column} else ${without} end`;

const order = sql`
  select a.id, a.at, trunc(extract(epoch from a.at) * 1000000)::text as mark, a.external_id, o.number, o.status, o.currency, o.total,
         o.items_total, o.items_count, g.goods, g.lines, o.paid_at, o.converted, trim_scale(o.rate)::text as rate,
         o.rate_day::text as rate_day, o.payment_method, o.delivery_method, ${personal(sql`o.delivery_address`)} as delivery_address, o.source,
         a.customer_id, c.name as customer_name, c.deleted_at is not null as deleted, ${personal(sql`a.name`)} as name,
         ${personal(sql`a.region`)} as region, ${personal(sql`a.given`, sql`'{}'::jsonb`)} as given, ${personal(sql`a.because_kind`)} as because_kind,
         ${personal(sql`a.because_value`)} as because_value, ${personal(sql`a.because_rule`)} as because_rule
  from arrival a
  join orders o on o.company_id = a.company_id and o.id = a.id
  left join customer c on c.company_id = a.company_id and c.id = a.customer_id
  cross join lateral (
    select coalesce(array_agg(name order by line) filter (where line <= 3), '{}') as goods, count(*) as lines
    from order_item where company_id = a.company_id and order_id = a.id
  ) g`;

export const ofCustomer = (customerId: string, limit: number, offset: number): Sql =>
  some(customerId, empty, sql`limit ${limit} offset ${offset}`);

/** The orders of a customer behind a place, newest first. */
export const further = (customerId: string, place: Place | null, limit: number): Sql =>
  some(customerId, place ? beyond(place, false) : empty, sql`limit ${limit}`);

// The ids first, from the index alone: what is far down is not joined.
const some = (customerId: string, behind: Sql, many: Sql): Sql => sql`
  ${order}
  where a.company_id = current_company() and a.id in (
    select id from arrival
    where company_id = current_company() and customer_id = ${customerId}::uuid and kind = 'order' ${behind}
    order by at desc, id desc ${many}
  )
  order by a.at desc, a.id desc`;

export interface Place {
  side: 'after' | 'before';
  /** microseconds since 1970 */
  at: string;
  id: string;
}

/** All orders of the company, newest first; before a place they come the other way round. */
export const all = (withoutCustomer: boolean, place: Place | null, limit: number): Sql => {
  const backwards = place?.side === 'before';
  return sql`
    ${order}
    where a.company_id = current_company() and a.id in (
      select id from arrival
      where company_id = current_company() and kind = 'order' ${withoutCustomer ? sql`and customer_id is null` : empty}
        ${place ? beyond(place, backwards) : empty}
      order by ${backwards ? sql`at, id` : sql`at desc, id desc`} limit ${limit}
    )
    order by ${backwards ? sql`a.at, a.id` : sql`a.at desc, a.id desc`}`;
};

const beyond = ({ at, id }: Place, backwards: boolean): Sql => sql`
  and (at, id) ${backwards ? sql`>` : sql`<`} (timestamptz 'epoch' + ${at}::bigint * interval '1 microsecond', ${id}::uuid)`;

/** By the whole number that people see, or the one the shop's system uses. */
export const byNumber = (number: string, withoutCustomer: boolean, limit: number): Sql => sql`
  ${order}
  where a.company_id = current_company() and a.id in (
    select id from orders where company_id = current_company() and number = ${number}
    union
    select id from arrival where company_id = current_company() and kind = 'order' and external_id = ${number}
  ) ${withoutCustomer ? sql`and a.customer_id is null` : empty}
  order by a.at desc, a.id desc limit ${limit}`;

export const one = (id: string): Sql => sql`${order} where a.company_id = current_company() and a.id = ${id}::uuid`;

export interface ItemRow {
  line: bigint;
  sku: string | null;
  name: string;
  /** a decimal without zeros at its end */
  quantity: string;
  unit_price: bigint;
  /** minor units, rounded half away from zero */
  amount: bigint;
}

export const items = (orderId: string): Sql => sql`
  select line, sku, name, trim_scale(quantity)::text as quantity, unit_price, round(quantity * unit_price)::bigint as amount
  from order_item where company_id = current_company() and order_id = ${orderId}::uuid order by line`;

export interface ProofRow {
  kind: 'account' | 'phone' | 'email';
  value: string;
  given: string;
  /** no longer identifies anybody */
  shared: boolean;
}

/** The contacts by which the order was assigned, the strongest first. */
export const proof = (orderId: string): Sql => sql`
  select e.kind, e.value, e.given, coalesce(k.shared, false) as shared
  from evidence e
  left join contact k on k.company_id = e.company_id and k.kind = e.kind and k.value = e.value
  where e.company_id = current_company() and e.arrival_id = ${orderId}::uuid
    and not exists (select from arrival a join customer c on c.company_id = a.company_id and c.id = a.customer_id
      where a.company_id = current_company() and a.id = ${orderId}::uuid and c.deleted_at is not null)
  order by array_position(array['account', 'phone', 'email'], e.kind), e.value`;
