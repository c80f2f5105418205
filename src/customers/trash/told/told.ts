import { newId } from '../../../kernel/id.ts';
import { sealText, unsealText } from '../../../kernel/seal.ts';
import { enqueue } from '../../../queue/enqueue.ts';
import type { CompanyDb } from '../../../tenancy/handles.ts';
import * as sql from './sql.ts';

/** What named somebody who is erased. */
export interface Told {
  /** E.164 */
  phones: readonly string[];
  emails: readonly string[];
  accounts: readonly string[];
  names: readonly string[];
  /** whole texts that were found to be about them alone, while the job looks through everything */
  texts?: readonly string[];
}

/** What they are called, but for contacts that somebody else has. To be asked before it is gone. */
export async function toldOf(db: CompanyDb, whose: sql.Whose): Promise<Told> {
  const company = db.company.id;
  const contacts = await db.query<{ kind: string; value: string }>(sql.contactsOf(company, whose));
  const names = await db.query<{ name: string }>(sql.namesOf(company, whose));
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
    sql.insert({
      id,
      companyId: db.company.id,
      customerIds,
      keys,
      reviews,
      told: sealed(db, id, told),
    }),
  );
  await enqueue(db, 'customer.forget', { erasureId: id });
}

/** The job has found out more of what names them: it will be known if it has to begin again. */
export async function retell(db: CompanyDb, erasureId: string, told: Told): Promise<void> {
  await db.execute(sql.retell(erasureId, sealed(db, erasureId, told)));
}

/** Until the job has looked through everything, it stands in the database under a key that only the portal can make. */
export const openTold = (db: Pick<CompanyDb, 'keyOfPhone'>, erasureId: string, sealed: string): Told =>
  JSON.parse(unsealText(sealOf(db, erasureId), PURPOSE, sealed));

const sealed = (db: CompanyDb, erasureId: string, told: Told) =>
  JSON.stringify(sealText(sealOf(db, erasureId), PURPOSE, JSON.stringify(told)));

const PURPOSE = 'erasure';
const sealOf = (db: Pick<CompanyDb, 'keyOfPhone'>, erasureId: string) => db.keyOfPhone(`erasure ${erasureId}`);
