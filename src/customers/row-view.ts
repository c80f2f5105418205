import { formatPhone } from '../kernel/phone.ts';
import type { Context } from '../web/context.ts';
import type { CustomerRow } from './sql.ts';

type Called = Pick<CustomerRow, 'name' | 'phones' | 'emails' | 'accounts'>;

/** What a customer is called: the name, without one the best contact. */
export function nameOf({ name, phones, emails, accounts }: Called, { t }: Pick<Context, 't'>): string {
  if (name !== '') return name;
  const [phone] = phones;
  return (phone && formatPhone(phone)) || emails[0] || accounts[0] || t('customers.noName');
}

/** Amounts of orders for which no rate is known, each in its own currency (P-47). */
export const unconverted = ({ unconverted: sums }: CustomerRow, { format }: Pick<Context, 'format'>): string[] =>
  sums.map(({ currency, amount }) => format.money(BigInt(amount), currency));

/** How many more there are than the one shown. */
export const more = (list: readonly string[]): string => (list.length > 1 ? `+${list.length - 1}` : '');
