import { empty, join, type Sql, sql } from '../platform/db.ts';

// The criteria over the alias `c` of table customer. Under row level security only leakproof operators may use an index:
// comparisons of bigint, uuid, date, timestamptz and text are, LIKE and strpos are not, and neither is coalesce.

export const region = sql`c.region`;

export const gender = {
  female: sql`c.gender = 'female'`,
  male: sql`c.gender = 'male'`,
  unknown: sql`c.gender is null`,
};

export const feedback = {
  any: sql`c.feedback_count > 0`,
  none: sql`c.feedback_count = 0`,
  good: sql`c.feedback_good > 0`,
  neutral: sql`c.feedback_neutral > 0`,
  bad: sql`c.feedback_bad > 0`,
};

export const message = {
  written: sql`c.threads_count > 0`,
  none: sql`c.threads_count = 0`,
  unanswered: sql`c.unanswered_count > 0`,
};

export const activities = sql`c.activities_count`;
export const orders = sql`c.orders_count`;
export const messages = sql`c.threads_count`;
export const ordersTotal = sql`c.sum_all`;

// The same numbers from a moment on, by the rules of the counters (reading 3): a thread counts where the customer wrote in it, and is no
// activity of its own where it belongs to one of their orders.
const arrivedSince = (from: Date) =>
  sql`a.company_id = c.company_id and a.customer_id = c.id and a.at >= ${time(from)}`;

export const ordersSince = (from: Date) => sql`
  (select count(*) from arrival a where ${arrivedSince(from)} and a.kind = 'order')`;

export const messagesSince = (from: Date) => threadsSince(from, empty);

const threadsSince = (from: Date, which: Sql) => sql`
  (select count(distinct m.thread) from arrival a join message m on m.company_id = a.company_id and m.id = a.id
   where ${arrivedSince(from)} and a.kind = 'message' and m.direction = 'in' ${which})`;

// Any message of the thread may name the order.
const itsOwn = sql`and not exists (
  select from message o
  join arrival b on b.company_id = o.company_id and b.id = o.id and b.customer_id = c.id
  join arrival w on w.company_id = o.company_id and w.kind = 'order' and w.external_id = o.order_external_id and w.customer_id = c.id
  where o.company_id = c.company_id and o.thread = m.thread)`;

export const activitiesSince = (from: Date) => sql`(${ordersSince(from)} + ${threadsSince(from, itsOwn)})`;

// Whoever has an activity has its time in latest_at too, and the index on that answers the presets by itself.
export const lastActivity = sql`c.latest_at`;
export const hasActivity = sql`c.activities_count > 0`;

// As in the index customer_last_order.
export const lastOrder = sql`case when c.last_order_at is null then '-infinity'::timestamptz else c.last_order_at end`;
export const hasOrder = sql`c.orders_count > 0`;

export const above = (column: Sql, value: bigint) => sql`${column} > ${value}::bigint`;
export const atLeast = (column: Sql, value: bigint) => sql`${column} >= ${value}::bigint`;
export const below = (column: Sql, value: bigint) => sql`${column} < ${value}::bigint`;
export const atMost = (column: Sql, value: bigint) => sql`${column} <= ${value}::bigint`;
export const both = (first: Sql, second: Sql) => sql`${first} and ${second}`;

// A single value is compared by itself: then an index that goes on with another column still gives that one's order.
export const anyNumber = (column: Sql, values: readonly bigint[]) =>
  values.length === 1
    ? sql`${column} = ${String(values[0])}::bigint`
    : sql`${column} = any(${values.map(String)}::bigint[])`;
export const anyText = (column: Sql, values: readonly string[]) =>
  values.length === 1 ? sql`${column} = ${values[0]}` : sql`${column} = any(${[...values]}::text[])`;

export const noNumber = (column: Sql, values: readonly bigint[]) =>
  sql`${column} <> all(${values.map(String)}::bigint[])`;
// Whose region is not known is not from Kyiv either.
export const noText = (column: Sql, values: readonly string[]) => sql`(${anyText(column, values)}) is not true`;

/** `folded` is folded as `fold` does it. */
export const contains = (column: Sql, folded: string) =>
  sql`strpos(lower(normalize(${column}, nfkc) collate "und-x-icu"), ${folded}) > 0`;

export const inRange = (at: Sql, there: Sql, { from, until }: { from?: Date; until?: Date }) =>
  all([...(from ? [sql`${at} >= ${time(from)}`] : []), ...(until ? [sql`${at} < ${time(until)}`] : []), there]);

const time = (at: Date) => sql`${at.toISOString()}::timestamptz`;

// A tag that was merged into another one is that one, also while its uses are still being handed over; a deleted one is nobody's.
const meant = (ids: readonly string[]) => sql`
  array(
    select g.id from tag w join tag g on g.company_id = w.company_id and (g.id = coalesce(w.into_id, w.id) or g.into_id = coalesce(w.into_id, w.id))
    where w.company_id = current_company() and w.id = any(${[...ids]}::uuid[]) and (w.gone_at is null or w.into_id is not null)
  )`;

const taggedWhere = (which: Sql) => sql`
  exists (select from customer_tag u where u.company_id = c.company_id and u.customer_id = c.id ${which})`;

export const tag = {
  oneOf: (ids: readonly string[]) => taggedWhere(sql`and u.tag_id = any(${meant(ids)})`),
  any: taggedWhere(sql`and u.tag_id in (select g.id from tag g where g.gone_at is null or g.into_id is not null)`),
};

// What the company may read of what was written about a number, and its own that waits for a moderator; the policies of these
// tables say what that is. Contacts stand in each half by themselves: asked about one customer, each begins with that one's numbers,
// and nobody's policy is asked about a review of another company's customers.
const reviewed = sql`
  select k.customer_id, r.id from contact k join review r on r.phone_key = k.phone_key
  where k.company_id = current_company() and r.withdrawn_at is null
  union all
  select k.customer_id, o.id from contact k join own_review o on o.phone_key = k.phone_key
  where k.company_id = current_company() and o.company_id = current_company() and o.state in ('pending', 'changes')
    and o.withdrawn_at is null`;

// A review of two numbers of one customer counts once. `wanted`: which numbers of reviews, over `f.n`.
const reviewedAs = (wanted: Sql) => sql`
  c.id in (
    select f.customer_id from (select e.customer_id, count(distinct e.id) as n from (${reviewed}) e group by e.customer_id) f
    where ${wanted})`;

export const reviews = {
  number: sql`f.n`,
  each: (wanted: Sql) => sql`
  (select ${wanted} from (select count(distinct e.id) as n from (${reviewed}) e where e.customer_id = c.id) f)`,
  // Who has none is in no table: asked for by those who do not fit.
  some: (wanted: Sql) => reviewedAs(wanted),
  orNone: (wanted: Sql) => sql`not (${reviewedAs(sql`not (${wanted})`)})`,
};

// Of SMS, by the number's key: from the customer to its numbers, and by the primary key to what holds for each.
const toldOfSms = (which: Sql) => sql`
  exists (
    select from contact k join consent s on s.company_id = k.company_id and s.address_key = k.phone_key and s.channel = 'sms'
    where k.company_id = c.company_id and k.customer_id = c.id ${which})`;

// One number that may be written to is enough.
export const consent = {
  yes: toldOfSms(sql`and s.granted`),
  no: sql`(${toldOfSms(sql`and not s.granted`)} and not ${toldOfSms(sql`and s.granted`)})`,
  none: sql`not ${toldOfSms(empty)}`,
};

export const any = (conditions: readonly Sql[]) => sql`(${join([...conditions], ' or ')})`;
export const none = (conditions: readonly Sql[]) => sql`${any(conditions)} is not true`;
export const all = (conditions: readonly Sql[]) => (conditions.length > 0 ? join([...conditions], ' and ') : sql`true`);
export const together = (conditions: readonly Sql[]) => sql`(${all(conditions)})`;
