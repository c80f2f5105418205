import { newId } from '../kernel/id.ts';
import type { CompanyDb, PortalDb } from '../tenancy/handles.ts';
import * as sql from './sql.ts';

export interface Deed {
  /** null: the operator at the server's shell, or a program */
  userId: string | null;
  /** what was done, as noun and verb: `company.created` */
  action: string;
  /** what it was done to, by ids and names; no secrets */
  subject: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
  /** of the portal's handle: the company it concerns */
  companyId?: string;
}

/** Writes down who did what, in the transaction that does it. */
export async function write(db: CompanyDb | PortalDb, { userId, action, subject, companyId }: Deed): Promise<void> {
  const company = 'company' in db ? db.company.id : (companyId ?? null);
  await db.execute(sql.insert({ id: newId(), companyId: company, userId, action, subject }));
}
