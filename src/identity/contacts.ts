export type ContactKind = 'account' | 'phone' | 'email';

/** One identifier as it identifies (`value`: account id, E.164, lower-cased e-mail) and as it was written. */
export interface Contact {
  kind: ContactKind;
  value: string;
  given: string;
}

/** The strongest first: an account is one person's, a phone seldom changes hands, an e-mail is easily mistyped (reading 6). */
export const KINDS: readonly ContactKind[] = ['account', 'phone', 'email'];

/** One text per contact, for maps: kinds hold no blank, so two contacts never share a key. */
export const keyOf = (contact: { kind: ContactKind; value: string }) => `${contact.kind} ${contact.value}`;

/** As statements take them: kinds and values, in the same order. */
export const columnsOf = (contacts: readonly { kind: ContactKind; value: string }[]): [string[], string[]] => [
  contacts.map((contact) => contact.kind),
  contacts.map((contact) => contact.value),
];

/** Those of one kind keep the order in which they were given. */
export function strongestFirst(contacts: readonly Contact[]): Contact[] {
  return [...contacts].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
}
