import { type Contact, keyOf } from '../identity/identity.ts';
import { parseEmail } from '../kernel/email.ts';
import { parsePhone } from '../kernel/phone.ts';
import { fold } from '../kernel/text.ts';
import type { Person } from './input.ts';

/** What an arrival says of a person: what identifies, and everything as given (P-37 to P-39, P-76). */
export interface Described {
  contacts: Contact[];
  name: string | null;
  gender: 'female' | 'male' | null;
  region: string | null;
  given: { accountId: string | null; phones: string[]; emails: string[] };
  search: string;
}

/** Phones without a country code are numbers of `country`. What cannot be read stays in `given` and `search`, and is no contact. */
export function describe(person: Person, country: string): Described {
  const phones = filled(person.phones ?? []);
  const emails = filled(person.emails ?? []);
  const accountId = person.accountId?.trim() ?? null;
  const read: Contact[] = [
    ...(accountId ? [{ kind: 'account' as const, value: accountId, given: accountId }] : []),
    ...phones.flatMap((given) => contact('phone', parsePhone(given, country)?.e164, given)),
    ...emails.flatMap((given) => contact('email', parseEmail(given), given)),
  ];
  const contacts = [...new Map(read.map((each) => [keyOf(each), each])).values()];
  return {
    contacts,
    name: filled([person.name ?? ''])[0] ?? null,
    gender: person.gender,
    region: filled([person.region ?? ''])[0] ?? null,
    given: { accountId, phones, emails },
    search: searchText(person.name ?? '', phones, emails, contacts),
  };
}

const filled = (texts: readonly string[]) => texts.filter((text) => text.trim() !== '');

const contact = (kind: 'phone' | 'email', value: string | null | undefined, given: string): Contact[] =>
  value ? [{ kind, value, given }] : [];

/** Contacts are searched by themselves: here stands what they do not say, the name and what could not be read. */
function searchText(name: string, phones: string[], emails: string[], contacts: Contact[]): string {
  const known = new Set(contacts.map((each) => each.given));
  const unread = [...phones, ...emails].filter((given) => !known.has(given));
  const digits = unread.map((given) => given.replace(/\D/g, '')).filter((each) => each.length >= 3);
  return [...new Set([name, ...unread, ...digits].map(fold))].filter((piece) => piece !== '').join('\n ');
}
