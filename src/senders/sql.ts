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
