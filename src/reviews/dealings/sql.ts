import { type Sql, sql } from '../../platform/db.ts';

/** New numbers a day that a company may open by its own key (DESIGN §7). */
const BUDGET = 50;

export interface Asked {
  companyId: string;
  /** [{"phone": E.164, "phone_key": …, "brought": whether it was pushed now, and not only taken away}] as JSON */
  phones: string;
  /** what was pushed before this moment came by the portal's key: a time, or `infinity` and `-infinity` for all and nothing */
  portalUntil: string;
  /** the day whose budget is charged; null: the day on which each number first came */
  day: string | null;
  timezone: string;
}

/**
 * The dealings with these numbers, as the evidence of orders and of messages that customers wrote has them now. A number that
 * nothing proves any more is forgotten; what it cost of the day's budget is not. Number by number, each by its keys, which is what
 * "offset 0" is for: of a young company PostgreSQL expects next to no rows, and would look at all of them for each number.
 */
export const settle = ({ companyId, phones, portalUntil, day, timezone }: Asked): Sql => sql`
  with asked as (
    select phone, phone_key, brought from json_to_recordset(${phones}::json) as r (phone text, phone_key text, brought boolean)
  ), proved as materialized (
    select w.phone_key, min(a.at) as first_at, max(a.at) as last_at,
           bool_or(w.brought and a.created_at < ${portalUntil}::timestamptz) as by_portal,
           coalesce(${day}::date, (min(a.created_at) at time zone ${timezone})::date) as day
    from asked w
    cross join lateral (
      select e.arrival_id from evidence e
      where e.company_id = ${companyId}::uuid and e.kind = 'phone' and e.value = w.phone offset 0
    ) e
    cross join lateral (
      select a.id, a.kind, a.at, a.created_at from arrival a
      where a.company_id = ${companyId}::uuid and a.id = e.arrival_id offset 0
    ) a
    left join lateral (
      select m.direction from message m where m.company_id = ${companyId}::uuid and m.id = a.id offset 0
    ) m on true
    where a.kind = 'order' or m.direction = 'in'
    group by w.phone_key
  ), unproved as (
    select phone_key from asked except select phone_key from proved
  ), gone as (
    delete from dealing d using unproved w where d.company_id = ${companyId}::uuid and d.phone_key = w.phone_key
  ), fresh as (
    select p.phone_key, p.day, row_number() over (partition by p.day order by p.first_at, p.phone_key)
             + coalesce((select b.numbers from dealing_budget b where b.company_id = ${companyId}::uuid and b.day = p.day), 0) as place
    from proved p left join dealing d on d.company_id = ${companyId}::uuid and d.phone_key = p.phone_key
    where not p.by_portal and d.counted_on is null
  ), opened as (
    select phone_key, day from fresh where place <= ${BUDGET}
  ), charged as (
    insert into dealing_budget as b (company_id, day, numbers)
    select ${companyId}::uuid, day, count(*) from opened group by day
    on conflict (company_id, day) do update set numbers = b.numbers + excluded.numbers
  )
  insert into dealing as d (company_id, phone_key, by_portal, first_at, last_at, counted_on)
  select ${companyId}::uuid, p.phone_key, p.by_portal, p.first_at, p.last_at,
         case when p.by_portal then p.day else o.day end
  from proved p left join opened o on o.phone_key = p.phone_key
  order by p.phone_key
  on conflict (company_id, phone_key) do update set
    by_portal = d.by_portal or excluded.by_portal, first_at = excluded.first_at, last_at = excluded.last_at,
    counted_on = coalesce(d.counted_on, excluded.counted_on)`;

// Each number of the company that the shared tables do not know yet, so many at a time.
export const unkeyed = (companyId: string, most: number): Sql => sql`
  select value from contact where company_id = ${companyId}::uuid and kind = 'phone' and phone_key is null limit ${most}`;

export const setKeys = (companyId: string, phones: string): Sql => sql`
  update contact k set phone_key = r.phone_key
  from json_to_recordset(${phones}::json) as r (phone text, phone_key text)
  where k.company_id = ${companyId}::uuid and k.kind = 'phone' and k.value = r.phone`;

/** When the company got a key of its own: before that, everything came by the portal's. */
export const firstOwnKey = (companyId: string): Sql => sql`
  select min(created_at) as at from api_key where company_id = ${companyId}::uuid`;
