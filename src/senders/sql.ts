import { type Sql, sql } from '../platform/db.ts';

export type PricedChannel = 'sms' | 'viber' | 'messenger';

export interface SenderRow {
  id: string;
  address: string;
  name: string;
  perSecond: number;
}

// The policy of the table shows a company those it was given, and only those.
export const ofCompany = (): Sql => sql`
  select s.id, s.address, s.name, s.per_second::int as "perSecond"
  from company_sender g join sender s on s.id = g.sender_id
  where g.company_id = current_company() order by lower(s.name), s.address`;

export const perSecond = (address: string): Sql => sql`
  select per_second::int as "perSecond" from sender where address = ${address}`;

export interface PriceRow {
  channel: PricedChannel;
  country: string;
  micros: bigint | null;
}

// Prices are in millionths of a unit, so that no currency's own decimals come in. More than a bigint holds is no price.
export const pricesIn = (currency: string, day: string): Sql => sql`
  select p.channel, p.country, case when p.currency = ${currency} then p.price_micros else r.micros end as micros
  from sms_price p
  left join lateral (
    select case when round(p.price_micros * e.rate) <= 9000000000000000 then round(p.price_micros * e.rate)::bigint end as micros
    from exchange_rate e
    where e.from_currency = p.currency and e.to_currency = ${currency} and e.day <= ${day}::date
    order by e.day desc limit 1
  ) r on p.currency <> ${currency}
  order by p.channel, p.country`;

export interface ListedSender extends SenderRow {
  companies: number;
}

const listed = sql`
  select s.id, s.address, s.name, s.per_second::int as "perSecond",
         (select count(*)::int from company_sender g where g.sender_id = s.id) as companies
  from sender s`;

export const list = (): Sql => sql`${listed} order by lower(s.name), s.address`;

export const byId = (id: string): Sql => sql`${listed} where s.id = ${id}::uuid`;

export const byAddress = (address: string): Sql => sql`${listed} where s.address = ${address}`;

/** Touches nothing where the address is taken. */
export const insert = (id: string, { address, name, perSecond }: Omit<SenderRow, 'id'>): Sql => sql`
  insert into sender (id, address, name, per_second) values (${id}::uuid, ${address}, ${name}, ${perSecond})
  on conflict (address) do nothing`;

export const update = (id: string, { name, perSecond }: { name: string; perSecond: number }): Sql => sql`
  update sender set name = ${name}, per_second = ${perSecond} where id = ${id}::uuid`;

export const remove = (id: string): Sql => sql`delete from sender where id = ${id}::uuid`;

export interface Holder {
  id: string;
  slug: string;
  name: string;
}

export const holders = (senderId: string): Sql => sql`
  select c.id, c.slug, c.name from company_sender g join company c on c.id = g.company_id
  where g.sender_id = ${senderId}::uuid order by lower(c.name), c.id`;

export const give = (senderId: string, companyId: string): Sql => sql`
  insert into company_sender (company_id, sender_id) values (${companyId}::uuid, ${senderId}::uuid) on conflict do nothing`;

export const take = (senderId: string, companyId: string): Sql => sql`
  delete from company_sender where company_id = ${companyId}::uuid and sender_id = ${senderId}::uuid`;

/** Campaigns of a company that were launched from this sender and are not over. */
export const underWay = (address: string): Sql => sql`
  select count(*)::int as count from campaign
  where company_id = current_company() and sender = ${address} and state in ('scheduled', 'sending', 'paused')`;

export interface StoredPrice {
  channel: PricedChannel;
  country: string;
  micros: bigint;
  currency: string;
  updatedAt: Date;
}

export const prices = (): Sql => sql`
  select channel, country, price_micros as micros, currency, updated_at as "updatedAt" from sms_price order by channel, country`;

/** `rows`: [{channel, country, micros, currency}] as JSON. Answers how many are new or different. */
export const setPrices = (rows: string): Sql => sql`
  insert into sms_price as p (channel, country, price_micros, currency)
  select channel, country, micros, currency
  from json_to_recordset(${rows}::json) as r (channel text, country text, micros bigint, currency text)
  order by channel, country
  on conflict (channel, country) do update set price_micros = excluded.price_micros, currency = excluded.currency, updated_at = now()
  where (p.price_micros, p.currency) is distinct from (excluded.price_micros, excluded.currency)`;

/** Every price that is not among these. */
export const dropOthers = (rows: string): Sql => sql`
  delete from sms_price p where not exists (
    select from json_to_recordset(${rows}::json) as r (channel text, country text)
    where r.channel = p.channel and r.country = p.country)`;
