import { fold } from '../../kernel/text.ts';
import type { CompanyReader } from '../../tenancy/handles.ts';
import type { Details } from './details.ts';
import * as sql from './sql.ts';

export interface Lookalike extends Omit<sql.LookalikeRow, 'holds'> {
  /** what was typed here and is this customer's; none: the name and the region are the same */
  holds: { kind: 'phone' | 'email'; value: string }[];
}

const MOST = 5;

/**
 * Other customers that this one may be, before it is saved: those who own a contact that is being added, and those of the same
 * name in the same region where one of the two is new.
 */
export async function lookalikes(
  db: CompanyReader,
  id: string | null,
  before: Details,
  after: Details,
): Promise<Lookalike[]> {
  const owners = await ownersOf(db, id, added(before, after));
  const { name, region } = after;
  if (name === '' || region === null || (name === before.name && region === before.region)) return owners;
  const rows = await db.query<sql.LookalikeRow>(sql.namesakes(id, fold(name), region, MOST));
  const known = new Set(owners.map((each) => each.id));
  return [...owners, ...rows.filter((row) => !known.has(row.id)).map((row) => ({ ...row, holds: [] }))];
}

async function ownersOf(db: CompanyReader, id: string | null, contacts: readonly Added[]): Promise<Lookalike[]> {
  if (contacts.length === 0) return [];
  const [kinds, values] = [contacts.map(({ kind }) => kind), contacts.map(({ value }) => value)];
  const rows = await db.query<sql.LookalikeRow>(sql.owners(id, kinds, values));
  return rows.map((row) => ({
    ...row,
    holds: contacts.filter(({ kind, value }) => row.holds.includes(`${kind} ${value}`)),
  }));
}

interface Added {
  kind: 'phone' | 'email';
  value: string;
}

function added(before: Details, after: Details): Added[] {
  const fresh = (list: 'phones' | 'emails') =>
    after[list].filter(({ value }) => before[list].every((other) => other.value !== value));
  return [
    ...fresh('phones').map(({ value }) => ({ kind: 'phone' as const, value })),
    ...fresh('emails').map(({ value }) => ({ kind: 'email' as const, value })),
  ];
}

/** The same without what belongs to these others: a contact is never taken from anybody. */
export function without(details: Details, others: readonly Lookalike[]): Details {
  const taken = new Set(others.flatMap(({ holds }) => holds.map(({ kind, value }) => `${kind} ${value}`)));
  return {
    ...details,
    phones: details.phones.filter(({ value }) => !taken.has(`phone ${value}`)),
    emails: details.emails.filter(({ value }) => !taken.has(`email ${value}`)),
  };
}
