import { each, type Sql, sql } from '../platform/db.ts';

export type ArrivalKind = 'order' | 'message' | 'feedback' | 'import';

// One by one, each the next one in the order of the key: see `knownContacts` of identity.
export const stored = (companyId: string, kind: ArrivalKind, externalIds: string[]): Sql => sql`
  select a.id, a.external_id as "externalId", a.content_hash as hash, a.source_updated_at as "updatedAt", a.customer_id as "customerId",
         a.at, case when a.because_kind is not null
           then json_build_object('kind', a.because_kind, 'value', a.because_value, 'rule', a.because_rule) end as because,
         c.deleted_at is not null as gone, c.deleted_at is not null and c.trash is null as erased
  from unnest(${externalIds}::text[]) as wanted (external_id)
  cross join lateral (
    select * from arrival a
    where a.company_id = ${companyId}::uuid and (a.kind, a.external_id) >= (${kind}::text, wanted.external_id)
    order by a.kind, a.external_id limit 1
  ) a
  left join lateral (
    select deleted_at, trash from customer c where c.company_id = ${companyId}::uuid and c.id = a.customer_id limit 1
  ) c on true
  where a.kind = ${kind} and a.external_id = wanted.external_id`;

// A row of a file is somebody anew when its customer was deleted. What proved the old one stays with it, under a name that nothing else has.
export const leaveBehind = (companyId: string, ids: string[]): Sql => sql`
  update arrival set external_id = 'gone ' || id where company_id = ${companyId}::uuid and id in ${each(ids)}`;

export const confirmArrivals = (companyId: string, rows: string): Sql => sql`
  update arrival a set source_updated_at = r."updatedAt"
  from json_to_recordset(${rows}::json) as r (id uuid, "updatedAt" timestamptz)
  where a.company_id = ${companyId}::uuid and a.id = r.id`;

export const ownersOf = (companyId: string, ids: string[]): Sql => sql`
  select id, customer_id from arrival where company_id = ${companyId}::uuid and id in ${each(ids)}`;

export const evidenceOf = (companyId: string, ids: string[]): Sql => sql`
  select arrival_id, kind, value from evidence where company_id = ${companyId}::uuid and arrival_id in ${each(ids)}`;

export const dropEvidence = (companyId: string, ids: string[]): Sql => sql`
  delete from evidence where company_id = ${companyId}::uuid and arrival_id in ${each(ids)}`;

// One statement for new ones and for those posted again: what was posted last counts.
export const upsertArrivals = (companyId: string, kind: ArrivalKind, rows: string): Sql => sql`
  insert into arrival (company_id, id, kind, external_id, at, customer_id, name, gender, region, given, search,
                       because_kind, because_value, because_rule, content_hash, source_updated_at)
  select ${companyId}::uuid, id, ${kind}, external_id, at, customer_id, name, gender, region, given, search,
         because_kind, because_value, because_rule, content_hash, source_updated_at
  from json_to_recordset(${rows}::json) as r (
    id uuid, external_id text, at timestamptz, customer_id uuid, name text, gender text, region text, given jsonb, search text,
    because_kind text, because_value text, because_rule text, content_hash text, source_updated_at timestamptz)
  on conflict (company_id, id) do update set
    at = excluded.at, customer_id = excluded.customer_id, name = excluded.name, gender = excluded.gender, region = excluded.region,
    given = excluded.given, search = excluded.search, because_kind = excluded.because_kind, because_value = excluded.because_value,
    because_rule = excluded.because_rule, content_hash = excluded.content_hash, source_updated_at = excluded.source_updated_at,
    updated_at = now()`;

export const insertEvidence = (companyId: string, rows: string): Sql => sql`
  insert into evidence (company_id, arrival_id, kind, value, given)
  select ${companyId}::uuid, arrival_id, kind, value, given
  from json_to_recordset(${rows}::json) as r (arrival_id uuid, kind text, value text, given text)`;

export const upsertOrders = (companyId: string, rows: string): Sql => sql`
  insert into orders (company_id, id, number, status, currency, total, items_total, paid_at, converted, rate, rate_day,
                      payment_method, delivery_method, delivery_address, source, items_count, first_item)
  select ${companyId}::uuid, id, number, status, currency, total, items_total, paid_at, converted, rate, rate_day,
         payment_method, delivery_method, delivery_address, source, items_count, first_item
  from json_to_recordset(${rows}::json) as r (
    id uuid, number text, status text, currency text, total bigint, items_total bigint, paid_at timestamptz, converted bigint,
    rate numeric, rate_day date, payment_method text, delivery_method text, delivery_address text, source text,
    items_count bigint, first_item text)
  on conflict (company_id, id) do update set
    number = excluded.number, status = excluded.status, currency = excluded.currency, total = excluded.total,
    items_total = excluded.items_total, paid_at = excluded.paid_at, converted = excluded.converted, rate = excluded.rate,
    rate_day = excluded.rate_day, payment_method = excluded.payment_method, delivery_method = excluded.delivery_method,
    delivery_address = excluded.delivery_address, source = excluded.source, items_count = excluded.items_count,
    first_item = excluded.first_item`;

export const conversionsOf = (companyId: string, ids: string[]): Sql => sql`
  select id, currency, total, converted, trim_scale(rate)::text as rate, rate_day::text as rate_day
  from orders where company_id = ${companyId}::uuid and id in ${each(ids)} and rate is not null`;

export const dropItems = (companyId: string, orderIds: string[]): Sql => sql`
  delete from order_item where company_id = ${companyId}::uuid and order_id in ${each(orderIds)}`;

export const insertItems = (companyId: string, rows: string): Sql => sql`
  insert into order_item (company_id, order_id, line, sku, name, quantity, unit_price)
  select ${companyId}::uuid, order_id, line, sku, name, quantity, unit_price
  from json_to_recordset(${rows}::json)
    as r (order_id uuid, line bigint, sku text, name text, quantity numeric, unit_price bigint)`;

export const upsertMessages = (companyId: string, rows: string): Sql => sql`
  insert into message (company_id, id, thread, direction, channel, text, order_external_id)
  select ${companyId}::uuid, id, thread, direction, channel, text, order_external_id
  from json_to_recordset(${rows}::json)
    as r (id uuid, thread text, direction text, channel text, text text, order_external_id text)
  on conflict (company_id, id) do update set
    thread = excluded.thread, direction = excluded.direction, channel = excluded.channel, text = excluded.text,
    order_external_id = excluded.order_external_id`;

export const upsertFeedback = (companyId: string, rows: string): Sql => sql`
  insert into feedback (company_id, id, rating, text)
  select ${companyId}::uuid, id, rating, text from json_to_recordset(${rows}::json) as r (id uuid, rating bigint, text text)
  on conflict (company_id, id) do update set rating = excluded.rating, text = excluded.text`;

// The rate in force on the day: the newest that is not later (P-47).
export const ratesInForce = (to: string, currencies: string[], days: string[]): Sql => sql`
  select wanted.currency, wanted.day::text as wanted_day, r.day::text as day, trim_scale(r.rate)::text as rate
  from unnest(${currencies}::text[], ${days}::date[]) as wanted (currency, day)
  cross join lateral (
    select day, rate from exchange_rate
    where from_currency = wanted.currency and to_currency = ${to} and day <= wanted.day
    order by day desc limit 1
  ) r`;

export interface StoredConversion {
  converted: string | null;
  rate: string | null;
  rate_day: string | null;
}

export const foreignOrders = (
  companyId: string,
  currency: string,
  since: Date,
  after: string,
  limit: number,
): Sql => sql`
  select o.id, a.at, a.customer_id, o.total, o.converted::text as converted, trim_scale(o.rate)::text as rate, o.rate_day::text as rate_day
  from orders o join arrival a on a.company_id = o.company_id and a.id = o.id
  where o.company_id = ${companyId}::uuid and o.id > ${after}::uuid and o.currency = ${currency} and a.at >= ${since}
  order by o.id limit ${limit}`;

export const storeConversions = (companyId: string, rows: string): Sql => sql`
  update orders o set converted = r.converted, rate = r.rate, rate_day = r.rate_day
  from json_to_recordset(${rows}::json) as r (id uuid, converted bigint, rate numeric, rate_day date)
  where o.company_id = ${companyId}::uuid and o.id = r.id`;
