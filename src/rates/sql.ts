import { type Sql, sql } from '../platform/db.ts';
import type { Rate } from './input.ts';

export interface RateRow {
  from_currency: string;
  to_currency: string;
  /** YYYY-MM-DD */
  day: string;
  /** decimal text without zeros at the end */
  rate: string;
}

export const upsert = ({ from, to, rate, day }: Rate): Sql => sql`
  insert into exchange_rate (from_currency, to_currency, day, rate)
  values (${from}, ${to}, ${day}::date, ${rate}::numeric)
  on conflict (from_currency, to_currency, day) do update set rate = excluded.rate`;

export const list = (limit: number): Sql => sql`
  select from_currency, to_currency, day::text as day, trim_scale(rate)::text as rate from exchange_rate
  order by exchange_rate.day desc, from_currency, to_currency limit ${limit}`;
