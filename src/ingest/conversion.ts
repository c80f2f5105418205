import { convert, MAX_MINOR } from '../kernel/money.ts';
import { dayOf } from '../kernel/time.ts';
import type { CompanyDb } from '../tenancy/handles.ts';
import * as sql from './sql.ts';

/** An amount in the currency of the company, as stored with the order; all null: no rate is known for that day. */
export interface Conversion {
  /** minor units */
  converted: string | null;
  rate: string | null;
  rate_day: string | null;
}

interface Placed {
  currency: string;
  at: Date;
}

interface Rate {
  currency: string;
  wanted_day: string;
  day: string;
  rate: string;
}

/**
 * Reads the rates in force on the local days of these orders, all at once, and answers what converts them (P-47). An order in
 * the company's own currency needs no rate.
 */
export async function openConversion(
  { company, query }: CompanyDb,
  orders: readonly Placed[],
): Promise<(order: Placed & { total: bigint }) => Conversion> {
  const keyOf = ({ currency, at }: Placed) => `${currency} ${dayOf(at, company.timezone)}`;
  const foreign = orders.filter((order) => order.currency !== company.currency);
  const wanted = [...new Set(foreign.map(keyOf))];
  const [currencies, days] = [wanted.map((each) => each.slice(0, 3)), wanted.map((each) => each.slice(4))];
  const rows = wanted.length > 0 ? await query<Rate>(sql.ratesInForce(company.currency, currencies, days)) : [];
  const rates = new Map(rows.map((rate) => [`${rate.currency} ${rate.wanted_day}`, rate]));
  return (order) => {
    if (order.currency === company.currency) return { converted: String(order.total), rate: null, rate_day: null };
    const rate = rates.get(keyOf(order));
    if (!rate) return { converted: null, rate: null, rate_day: null };
    const converted = convert(order.total, order.currency, company.currency, rate.rate);
    // More than a sum can hold is no sum: the order counts, its amount is shown apart.
    if (converted > MAX_MINOR || converted < -MAX_MINOR) return { converted: null, rate: null, rate_day: null };
    return { converted: String(converted), rate: rate.rate, rate_day: rate.day };
  };
}
