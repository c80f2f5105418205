import { newId } from '../../kernel/id.ts';
import type { CompanyDb, CompanyReader } from '../../tenancy/handles.ts';
import type { Difference } from './difference.ts';
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

/** What is done to more customers at once is not written into the history of each, but read there from the bulk that did it. */
export const MOST_WRITTEN = 100;

export type { Difference, Value } from './difference.ts';

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
  const rows = await db.query<sql.ChangeRow>(sql.ofCustomer(customerId, per + 1, before, MOST_WRITTEN));
  return { changes: rows.slice(0, per), more: rows.length > per };
}
