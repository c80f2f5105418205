import { empty, type Sql, sql } from '../../platform/db.ts';
import { type CustomerRow, columns, contactsOf } from '../sql.ts';

// What rows are sorted by: exactly the expressions of the indexes on customer.
export const latest = sql`c.latest_at`;
export const name = sql`c.name_folded collate "und-x-icu"`;
export const orders = sql`c.orders_count`;
export const sum = sql`c.sum_all`;
export const lastOrder = sql`case when c.last_order_at is null then '-infinity'::timestamptz else c.last_order_at end`;
export const created = sql`c.created_at`;

export const asText = (column: Sql) => sql`${column}::text`;
export const microseconds = (column: Sql) => sql`trunc(extract(epoch from ${column}) * 1000000)::text`;

export const bindText = (text: string) => sql`${text}::text`;
export const bindNumber = (text: string) => sql`${text}::bigint`;
export const bindTime = (text: string) => sql`timestamptz 'epoch' + ${text}::bigint * interval '1 microsecond'`;
export const never = sql`'-infinity'::timestamptz`;

export const updatedSince = (at: Date) => sql`c.updated_at >= ${at.toISOString()}::timestamptz`;
export const both = (first: Sql, second: Sql) => sql`${first} and ${second}`;

/** Which rows, in which direction, from where on, how many. */
export interface Slice {
  /** a condition over the alias `c` */
  where: Sql;
  by: Sql;
  descending: boolean;
  /** the row before the first one wanted */
  beyond: { key: Sql; id: string } | null;
  offset: number;
  limit: number;
}

/** What the search box was understood as: LIKE patterns, and the text as an order number. */
export interface Search {
  words: string[];
  alternatives: string[];
  number: string;
}

export type ListedRow = CustomerRow & { sort_key: string };

/**
 * A page of customers. The ids come first, from an index alone where the conditions allow it, and only they are joined: a page
 * far down costs the walk over the index and no more.
 */
export const page = (slice: Slice, key: Sql): Sql => sql`
  with ids as (
    select c.id from customer c where c.listed and ${slice.where} ${beyond(slice, slice.by, sql`c.id`)}
    order by ${ordered(slice, slice.by, sql`c.id`)} ${limited(slice)}
  )
  select ${columns}, ${key} as sort_key
  from ids join customer c on c.company_id = current_company() and c.id = ids.id ${contactsOf}
  order by ${ordered(slice, slice.by, sql`c.id`)}`;

// A limit in so many words lets a kept plan know that a page is short. One more than each page size.
const LIMITS: Readonly<Record<number, Sql>> = { 21: sql`limit 21`, 51: sql`limit 51`, 101: sql`limit 101` };

const limited = ({ limit, offset }: Slice): Sql =>
  sql`${LIMITS[limit] ?? sql`limit ${limit}`} ${offset === 0 ? empty : sql`offset ${offset}`}`;

/**
 * The same among the hits of a search, with their number: the trigram index is asked once for both. One row without a customer
 * where the page is empty, for the sake of the number.
 */
export const searchPage = (slice: Slice, key: Sql, search: Search): Sql => sql`
  with matching as materialized (
    select m.id, m.key from (${hits(search)}) h
    cross join lateral (select c.id, ${slice.by} as key from customer c ${byHit(slice.where)}) m
  ), ids as (
    select m.id from matching m where true ${beyond(slice, sql`m.key`, sql`m.id`)}
    order by ${ordered(slice, sql`m.key`, sql`m.id`)} limit ${slice.limit} offset ${slice.offset}
  )
  select found.*, total.total
  from (select count(*) as total from matching) total
  left join (
    select ${columns}, ${key} as sort_key, row_number() over (order by ${ordered(slice, slice.by, sql`c.id`)}) as place
    from ids join customer c on c.company_id = current_company() and c.id = ids.id ${contactsOf}
  ) found on true
  order by found.place`;

// "limit 1": each hit is looked up by itself. PostgreSQL takes any search for one with 2,000 hits, and in a company of 100,000 would rather
// read everybody than so many by their keys.
const byHit = (where: Sql): Sql => sql`
  where c.company_id = current_company() and c.id = h.id and c.listed and ${where} limit 1`;

/**
 * A page of a search that very many customers match: down the list until enough are found, at most through `reach` customers.
 * ("limit 1" keeps PostgreSQL from reading all search texts first: it cannot know how many match.) Only for a search with a pattern:
 * without any, everybody would match.
 */
export const scanPage = (slice: Slice, key: Sql, search: Search, reach: number | null): Sql => sql`
  with numbered as materialized (${numbered(search)}), walk as (
    select c.company_id, c.id, ${slice.by} as key from customer c
    where c.listed and ${slice.where} ${beyond(slice, slice.by, sql`c.id`)}
    order by ${ordered(slice, slice.by, sql`c.id`)} ${reach === null ? empty : sql`limit ${reach}`}
  ), ids as (
    select w.id from walk w
    where (
      select true from customer_search s
      where s.company_id = w.company_id and s.customer_id = w.id and s.text like all(${search.words}::text[])
        and (cardinality(${search.alternatives}::text[]) = 0 or s.text like any(${search.alternatives}::text[]))
      limit 1
    ) or w.id in (select customer_id from numbered where customer_id is not null)
    order by ${ordered(slice, sql`w.key`, sql`w.id`)} limit ${slice.limit} offset ${slice.offset}
  )
  select ${columns}, ${key} as sort_key
  from ids join customer c on c.company_id = current_company() and c.id = ids.id ${contactsOf}
  order by ${ordered(slice, slice.by, sql`c.id`)}`;

export const count = (where: Sql): Sql => sql`select count(*) as total from customer c where c.listed and ${where}`;

// Merged customers have no search text: without conditions the hits are the customers.
export const searchCount = (where: Sql | null, search: Search): Sql =>
  where
    ? sql`
      select count(*) as total from (${hits(search)}) h
      cross join lateral (select c.id from customer c ${byHit(where)}) m`
    : sql`select count(h.id) as total from (${hits(search)}) h`;

/** For whoever reads all of them: everybody the list shows, page after page. */
export const whole = (where: Sql, search: Search | null): Sql =>
  sql`c.listed and ${where} ${search ? sql`and c.id in (${hits(search)})` : empty}`;

// By an order number too, where it is given as a whole (P-50). A customer counts once.
const hits = (search: Search): Sql => sql`
  select f.id from find_customers(${search.words}::text[], ${search.alternatives}::text[]) f(id)
  union
  ${numbered(search)}`;

const numbered = ({ number }: Search): Sql => sql`
  select a.customer_id from orders o join arrival a on a.company_id = o.company_id and a.id = o.id
  where o.company_id = current_company() and o.number = ${number}
  union
  select a.customer_id from arrival a
  where a.company_id = current_company() and a.kind = 'order' and a.external_id = ${number}`;

function beyond({ beyond, descending }: Slice, key: Sql, id: Sql): Sql {
  if (!beyond) return empty;
  return sql`and (${key}, ${id}) ${descending ? sql`<` : sql`>`} (${beyond.key}, ${beyond.id}::uuid)`;
}

const ordered = ({ descending }: Pick<Slice, 'descending'>, key: Sql, id: Sql): Sql =>
  descending ? sql`${key} desc, ${id} desc` : sql`${key}, ${id}`;

/** The order of the list for whoever reads all of it. */
export const order = (by: Sql, descending: boolean): Sql => ordered({ descending }, by, sql`c.id`);
