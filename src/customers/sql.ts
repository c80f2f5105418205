import { type Sql, sql } from '../platform/db.ts';
import { kept } from '../platform/plans.ts';

export interface CustomerRow {
  id: string;
  name: string;
  gender: 'female' | 'male' | null;
  region: string | null;
  merged_into: string | null;
  orders_count: bigint;
  threads_count: bigint;
  unanswered_count: bigint;
  activities_count: bigint;
  feedback_count: bigint;
  feedback_good: bigint;
  feedback_neutral: bigint;
  feedback_bad: bigint;
  sum_all: bigint;
  sum_paid: bigint;
  sum_cancelled: bigint;
  sum_open: bigint;
  unconverted: { currency: string; amount: string }[];
  first_activity_at: Date | null;
  last_activity_at: Date | null;
  first_order_at: Date | null;
  last_order_at: Date | null;
  created_at: Date;
  phones: string[];
  emails: string[];
  accounts: string[];
  /** what companies wrote about its numbers, as far as this one may read it, and its own that waits (P-44) */
  reviews_count: bigint;
}

// The policies say what the company may read: what it may not is not counted either. That goes by its own dealings, so that what is
// not for it is not even passed by, and the clock tells nothing. Of two numbers of one customer a review counts once. The same as the
// criterion `reviews` of segments.
const reviewsCount = sql`
  (select count(*) from (
     select r.id from dealing d join review r on r.phone_key = d.phone_key
     where d.company_id = c.company_id and d.phone_key = any(k.phone_keys) and d.counted_on is not null and r.withdrawn_at is null
       and not exists (select from phone_sharing s where s.phone_key = d.phone_key and s.hidden_at is not null)
     union
     select o.id from own_review o
     where o.company_id = c.company_id and o.phone_key = any(k.phone_keys) and o.state in ('pending', 'changes', 'published')
       and o.withdrawn_at is null
   ) seen)`;

/** The columns of `CustomerRow`, for the alias `c`; needs `contactsOf`. */
export const columns = sql`
  c.id, c.name, c.gender, c.region, c.merged_into, c.orders_count, c.threads_count, c.unanswered_count, c.activities_count,
  c.feedback_count, c.feedback_good, c.feedback_neutral, c.feedback_bad, c.sum_all, c.sum_paid, c.sum_cancelled, c.sum_open,
  c.unconverted, c.first_activity_at, c.last_activity_at,
  c.first_order_at, c.last_order_at, c.created_at, k.phones, k.emails, k.accounts, ${reviewsCount} as reviews_count`;

export const contactsOf = sql`
  cross join lateral (
    select coalesce(array_agg(value order by position, created_at, value) filter (where kind = 'phone'), '{}') as phones,
           coalesce(array_agg(value order by position, created_at, value) filter (where kind = 'email'), '{}') as emails,
           coalesce(array_agg(value order by position, created_at, value) filter (where kind = 'account'), '{}') as accounts,
           array_agg(phone_key) filter (where phone_key is not null) as phone_keys
    from contact where company_id = c.company_id and customer_id = c.id
  ) k`;

/** The regions that occur, from one probe of the index to the next. */
export const regions = (most: number): Sql => sql`
  with recursive found as (
    (select region from customer c where listed and region is not null order by region limit 1)
    union all
    select (select c.region from customer c where c.listed and c.region > found.region order by c.region limit 1)
    from found where found.region is not null
  )
  select region from found where region is not null limit ${most}`;

/** Also a merged one, not a deleted one. */
export const one = (id: string): Sql =>
  kept(sql`
  select ${columns} from customer c ${contactsOf} where c.company_id = current_company() and c.id = ${id}::uuid and c.deleted_at is null`);

export const several = (ids: readonly string[]): Sql => sql`
  select ${columns} from customer c ${contactsOf}
  where c.company_id = current_company() and c.id = any(${ids}::uuid[]) and c.listed order by c.created_at, c.id`;

export interface PrivateRow {
  note: string;
  other_channels: string;
}

/** What only the company itself sees of a customer (P-65). */
export const aside = (id: string): Sql => sql`
  select note, other_channels from customer where company_id = current_company() and id = ${id}::uuid`;

/** Where a merged customer leads in the end, over merges of merges; no row: to one that was deleted. */
export const survivor = (id: string): Sql => sql`
  with recursive way as (
    select id, merged_into, listed from customer where company_id = current_company() and id = ${id}::uuid
    union
    select c.id, c.merged_into, c.listed from way join customer c on c.company_id = current_company() and c.id = way.merged_into
  )
  select id from way where listed`;

export interface ContactRow {
  kind: 'account' | 'phone' | 'email';
  value: string;
  given: string;
  shared: boolean;
  /** of a phone: what it is reached by */
  channels: string[];
}

export const contacts = (customerId: string): Sql =>
  kept(sql`
  select kind, value, given, shared, channels from contact
  where company_id = current_company() and customer_id = ${customerId}::uuid
  order by kind, position, created_at, value`);

export interface DuplicateRow {
  id: string;
  other_id: string;
  other_name: string;
  other_orders: bigint;
  reason: 'arrival' | 'digit' | 'name' | 'typed';
  because_kind: ContactRow['kind'] | null;
  because_value: string | null;
  /** the order that names both; null where a message or a feedback does */
  order_id: string | null;
  order_number: string | null;
  created_at: Date;
}

/** Open questions whether this customer and another are one. */
export const duplicates = (customerId: string): Sql => sql`
  select d.id, o.id as other_id, o.name as other_name, o.orders_count as other_orders, d.reason, d.because_kind, d.because_value,
         r.id as order_id, r.number as order_number, d.created_at
  from duplicate d
  join customer o on o.company_id = d.company_id
    and o.id = case when d.customer_id = ${customerId}::uuid then d.other_id else d.customer_id end
  left join orders r on r.company_id = d.company_id and r.id = d.arrival_id
  where d.company_id = current_company() and d.state = 'open' and o.listed
    and (d.customer_id = ${customerId}::uuid or d.other_id = ${customerId}::uuid)
  order by d.created_at, d.id`;
