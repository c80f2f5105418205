import { formatPhone } from '../kernel/phone.ts';
import type { Context } from '../web/context.ts';

export type ContactKind = 'account' | 'phone' | 'email';

export const contactValue = (kind: ContactKind, value: string) => (kind === 'phone' ? formatPhone(value) : value);

/** `phone +380 67 123 4567`: a contact in the middle of a sentence. */
export const contactWords = (kind: ContactKind, value: string, { t }: Pick<Context, 't'>) =>
  t(`customers.contact.${kind}`, { value: contactValue(kind, value) });
