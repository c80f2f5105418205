import { type Sql, sql } from '../../platform/db.ts';
import type { Sentiment } from '../reasons.ts';

/** One phone of a customer, and what the company has to do with it. */
export interface NumberRow {
  phone: string;
  key: string;
  /** an order or a message of this number: whoever has none may not write */
  dealt: boolean;
  /** beyond the day's budget of the company's own key: it may not read yet */
  waiting: boolean;
  /** its person objects to the sharing. Only for what is the company's own to tell. */
  hidden: boolean;
}

export const numbers = (customerId: string): Sql => sql`
  select k.value as phone, k.phone_key as key, d.phone_key is not null as dealt,
         d.phone_key is not null and d.counted_on is null as waiting,
         exists (select from phone_sharing s where s.phone_key = k.phone_key and s.hidden_at is not null) as hidden
  from contact k
  join customer c on c.company_id = k.company_id and c.id = k.customer_id and c.listed
  left join dealing d on d.company_id = k.company_id and d.phone_key = k.phone_key
  where k.company_id = current_company() and k.customer_id = ${customerId}::uuid and k.kind = 'phone' and k.phone_key is not null
  order by k.position, k.created_at, k.value`;

export interface SeenRow {
  id: string;
  phone_key: string;
  phone_hint: string;
  sentiment: Sentiment;
  reason: string;
  text: string;
  signed_as: string | null;
  known_as: string[];
  dealt_at: Date;
  published_at: Date;
  corrected_at: Date | null;
  own: boolean;
  reply_text: string | null;
  reply_at: Date | null;
  /** the company's own dispute, the latest one */
  dispute_state: 'open' | 'upheld' | 'rejected' | null;
  dispute_answer: string | null;
  dispute_at: Date | null;
}

// What is read here is what the policies of review let the company read, no less and no more.
const seen = sql`
  select r.id, r.phone_key, r.phone_hint, r.sentiment, r.reason, r.text, r.signed_as, r.known_as, r.dealt_at, r.published_at,
         r.corrected_at, o.id is not null as own, p.text as reply_text, p.decided_at as reply_at,
         d.state as dispute_state, d.answer as dispute_answer, d.created_at as dispute_at
  from review r
  left join own_review o on o.company_id = current_company() and o.id = r.id
  left join reply p on p.review_id = r.id
  left join lateral (
    select * from dispute d where d.review_id = r.id and d.company_id = current_company() order by d.created_at desc, d.id desc limit 1
  ) d on true`;

// `open`: numbers whose reviews the company may read at all. Others are not even passed by, so that the clock tells nothing.
export const published = (open: readonly string[], own: readonly string[]): Sql => sql`
  ${seen} where (r.phone_key = any(${[...open]}::text[]) or r.id = any(${[...own]}::uuid[])) and r.withdrawn_at is null
  order by r.published_at desc, r.id desc`;

export const publishedOne = (id: string): Sql => sql`${seen} where r.id = ${id}::uuid and r.withdrawn_at is null`;

export interface OwnRow {
  id: string;
  phone_key: string;
  phone_hint: string;
  state: 'pending' | 'published' | 'refused' | 'changes';
  /** the latest text */
  revision_id: string;
  sentiment: Sentiment;
  reason: string;
  text: string;
  anonymous: boolean;
  revision_state: 'pending' | 'published' | 'refused' | 'changes' | 'superseded' | 'withdrawn';
  answer: string | null;
  written_at: Date;
  user_name: string | null;
}

const own = sql`
  select o.id, o.phone_key, o.phone_hint, o.state, v.id as revision_id, v.sentiment, v.reason, v.text, v.anonymous,
         v.state as revision_state, v.answer, v.created_at as written_at, u.name as user_name
  from own_review o
  cross join lateral (
    select * from review_revision v where v.company_id = o.company_id and v.review_id = o.id order by v.created_at desc, v.id desc limit 1
  ) v
  left join app_user u on u.id = v.user_id
  where o.company_id = current_company() and o.withdrawn_at is null and o.state <> 'removed'`;

/** The company's own reviews about these numbers, with the text written last; not those taken back. */
export const owns = (keys: readonly string[]): Sql => sql`
  ${own} and o.phone_key = any(${[...keys]}::text[]) order by v.created_at desc, o.id desc`;

export const ownOne = (id: string): Sql => sql`${own} and o.id = ${id}::uuid`;

export interface SignRow {
  key: string;
  first: Date;
  last: Date;
}

// One row a month is enough to see a year of silence, however many orders a number has.
export const signsOfLife = (keys: readonly string[]): Sql => sql`
  select k.phone_key as key, min(a.at) as first, max(a.at) as last ${saidBy(sql`any(${[...keys]}::text[])`)}
  group by k.phone_key, date_trunc('month', a.at)`;

// What a number itself sent: orders, and messages that came in.
const saidBy = (key: Sql): Sql => sql`
  from contact k
  join evidence e on e.company_id = k.company_id and e.kind = 'phone' and e.value = k.value
  join arrival a on a.company_id = e.company_id and a.id = e.arrival_id
  left join message m on m.company_id = a.company_id and m.id = a.id
  where k.company_id = current_company() and k.phone_key = ${key} and (a.kind = 'order' or m.direction = 'in')`;

/** Names and e-mails that came along with each number, the last few hundred times: never what somebody typed onto a card. */
export const knownAs = (keys: readonly string[]): Sql => sql`
  select w.key, x.kind, x.value, max(l.at) as last
  from unnest(${[...keys]}::text[]) as w (key)
  cross join lateral (
    select a.company_id, a.id, a.name, a.at ${saidBy(sql`w.key`)}
    order by a.at desc limit 300
  ) l
  cross join lateral (
    select 'name' as kind, l.name as value
    union all
    select 'email', e.value from evidence e
    where e.company_id = l.company_id and e.arrival_id = l.id and e.kind = 'email'
  ) x
  where x.value <> '' group by w.key, x.kind, x.value`;

export const newLooks = (keys: readonly string[]): Sql => sql`
  select w.key from unnest(${[...keys]}::text[]) as w (key)
  where not exists (select from review_look l where l.company_id = current_company() and l.phone_key = w.key)`;

export const look = (keys: readonly string[], userId: string, now: Date): Sql => sql`
  insert into review_look (company_id, phone_key, user_id, at)
  select current_company(), w.key, ${userId}::uuid, ${now}::timestamptz from unnest(${[...keys]}::text[]) as w (key)
  on conflict do nothing`;

export const setting = (name: string): Sql => sql`select value from portal_setting where name = ${name}`;

export const anythingAbout = (keys: readonly string[]): Sql => sql`
  select exists (
    select from review r where r.phone_key = any(${[...keys]}::text[]) and r.withdrawn_at is null
      and not exists (select from phone_sharing s where s.phone_key = r.phone_key and s.hidden_at is not null)
  ) as "exists"`;
