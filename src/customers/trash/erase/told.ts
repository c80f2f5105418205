import { newId } from '../../../kernel/id.ts';
import { enqueue } from '../../../queue/enqueue.ts';
import type { CompanyDb } from '../../../tenancy/handles.ts';
import * as sql from './told-sql.ts';

/** What named somebody who is erased. */
export interface Told {
  /** E.164 */
  phones: readonly string[];
  emails: readonly string[];
  accounts: readonly string[];
  names: readonly string[];
}

/** What these customers and arrivals are called, but for contacts that somebody else has. To be asked before it is gone. */
export async function toldOf(db: CompanyDb, ids: readonly string[], arrivalIds: readonly string[]): Promise<Told> {
  const company = db.company.id;
  const contacts = await db.query<{ kind: string; value: string }>(sql.contactsOf(company, ids, arrivalIds));
  const names = await db.query<{ name: string }>(sql.namesOf(company, ids, arrivalIds));
  const of = (wanted: string) => contacts.filter(({ kind }) => kind === wanted).map(({ value }) => value);
  return { phones: of('phone'), emails: of('email'), accounts: of('account'), names: names.map(({ name }) => name) };
}

/**
 * Has a job look through files and whatever was typed in for what named somebody who is erased in this transaction, and the journal
 * remember by keys and ids that it is so. `reviews`: what the company wrote about the numbers goes as well.
 */
export async function forgetLater(
  db: CompanyDb,
  told: Told,
  { customerIds, reviews }: { customerIds: readonly string[]; reviews: boolean },
): Promise<void> {
  const id = newId();
  const keys = [...told.phones, ...told.emails].map(db.keyOfPhone);
  await db.execute(
    sql.insert({ id, companyId: db.company.id, customerIds, keys, reviews, told: JSON.stringify(told) }),
  );
  await enqueue(db, 'customer.forget', { erasureId: id });
}
