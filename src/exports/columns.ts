import { exponentOf, moneyText } from '../kernel/money.ts';
import type { T } from '../platform/i18n.ts';
import type { CustomerRow } from './sql.ts';

/** `money` in minor units of the company's currency, `time` local, as `2026-11-21 14:05:00`; both and `count` in digits. */
export interface Column<Row = CustomerRow> {
  header: string;
  kind: 'text' | 'count' | 'money' | 'time';
  read(row: Row): string | null;
}

/** The columns of the list, with all contacts of each customer (P-41 to P-48); headers in the person's language. */
export function columnsFor(t: T, currency: string): Column[] {
  const genders = { female: t('exports.value.female'), male: t('exports.value.male') };
  return [
    text('name', (row) => row.name),
    text('phones', (row) => row.phones),
    text('emails', (row) => row.emails),
    text('accounts', (row) => row.accounts),
    text('gender', ({ gender }) => gender && genders[gender]),
    text('region', (row) => row.region),
    text('tags', (row) => row.tags),
    column('orders', 'count', (row) => row.orders),
    column('sumAll', 'money', (row) => row.sum_all),
    column('sumPaid', 'money', (row) => row.sum_paid),
    column('sumOpen', 'money', (row) => row.sum_open),
    column('sumCancelled', 'money', (row) => row.sum_cancelled),
    text('currency', () => currency),
    text('unconverted', ({ unconverted }) => unconverted && amounts(unconverted)),
    column('messages', 'count', (row) => row.messages),
    column('reviews', 'count', (row) => row.reviews),
    time('lastOrder', (row) => row.last_order),
    time('lastActivity', (row) => row.last_activity),
    time('firstActivity', (row) => row.first_activity),
    time('created', (row) => row.created),
  ];

  function text(key: string, read: Column['read']): Column {
    return column(key, 'text', read);
  }
  function time(key: string, read: Column['read']): Column {
    return column(key, 'time', (row) => read(row)?.slice(0, '2026-11-21 14:05:00'.length) ?? null);
  }
  function column(key: string, kind: Column['kind'], read: Column['read']): Column {
    return { header: t(`exports.column.${key}`), kind, read };
  }
}

/** Orders for which no rate is known, in their own currencies: `123.00 PLN, 5.00 EUR` (P-47). */
function amounts(json: string): string {
  const sums: { currency: string; amount: string }[] = JSON.parse(json);
  return sums.map(({ currency, amount }) => `${moneyText(BigInt(amount), currency)} ${currency}`).join(', ');
}

/** Minor units in digits as a decimal string; the same as `moneyText`, without a bigint for each of a million cells. */
export function decimals(minor: string, currency: string): string {
  const exponent = exponentOf(currency);
  if (exponent === 0) return minor;
  const negative = minor.startsWith('-');
  const digits = (negative ? minor.slice(1) : minor).padStart(exponent + 1, '0');
  const point = digits.length - exponent;
  return `${negative ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
}
