import { newId } from '../kernel/id.ts';
import type { CompanyDb, PortalDb } from '../tenancy/handles.ts';
import { type CompanyJob, type Contract, contracts, type JobName, type Payload } from './contracts.ts';
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
  const contract: Contract = contracts[name];
  const companyId = 'company' in db ? db.company.id : null;
  const job = { id: newId(), companyId, name, payload: contract.payload.parse(payload), dueAt };
  const waiting = contract.single ? await sooner(db, job) : null;
  if (waiting) return waiting;
  await db.execute(sql.insert(job));
  db.wake(job.id, dueAt);
  return job.id;
}

/** The one that waits is due by then; null: none waits. One that is being taken at this moment is waited for, and is none then. */
async function sooner(db: CompanyDb | PortalDb, job: sql.NewJob): Promise<string | null> {
  const rows = await db.query<{ id: string; due_at: Date }>(sql.sooner(job));
  for (const { id, due_at } of rows) db.wake(id, due_at);
  return rows[0]?.id ?? null;
}
