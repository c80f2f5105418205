import { empty, type Sql, sql } from '../platform/db.ts';

/** Of a list. */
export type Format = 'xlsx' | 'csv';
/** `person`: everything about one customer. */
export type Kind = Format | 'person';
export type State = 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'revoked' | 'expired';

interface NewExport {
  id: string;
  companyId: string;
  userId: string;
  format: Kind;
  filter: string;
  locale: string;
  /** of a file about one customer */
  customerId?: string;
}

export const insert = ({ id, companyId, userId, format, filter, locale, customerId }: NewExport): Sql => sql`
  insert into export (company_id, id, user_id, format, filter, locale, customer_id)
  values (${companyId}::uuid, ${id}::uuid, ${userId}::uuid, ${format}, ${filter}, ${locale}, ${customerId ?? null}::uuid)`;

export const unfinished = (): Sql => sql`
  select count(*)::int as count from export where state in ('queued', 'running')`;

export interface ExportRow {
  id: string;
  format: Kind;
  /** null: of a list */
  customer_id: string | null;
  filter: string;
  state: State;
  rows_total: bigint | null;
  rows_done: bigint;
  size: bigint | null;
  sha256: string | null;
  error: string | null;
  created_at: Date;
  finished_at: Date | null;
  expires_at: Date | null;
  user_name: string | null;
  downloads: number;
}

const columns = sql`
  e.id, e.format, e.customer_id, e.filter, e.state, e.rows_total, e.rows_done, e.size, e.sha256, e.error, e.created_at, e.finished_at, e.expires_at,
  u.name as user_name, (select count(*)::int from export_download d where d.company_id = e.company_id and d.export_id = e.id) as downloads`;

export const list = (limit: number, before: string | null): Sql => sql`
  select ${columns} from export e left join app_user u on u.id = e.user_id
  ${before ? sql`where (e.created_at, e.id) < (select o.created_at, o.id from export o where o.id = ${before}::uuid)` : empty}
  order by e.created_at desc, e.id desc limit ${limit}`;

export const byId = (id: string): Sql => sql`
  select ${columns} from export e left join app_user u on u.id = e.user_id where e.id = ${id}::uuid`;

export interface Begun {
  format: Kind;
  customer_id: string | null;
  filter: string;
  locale: 'en' | 'uk';
  user_id: string;
  former_key: string | null;
}

// The key of the file names this attempt: from here on only its holder can report or finish. The file of an attempt
// before it, if that came so far, is to be thrown away.
export const begin = (id: string, fileKey: string): Sql => sql`
  update export e set state = 'running', file_key = ${fileKey}, rows_done = 0, rows_total = null, error = null,
         started_at = coalesce(e.started_at, now())
  from (select f.id, f.file_key from export f where f.id = ${id}::uuid for update) former
  where e.id = former.id and e.state in ('queued', 'running')
  returning e.format, e.customer_id, e.filter, e.locale, e.user_id, former.file_key as former_key`;

export const progress = (id: string, fileKey: string, done: number, total: number): Sql => sql`
  update export set rows_done = ${done}, rows_total = ${total}
  where id = ${id}::uuid and state = 'running' and file_key = ${fileKey}`;

export interface Made {
  fileKey: string;
  rows: number;
  size: number;
  sha256: string;
  expiresAt: Date;
}

export const finish = (id: string, { fileKey, rows, size, sha256, expiresAt }: Made): Sql => sql`
  update export set state = 'done', rows_done = ${rows}, rows_total = ${rows}, size = ${size}, sha256 = ${sha256},
         finished_at = now(), expires_at = ${expiresAt}::timestamptz
  where id = ${id}::uuid and state = 'running' and file_key = ${fileKey}`;

// The owner of the export, as long as it belongs to the company: whoever left it gets no letter.
export const reader = (userId: string): Sql => sql`select email from app_user where id = ${userId}::uuid`;

export const putBack = (id: string, fileKey: string): Sql => sql`
  update export set state = 'queued', rows_done = 0, file_key = null
  where id = ${id}::uuid and state = 'running' and file_key = ${fileKey}`;

export const fail = (id: string, error: string): Sql => sql`
  update export set state = 'failed', error = ${error}, finished_at = now()
  where id = ${id}::uuid and state in ('queued', 'running') returning user_id`;

export const cancel = (id: string): Sql => sql`
  update export set state = 'cancelled', finished_at = now() where id = ${id}::uuid and state in ('queued', 'running')`;

export const revoke = (id: string): Sql => sql`
  update export set state = 'revoked' where id = ${id}::uuid and state = 'done'`;

export interface Stale {
  id: string;
  file_key: string;
}

// Every file that nobody may take any more, whatever became of its export; `id`: of that one only.
export const stale = (now: Date, id: string | null): Sql => sql`
  select id, file_key from export
  where file_key is not null and (state in ('failed', 'cancelled', 'revoked', 'expired') or (state = 'done' and expires_at <= ${now}::timestamptz))
    ${id === null ? empty : sql`and id = ${id}::uuid`}`;

export const dropFile = (id: string, fileKey: string): Sql => sql`
  update export set file_key = null, state = case when state = 'done' then 'expired' else state end
  where id = ${id}::uuid and file_key = ${fileKey}`;

export const expireBefore = (erasedAt: Date): Sql => sql`
  update export set expires_at = now() - interval '1 second'
  where company_id = current_company() and state = 'done' and started_at <= ${erasedAt}::timestamptz and expires_at > now()`;

// The attempt that runs loses its place; the one that is begun after this reads what is there now.
export const beginAgain = (erasedAt: Date): Sql => sql`
  update export e set state = 'queued', rows_done = 0, file_key = null, started_at = null
  from (select f.id, f.file_key from export f where f.company_id = current_company() and f.state = 'running'
        and f.started_at <= ${erasedAt}::timestamptz for update) former
  where e.company_id = current_company() and e.id = former.id returning e.id, former.file_key`;

export interface Takeable {
  file_key: string;
  size: bigint;
  format: Kind;
  created_at: Date;
}

export const takeable = (id: string, now: Date): Sql => sql`
  select file_key, size, format, created_at from export
  where id = ${id}::uuid and state = 'done' and expires_at > ${now}::timestamptz and file_key is not null`;

export const taken = (
  id: string,
  companyId: string,
  exportId: string,
  userId: string,
  address: string | null,
): Sql => sql`
  insert into export_download (company_id, id, export_id, user_id, address)
  values (${companyId}::uuid, ${id}::uuid, ${exportId}::uuid, ${userId}::uuid, ${address})`;

/** What the list shows: a condition and an order over the alias `c` of `customer`. */
export interface Selection {
  where: Sql;
  order: Sql;
}

export const count = ({ where }: Selection): Sql => sql`select count(*)::int as count from customer c where ${where}`;

/** One customer, laid out by the database: texts, whole numbers and minor units in digits, local times as `2026-11-21 14:05:00.123`. */
export interface CustomerRow {
  name: string;
  phones: string | null;
  emails: string | null;
  accounts: string | null;
  gender: 'female' | 'male' | null;
  region: string | null;
  tags: string | null;
  orders: string;
  messages: string;
  reviews: string;
  sum_all: string;
  sum_paid: string;
  sum_open: string;
  sum_cancelled: string;
  unconverted: string | null;
  first_activity: string | null;
  last_activity: string | null;
  last_order: string | null;
  created: string;
}

const local = (at: Sql, zone: string): Sql => sql`(${at} at time zone ${zone})::text`;

const contacts = (kind: string, value = sql`k.value`): Sql => sql`
  string_agg(case when k.kind = ${kind} then ${value} end, ', ')`;

// An account may hold anything: one that is more than letters, digits and a few signs stands in quotes, so that a list of them can
// be taken apart again, and an import takes none for a number that a spreadsheet has changed.
const account = sql`
  case when k.value ~ '^[A-Za-z0-9_@:/#-]+$' and k.value !~ '^[0-9]+[eE][0-9]+$' then k.value
       else '"' || replace(k.value, '"', '""') || '"' end`;

const tags = sql`
  select string_agg(t.name, ', ' order by t.name_folded collate "und-x-icu") from customer_tag g
  join tag t on t.company_id = g.company_id and t.id = g.tag_id and t.gone_at is null
  where g.company_id = c.company_id and g.customer_id = c.id`;

// What companies wrote about the numbers of each customer, as far as this one may read it, and its own that waits (P-44). There are
// far fewer of them than of customers: one small table to look into, not one more scan for each row.
const reviews = sql`
  select k.customer_id, count(distinct w.id)::text as reviews
  from (
    select r.id, r.phone_key from dealing d join review r on r.phone_key = d.phone_key
    where d.company_id = current_company() and d.counted_on is not null and r.withdrawn_at is null
    union
    select o.id, o.phone_key from own_review o
    where o.company_id = current_company() and o.state in ('pending', 'changes', 'published') and o.withdrawn_at is null
  ) w join contact k on k.company_id = current_company() and k.phone_key = w.phone_key
  group by k.customer_id`;

// Whatever can be laid out here is: a local time made by PostgreSQL costs a tenth of one made in JavaScript. The contacts are one
// short scan for each customer, so that a small selection out of a million stays small; their order is that of the list.
export const customers = ({ where, order }: Selection, zone: string): Sql => sql`
  select c.name, k.phones, k.emails, k.accounts, c.gender, c.region, (${tags}) as tags,
         c.orders_count::text as orders, c.threads_count::text as messages, coalesce(v.reviews, '0') as reviews,
         c.sum_all::text, c.sum_paid::text, c.sum_open::text, c.sum_cancelled::text,
         case when c.unconverted <> '[]' then c.unconverted::text end as unconverted,
         ${local(sql`c.first_activity_at`, zone)} as first_activity, ${local(sql`c.last_activity_at`, zone)} as last_activity,
         ${local(sql`c.last_order_at`, zone)} as last_order, ${local(sql`c.created_at`, zone)} as created
  from customer c
  left join lateral (
    select ${contacts('phone')} as phones, ${contacts('email')} as emails, ${contacts('account', account)} as accounts
    from (select o.kind, o.value from contact o where o.company_id = c.company_id and o.customer_id = c.id
          order by o.kind, o.position, o.created_at, o.value) k
  ) k on true
  left join (${reviews}) v on v.customer_id = c.id
  where ${where} order by ${order}`;
