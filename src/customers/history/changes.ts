import { newId } from '../../kernel/id.ts';
import type { CompanyDb, CompanyReader } from '../../tenancy/handles.ts';
import * as sql from './sql.ts';

/** What can be done to a customer; its words are `customers.history.action.<action>`. */
export const ACTIONS = [
  'added',
  'edited',
  'tagged',
  'untagged',
  'merged',
  'split',
  'moved',
  'shared',
  'apart',
  'undone',
  'imported',
  'deleted',
  'restored',
] as const;

/** What of a customer can change; its words are `customers.history.field.<field>`. */
export const FIELDS = [
  'name',
  'gender',
  'region',
  'phones',
  'emails',
  'otherChannels',
  'note',
  'tags',
  'customer',
  'contact',
  'order',
] as const;

/** Texts as a person reads them; phones as E.164, gender as `female` or `male`; several values as a list; null: nothing. */
export type Value = string | readonly string[] | null;

export interface Difference {
  field: (typeof FIELDS)[number];
  before: Value;
  after: Value;
}

export interface Change {
  customerId: string;
  /** null: a program */
  userId: string | null;
  action: (typeof ACTIONS)[number];
  changes: readonly Difference[];
}

/** Writes into the history of a customer, or of many in one statement, in the transaction that changes them. */
export async function write(db: CompanyDb, change: Change | readonly Change[]): Promise<void> {
  const rows = [change].flat().map(({ customerId, userId, ...rest }) => ({
    id: newId(),
    customer_id: customerId,
    user_id: userId,
    ...rest,
  }));
  if (rows.length > 0) await db.execute(sql.insert(db.company.id, JSON.stringify(rows)));
}

export type { ChangeRow } from './sql.ts';

/** Newest first; `more`: there are older ones. `before`: the id of the last one of the page before. */
export async function ofCustomer(db: CompanyReader, customerId: string, per: number, before: string | null) {
  const rows = await db.query<sql.ChangeRow>(sql.ofCustomer(customerId, per + 1, before));
  return { changes: rows.slice(0, per), more: rows.length > per };
}
