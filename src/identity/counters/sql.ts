import { type Sql, sql } from '../../platform/db.ts';

/**
 * What the row of the customer `c` must say, from orders, messages and feedback alone: one row. An order of any status is an activity;
 * so is a message thread in which the customer wrote, unless it belongs to an order of the same customer (reading 3). Feedback is none.
 * Computed customer by customer, by their own keys: joined over many of them, a young company, of which PostgreSQL expects next to
 * no rows, would be read as a whole for each.
 */
const figures = (companyId: string): Sql => sql`
  select coalesce(p.name, '') as name, p.gender, p.region,
         o.count as orders_count, t.count as threads_count, t.unanswered as unanswered_count, o.count + t.own as activities_count,
         f.count as feedback_count, f.good as feedback_good, f.neutral as feedback_neutral, f.bad as feedback_bad,
         ${held(sql`o.sum_all`)} as sum_all, ${held(sql`o.sum_paid`)} as sum_paid,
         ${held(sql`o.sum_cancelled`)} as sum_cancelled, ${held(sql`o.sum_open`)} as sum_open,
         coalesce(u.unconverted, '[]') as unconverted,
         least(o.first_at, t.first_at) as first_activity_at, greatest(o.last_at, t.last_at) as last_activity_at,
         o.first_at as first_order_at, o.last_at as last_order_at
  from (${person(companyId)}) p, (${ordered(companyId)}) o, (${unconverted(companyId)}) u, (${threads(companyId)}) t,
       (${feedbacks(companyId)}) f`;

// A thousand of the largest orders fill a bigint: nobody's next order may fail for that.
function held(sum: Sql): Sql {
  return sql`least(coalesce(${sum}, 0), 9223372036854775807)::bigint`;
}

// Orders, messages and feedback have the ids of their arrivals, which is enough: asked for the kind as well, PostgreSQL might go by that.
const arrivals = (companyId: string): Sql => sql`a.company_id = ${companyId}::uuid and a.customer_id = c.id`;
const order = (companyId: string): Sql => sql`o.company_id = ${companyId}::uuid and o.id = a.id`;

// The latest order that says it; who never ordered, the latest message or feedback; of whom nothing came in, the latest import.
function person(companyId: string): Sql {
  const latest = (column: Sql) => sql`
    (array_agg(${column} order by (kind = 'order') desc, (kind = 'import'), at desc, id desc) filter (where ${column} is not null))[1]`;
  return sql`
    select ${latest(sql`name`)} as name, ${latest(sql`gender`)} as gender, ${latest(sql`region`)} as region
    from arrival a where ${arrivals(companyId)}`;
}

const ordered = (companyId: string): Sql => sql`
  select count(*) as count, min(a.at) as first_at, max(a.at) as last_at, sum(o.converted) as sum_all,
         sum(o.converted) filter (where o.sum_class = 'paid') as sum_paid,
         sum(o.converted) filter (where o.sum_class = 'cancelled') as sum_cancelled,
         sum(o.converted) filter (where o.sum_class = 'open') as sum_open
  from arrival a join orders o on ${order(companyId)}
  where ${arrivals(companyId)}`;

// Amounts as text: a bigint does not survive JSON.
const unconverted = (companyId: string): Sql => sql`
  select jsonb_agg(jsonb_build_object('currency', currency, 'amount', amount::text) order by currency) as unconverted
  from (
    select o.currency, sum(o.total) as amount
    from arrival a join orders o on ${order(companyId)}
    where ${arrivals(companyId)} and o.converted is null
    group by o.currency
  ) sums`;

// "in" over all of their orders is one hash table; "exists" would be one search for every message.
const threads = (companyId: string): Sql => sql`
  select count(*) as count, count(*) filter (where not attached) as own,
         count(*) filter (where last_direction = 'in') as unanswered, min(first_at) as first_at, max(last_at) as last_at
  from (
    select min(a.at) filter (where m.direction = 'in') as first_at, max(a.at) filter (where m.direction = 'in') as last_at,
           (array_agg(m.direction order by a.at desc, a.id desc))[1] as last_direction,
           bool_or(m.order_external_id is not null and m.order_external_id in (
             select a.external_id from arrival a where ${arrivals(companyId)} and a.kind = 'order')) as attached
    from arrival a join message m on m.company_id = ${companyId}::uuid and m.id = a.id
    where ${arrivals(companyId)}
    group by m.thread
    having bool_or(m.direction = 'in')
  ) threads`;

const feedbacks = (companyId: string): Sql => sql`
  select count(*) as count, count(*) filter (where f.rating >= 4) as good,
         count(*) filter (where f.rating = 3) as neutral, count(*) filter (where f.rating <= 2) as bad
  from arrival a join feedback f on f.company_id = ${companyId}::uuid and f.id = a.id
  where ${arrivals(companyId)}`;

/** The day and class under which a customer stands in the rollup. The zone is read here: another transaction may just have changed it. */
const rollupDay = (companyId: string, at: Sql): Sql =>
  sql`coalesce((${at} at time zone (select timezone from company where id = ${companyId}::uuid))::date, '-infinity'::date)`;
const rollupClass = (count: Sql): Sql =>
  sql`case when ${count} = 0 then 'none' when ${count} = 1 then 'one' else 'more' end`;

/**
 * Writes the computed figures, and moves each customer in the rollup from where its old row stood to where its new one stands,
 * in key order, so that two batches cannot wait for each other. Merged and deleted customers leave it. Counting `old` reads it before it is old.
 * "No key": a launch that writes to 100,000 refers to their rows for seconds, and orders need not wait for that.
 */
export const recompute = (companyId: string, ids: string[]): Sql => sql`
  with old as (
    select id, rollup_day, rollup_class from customer
    where company_id = ${companyId}::uuid and id = any(${ids}::uuid[]) order by id for no key update
  ), kept as (
    update customer c set (
      name, name_folded, gender, region, orders_count, threads_count, unanswered_count, activities_count,
      feedback_count, feedback_good, feedback_neutral, feedback_bad, sum_all, sum_paid, sum_cancelled, sum_open, unconverted,
      first_activity_at, last_activity_at, first_order_at, last_order_at, latest_at, updated_at, rollup_day, rollup_class
    ) = (
      select n.name, ${folded(sql`n.name`)}, case when c.gender_by_hand then c.gender else f.gender end,
             case when c.region_by_hand then c.region else f.region end,
             f.orders_count, f.threads_count, f.unanswered_count, f.activities_count,
             f.feedback_count, f.feedback_good, f.feedback_neutral, f.feedback_bad,
             f.sum_all, f.sum_paid, f.sum_cancelled, f.sum_open, f.unconverted,
             f.first_activity_at, f.last_activity_at, f.first_order_at, f.last_order_at,
             coalesce(f.last_activity_at, c.created_at), clock_timestamp(),
             ${rollupDay(companyId, sql`f.last_activity_at`)}, ${rollupClass(sql`f.activities_count`)}
      from (${figures(companyId)}) f, lateral (select case when c.name_by_hand then c.name else f.name end as name) n
    )
    where c.company_id = ${companyId}::uuid and c.id = any(${ids}::uuid[]) and c.listed and (select count(*) from old) > 0
    returning c.rollup_day, c.rollup_class
  ), gone as (
    update customer c set rollup_day = null, rollup_class = null
    where c.company_id = ${companyId}::uuid and c.id = any(${ids}::uuid[]) and not c.listed and (select count(*) from old) > 0
  )
  insert into activity_rollup as r (company_id, day, class, customers)
  select ${companyId}::uuid, day, class, sum(n) from (
    select rollup_day as day, rollup_class as class, -1 as n from old where rollup_day is not null
    union all
    select rollup_day, rollup_class, 1 from kept
  ) moves
  group by day, class having sum(n) <> 0 order by day, class
  on conflict (company_id, day, class) do update set customers = r.customers + excluded.customers`;

// For sorting and searching: one spelling of case, width and blanks, whatever locale the database was made with.
function folded(text: Sql): Sql {
  return sql`btrim(regexp_replace(lower(normalize(${text}, nfkc) collate "und-x-icu"), '\\s+', ' ', 'g'))`;
}

/**
 * What the search box looks through: every name, e-mail and number an arrival gave, and all contacts. Written only where it differs,
 * so that another order of a known person leaves the trigram index alone. Who was merged or deleted, or has nothing to be found by, loses it.
 * Looked up customer by customer, like the figures.
 */
export const refreshSearch = (companyId: string, ids: string[]): Sql => sql`
  with listed as (
    select id, name_folded, name_by_hand from customer where company_id = ${companyId}::uuid and id = any(${ids}::uuid[]) and listed
  ), pieces as (
    select listed.id as customer_id, a.search as piece from listed cross join lateral (
      select search from arrival a where a.company_id = ${companyId}::uuid and a.customer_id = listed.id and a.search <> '' offset 0) a
    union
    select listed.id, ltrim(${folded(sql`k.value`)}, '+') from listed cross join lateral (
      select value from contact k where k.company_id = ${companyId}::uuid and k.customer_id = listed.id offset 0) k
    union
    select id, name_folded from listed where name_by_hand
  ), gone as (
    delete from customer_search
    where company_id = ${companyId}::uuid and customer_id = any(${ids}::uuid[]) and customer_id not in (select customer_id from pieces)
  )
  insert into customer_search as s (company_id, customer_id, text)
  select ${companyId}::uuid, customer_id, ' ' || string_agg(piece, E'\n ' order by piece)
  from pieces group by customer_id
  on conflict (company_id, customer_id) do update set text = excluded.text where s.text <> excluded.text`;

/** Rows whose figures differ from their recomputation. */
export const driftedCustomers = (companyId: string): Sql => sql`
  select count(*) as rows from customer c, lateral (${figures(companyId)}) f
  where c.company_id = ${companyId}::uuid and c.listed and ((c.orders_count, c.threads_count, c.unanswered_count, c.activities_count, c.feedback_count, c.feedback_good,
         c.feedback_neutral, c.feedback_bad, c.sum_all, c.sum_paid, c.sum_cancelled, c.sum_open, c.unconverted,
         c.first_activity_at, c.last_activity_at, c.first_order_at, c.last_order_at,
         c.latest_at, c.rollup_day, c.rollup_class)
    is distinct from
        (f.orders_count, f.threads_count, f.unanswered_count, f.activities_count, f.feedback_count, f.feedback_good,
         f.feedback_neutral, f.feedback_bad, f.sum_all, f.sum_paid, f.sum_cancelled, f.sum_open, f.unconverted,
         f.first_activity_at, f.last_activity_at, f.first_order_at, f.last_order_at,
         coalesce(f.last_activity_at, c.created_at), ${rollupDay(companyId, sql`f.last_activity_at`)}, ${rollupClass(sql`f.activities_count`)})
    or (not c.name_by_hand and c.name <> f.name) or c.name_folded <> ${folded(sql`c.name`)}
    or (not c.gender_by_hand and c.gender is distinct from f.gender)
    or (not c.region_by_hand and c.region is distinct from f.region))`;

const rollupOf = (companyId: string): Sql => sql`
  select rollup_day as day, rollup_class as class, count(*) as customers from customer
  where company_id = ${companyId}::uuid and rollup_day is not null group by rollup_day, rollup_class`;

export const driftedRollup = (companyId: string): Sql => sql`
  select count(*) as rows from (${rollupOf(companyId)}) f
  full join (select * from activity_rollup where company_id = ${companyId}::uuid) r using (day, class)
  where coalesce(r.customers, 0) <> coalesce(f.customers, 0)`;

export const countedMerged = (companyId: string): Sql => sql`
  select count(*) as rows from customer
  where company_id = ${companyId}::uuid and listed = (rollup_day is null)`;

/** Days begin elsewhere now: every customer is put under its day anew. */
export const restampRollup = (companyId: string): Sql => sql`
  update customer set rollup_day = ${rollupDay(companyId, sql`last_activity_at`)}
  where company_id = ${companyId}::uuid and rollup_day is distinct from ${rollupDay(companyId, sql`last_activity_at`)}
    and listed`;

export const clearRollup = (companyId: string): Sql =>
  sql`delete from activity_rollup where company_id = ${companyId}::uuid`;

export const fillRollup = (companyId: string): Sql => sql`
  insert into activity_rollup (company_id, day, class, customers)
  select ${companyId}::uuid, day, class, customers from (${rollupOf(companyId)}) f order by day, class`;
