import { type Sql, sql } from '../../platform/db.ts';

/** Two customers that may be one, the older first. */
export interface Pair {
  customer_id: string;
  other_id: string;
  /** the older one's number, where two numbers differ by a digit */
  phone: string | null;
  /** their names do not speak against it */
  agree: boolean;
}

// Pairs about which there is a question or an answer already, and those that people keep apart, by who they are now.
const settled = sql`
  settled as materialized (
    select least(coalesce(a.merged_into, a.id), coalesce(b.merged_into, b.id)) as one,
           greatest(coalesce(a.merged_into, a.id), coalesce(b.merged_into, b.id)) as two
    from duplicate d
    join customer a on a.company_id = d.company_id and a.id = d.customer_id
    join customer b on b.company_id = d.company_id and b.id = d.other_id
    where d.company_id = current_company()
    union
    select least(coalesce(a.merged_into, a.id), coalesce(b.merged_into, b.id)), greatest(coalesce(a.merged_into, a.id), coalesce(b.merged_into, b.id))
    from decision d
    join customer a on a.company_id = d.company_id and a.id = d.customer_id
    join customer b on b.company_id = d.company_id and b.id = d.other_id
    where d.company_id = current_company() and d.kind in ('split', 'apart') and d.undone_at is null
  )`;

const isNew = sql`
  not exists (select from settled s where s.one = least(p.customer_id, p.other_id) and s.two = greatest(p.customer_id, p.other_id))`;

// Who left only a phone may well be who left only an e-mail; who has another phone and another e-mail is more likely somebody else.
const contradictions = sql`(
  select count(*) from unnest(array['phone', 'email']) as way (kind)
  where exists (select from contact k where k.company_id = current_company() and k.customer_id = p.customer_id and k.kind = way.kind)
    and exists (select from contact k where k.company_id = current_company() and k.customer_id = p.other_id and k.kind = way.kind))`;

/**
 * The same whole name in the same region. A name of one word says too little; so does one that more than `most` people there have.
 * One walk over the customers into a hash table, whatever their number.
 */
export const sameName = (most: number, limit: number): Sql => sql`
  with ${settled}, groups as (
    select array_agg(id order by created_at, id) as ids, max(created_at) as latest
    from customer
    where company_id = current_company() and listed and region is not null and position(' ' in name_folded) > 0
    group by name_folded, lower(region) having count(*) between 2 and ${most}
  ), pairs as (
    select ids[a] as customer_id, ids[b] as other_id, latest
    from groups, generate_subscripts(ids, 1) a, generate_subscripts(ids, 1) b where a < b
  )
  select p.customer_id, p.other_id, null as phone, true as agree from pairs p
  where ${isNew} order by ${contradictions}, p.latest desc, p.other_id desc limit ${limit}`;

/**
 * Numbers that are the same but for the digit at one place, counted from the end: with that digit blanked they fall together. Where
 * more than `most` do, they are the numbers of a firm, not slips of the pen. Names have to agree, or one is missing; `anyName`: others
 * are answered too.
 */
export const oneDigit = (place: number, most: number, anyName: boolean, limit: number): Sql => sql`
  with ${settled}, alike as materialized (
    select array_agg(customer_id) as ids, array_agg(value) as phones
    from contact
    where company_id = current_company() and kind = 'phone' and not shared and char_length(value) >= ${place + 3}
    group by overlay(value placing '_' from char_length(value) - ${place}::int + 1 for 1) having count(*) between 2 and ${most}
  ), met as materialized (
    select ids[a] as one, ids[b] as two, phones[a] as one_phone, phones[b] as two_phone
    from alike, generate_subscripts(ids, 1) a, generate_subscripts(ids, 1) b where a < b and ids[a] <> ids[b]
  ), pairs as (
    select case when one.is_first then m.one else m.two end as customer_id, case when one.is_first then m.two else m.one end as other_id,
           case when one.is_first then m.one_phone else m.two_phone end as phone, one.latest, one.agree
    from met m cross join lateral (
      select (one.created_at, one.id) < (two.created_at, two.id) as is_first, greatest(one.created_at, two.created_at) as latest,
             (select count(*) from (${words(sql`one`)} intersect ${words(sql`two`)}) both_have)
               >= least((select count(*) from (${words(sql`one`)}) w), (select count(*) from (${words(sql`two`)}) w)) as agree
      from ${byId(sql`m.one`)} one, ${byId(sql`m.two`)} two
    ) one
  )
  select p.customer_id, p.other_id, p.phone, p.agree from pairs p
  where ${isNew} and (p.agree or ${anyName}) order by p.agree desc, p.latest desc, p.other_id desc limit ${limit}`;

// Of a name; initials are none. Names agree where one has all words of the other: "Koval O." and "Olena Koval".
const words = (of: Sql): Sql => sql`
  select distinct word from unnest(string_to_array(${of}.name_folded, ' ')) word where char_length(word) > 2`;

// "limit 1" has each looked up by its key: PostgreSQL, which expects next to nothing of a young company, would else read all of them
// for every pair.
const byId = (id: Sql): Sql => sql`(
  select c.id, c.created_at, c.name_folded from customer c
  where c.company_id = current_company() and c.id = ${id} and c.listed limit 1)`;

export const phones = (): Sql =>
  sql`select count(*) as count from contact where company_id = current_company() and kind = 'phone'`;

export interface Crowd {
  kind: 'account' | 'phone' | 'email';
  value: string;
  names: bigint;
}

/**
 * Contacts that more than `most` differently named people gave. "Olena Koval" and "koval olena" are one name: its words are sorted.
 * Only what that many orders or messages bring is looked at by name.
 */
export const crowds = (most: number, limit: number): Sql => sql`
  with busy as materialized (
    select kind, value from evidence where company_id = current_company()
    group by kind, value having count(*) > ${most}
  )
  select b.kind, b.value, n.names
  from busy b cross join lateral (
    select count(distinct (select string_agg(word, ' ' order by word) from regexp_split_to_table(lower(btrim(a.name)), '\\s+') word)) as names
    from evidence e cross join lateral (
      select name from arrival where company_id = e.company_id and id = e.arrival_id limit 1
    ) a
    where e.company_id = current_company() and e.kind = b.kind and e.value = b.value and btrim(a.name) <> ''
  ) n
  where n.names > ${most}
    and not exists (select from shared_proposal s where s.company_id = current_company() and s.kind = b.kind and s.value = b.value)
    and exists (select from contact k where k.company_id = current_company() and k.kind = b.kind and k.value = b.value and not k.shared)
  order by n.names desc, b.kind, b.value limit ${limit}`;

/** How many more questions of one kind there may be. */
export const open = (reason: string): Sql => sql`
  select count(*) as count from duplicate where company_id = current_company() and state = 'open' and reason = ${reason}`;

// Found in a snapshot: what has been merged or deleted since is no question any more.
export const raise = (companyId: string, pairs: string, reason: string): Sql => sql`
  insert into duplicate (company_id, id, customer_id, other_id, reason, because_kind, because_value)
  select ${companyId}::uuid, p.id, p.customer_id, p.other_id, ${reason}, case when p.phone is not null then 'phone' end, p.phone
  from json_to_recordset(${pairs}::json) as p (id uuid, customer_id uuid, other_id uuid, phone text)
  join customer one on one.company_id = ${companyId}::uuid and one.id = p.customer_id and one.listed
  join customer two on two.company_id = ${companyId}::uuid and two.id = p.other_id and two.listed
  on conflict (company_id, customer_id, other_id) do nothing`;

export const propose = (companyId: string, crowds: string): Sql => sql`
  insert into shared_proposal (company_id, id, kind, value, names)
  select ${companyId}::uuid, id, kind, value, names
  from json_to_recordset(${crowds}::json) as c (id uuid, kind text, value text, names bigint)
  on conflict (company_id, kind, value) do nothing`;

/** Touches no row while a search that was asked for within the hour is still to come. */
export const asked = (companyId: string): Sql => sql`
  insert into duplicate_search as s (company_id, asked_at) values (${companyId}::uuid, now())
  on conflict (company_id) do update set asked_at = excluded.asked_at
  where s.finished_at > s.asked_at or s.asked_at < now() - interval '1 hour'`;

export const finished = (companyId: string, found: number): Sql => sql`
  insert into duplicate_search (company_id, finished_at, found) values (${companyId}::uuid, now(), ${found})
  on conflict (company_id) do update set finished_at = excluded.finished_at, found = excluded.found`;

export interface SearchRow {
  asked_at: Date;
  finished_at: Date | null;
  found: bigint;
}

export const search = (): Sql =>
  sql`select asked_at, finished_at, found from duplicate_search where company_id = current_company()`;
