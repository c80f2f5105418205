import { formatPhone } from '../kernel/phone.ts';
import type { Context } from '../web/context.ts';
import type { CustomerRow } from './sql.ts';

type Words = Pick<Context, 't' | 'format'>;

/** What a customer is called: the name, without one the best contact. */
export function nameOf({ name, phones, emails, accounts }: CustomerRow, { t }: Pick<Context, 't'>): string {
  if (name !== '') return name;
  const [phone] = phones;
  return (phone && formatPhone(phone)) || emails[0] || accounts[0] || t('customers.noName');
}

/** Amounts of orders for which no rate is known, each in its own currency (P-47). */
export function unconverted({ unconverted: sums }: CustomerRow, { t, format }: Words): string[] {
  return sums.map(({ currency, amount }) =>
    t('customers.unconverted', { sum: format.money(BigInt(amount), currency) }),
  );
}

/** How many more there are than the one shown. */
export const more = (list: readonly string[]): string => (list.length > 1 ? `+${list.length - 1}` : '');
