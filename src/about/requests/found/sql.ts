import { empty, type Sql, sql } from '../../../platform/db.ts';

/** What one company has of a number: only what itself names it, never the rest of the customer it belongs to. */
export interface Found {
  id: string;
  kind: 'order' | 'message' | 'feedback' | 'import';
  customer_id: string | null;
  at: Date;
  name: string | null;
  emails: string[];
  /** whether it was the person who used the number: not a message of the company, nor a line of a list */
  alive: boolean;
}

export const found = (phone: string): Sql => sql`
  select a.id, a.kind, a.customer_id, a.at, a.name, coalesce(a.kind in ('order', 'feedback') or m.direction = 'in', false) as alive,
         array(select o.value from evidence o where o.company_id = a.company_id and o.arrival_id = a.id and o.kind = 'email') as emails
  from evidence e
  join arrival a on a.company_id = e.company_id and a.id = e.arrival_id
  left join message m on m.company_id = a.company_id and m.id = a.id
  where e.company_id = current_company() and e.kind = 'phone' and e.value = ${phone}`;

// Several people have the number, as somebody of the company decided.
export const shared = (phone: string): Sql => sql`
  select from contact where company_id = current_company() and kind = 'phone' and value = ${phone} and shared
  union all
  select from decision
  where company_id = current_company() and kind = 'share' and contact_kind = 'phone' and contact_value = ${phone} and undone_at is null`;

export interface ContactRow {
  customer_id: string;
  origin_id: string;
  given: string;
  channels: string[];
  by_hand: boolean;
  created_at: Date;
}

export const contact = (phone: string): Sql => sql`
  select customer_id, origin_id, given, channels, by_hand, created_at from contact
  where company_id = current_company() and kind = 'phone' and value = ${phone}`;

export interface ArrivalRow {
  id: string;
  kind: Found['kind'];
  external_id: string;
  at: Date;
  name: string | null;
  gender: string | null;
  region: string | null;
  given: { accountId?: string | null; phones?: string[]; emails?: string[] };
  number: string | null;
  status: string | null;
  currency: string | null;
  total: bigint | null;
  paid_at: Date | null;
  payment_method: string | null;
  delivery_method: string | null;
  delivery_address: string | null;
  source: string | null;
  /** unit_price: minor units in digits, a bigint does not survive JSON */
  items: { sku: string | null; name: string; quantity: string; unit_price: string }[];
  direction: string | null;
  channel: string | null;
  rating: bigint | null;
  text: string | null;
}

export const arrivals = (ids: string[]): Sql => sql`
  select a.id, a.kind, a.external_id, a.at, a.name, a.gender, a.region, a.given,
         o.number, o.status, o.currency, o.total, o.paid_at, o.payment_method, o.delivery_method, o.delivery_address, o.source,
         coalesce(i.items, '[]') as items, m.direction, m.channel, f.rating, coalesce(m.text, f.text) as text
  from arrival a
  left join orders o on o.company_id = a.company_id and o.id = a.id
  left join message m on m.company_id = a.company_id and m.id = a.id
  left join feedback f on f.company_id = a.company_id and f.id = a.id
  cross join lateral (
    select jsonb_agg(jsonb_build_object('sku', sku, 'name', name, 'quantity', trim_scale(quantity)::text, 'unit_price', unit_price::text)
                     order by line) as items
    from order_item where company_id = a.company_id and order_id = a.id
  ) i
  where a.company_id = current_company() and a.id = any(${ids}::uuid[])
  order by a.at, a.id`;

export interface ToldRow {
  channel: string;
  granted: boolean;
  at: Date;
  source: string;
  wording: string;
}

/** Every consent and refusal that was told of the number; `since`: not what is older. */
export const consents = (phoneKey: string, since: Date | null): Sql => sql`
  select channel, granted, at, source, wording from consent_record
  where company_id = current_company() and address_key = ${phoneKey} ${from(sql`at`, since)} order by at, id`;

export interface SentRow {
  channel: string;
  text: string;
  state: string;
  at: Date;
}

/** What the company had sent to the number. */
export const sent = (phoneKey: string, since: Date | null): Sql => sql`
  select channel, body as text, state, called_at as at from delivery
  where company_id = current_company() and address_key = ${phoneKey} and called_at is not null ${from(sql`called_at`, since)}
  order by called_at, id`;

const from = (at: Sql, since: Date | null) => (since ? sql`and ${at} >= ${since.toISOString()}::timestamptz` : empty);

/** Since when the number gets nothing from the company. */
export const silent = (phoneKey: string): Sql => sql`
  select reason, at from suppression where company_id = current_company() and address_key = ${phoneKey}`;

/** What this request noted here already: a job that runs again finds its own entry, written with the deed itself. */
export const noted = (action: 'person.copied' | 'person.erased', requestId: string, since: Date): Sql => sql`
  select subject as counts from audit_entry
  where company_id = current_company() and at >= ${since}::timestamptz and action = ${action} and subject ->> 'request' = ${requestId}`;
