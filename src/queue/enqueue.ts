import { newId } from '../kernel/id.ts';
import type { CompanyDb, PortalDb } from '../tenancy/handles.ts';
import { type CompanyJob, contracts, type JobName, type Payload } from './contracts.ts';
import * as sql from './sql.ts';

/** A job of a company is wanted by that company's handle alone. */
type Wanting<Name extends JobName> = Name extends CompanyJob ? CompanyDb : CompanyDb | PortalDb;

/**
 * Writes the job in the caller's transaction: it exists exactly if the rest of the transaction does, and is woken after the
 * commit. It may run twice. Answers its id. Throws ZodError for a payload that breaks the contract.
 */
export async function enqueue<Name extends JobName>(
  db: Wanting<Name>,
  name: Name,
  payload: Payload<Name>,
  dueAt?: Date,
): Promise<string> {
  const id = newId();
  const companyId = 'company' in db ? db.company.id : null;
  await db.execute(sql.insert({ id, companyId, name, payload: contracts[name].payload.parse(payload), dueAt }));
  db.wake(id, dueAt);
  return id;
}
