import * as audit from '../audit/audit.ts';
import * as notices from '../notices/notices.ts';
import type { Sql } from '../platform/db.ts';
import type { Company } from '../tenancy/company.ts';
import type { Services } from '../web/services.ts';
import * as sql from './sql.ts';

type Needed = Pick<Services, 'tenancy' | 'files' | 'clock'>;

/** false: it was finished already, or is not there */
export function cancel(services: Needed, company: Company, id: string, by: string): Promise<boolean> {
  return end(services, company, id, sql.cancel(id), { userId: by, action: 'export.cancelled' });
}

/** Nobody can take the file any more, with the link of the letter neither. false: there is no such file */
export function revoke(services: Needed, company: Company, id: string, by: string): Promise<boolean> {
  return end(services, company, id, sql.revoke(id), { userId: by, action: 'export.revoked' });
}

async function end(
  services: Needed,
  company: Company,
  id: string,
  statement: Sql,
  deed: Pick<audit.Deed, 'userId' | 'action'>,
): Promise<boolean> {
  const ended = await services.tenancy.inCompany(company, async (db) => {
    const touched = await db.execute(statement);
    if (touched > 0) await audit.write(db, { ...deed, subject: { id } });
    return touched > 0;
  });
  if (ended) await clearFiles(services, company, id);
  return ended;
}

/** The last try is over. `reason` is for the log; people are told what they can do about it. */
export async function fail(services: Needed, company: Company, id: string, reason: string): Promise<void> {
  const error = /ENOSPC|EDQUOT|EFBIG/.test(reason) ? 'full' : 'unknown';
  await services.tenancy.inCompany(company, async (db) => {
    const [row] = await db.query<{ user_id: string }>(sql.fail(id, error));
    if (row) await notices.post(db, { userId: row.user_id, kind: 'export-failed', data: { path: '/exports' } });
  });
  await clearFiles(services, company, id);
}

/** Throws away the files of all companies that nobody may take any more. */
export async function expire(services: Needed): Promise<void> {
  for (const company of await services.tenancy.companiesOfOperator()) await clearFiles(services, company, null);
}

/** The file goes first, and only then what tells where it is: a process that ends in between leaves nothing behind. */
export async function clearFiles(
  { tenancy, files, clock }: Needed,
  company: Company,
  id: string | null,
): Promise<void> {
  const stale = await tenancy.inCompany(company, (db) => db.query<sql.Stale>(sql.stale(clock(), id)));
  for (const { id, file_key: fileKey } of stale) {
    await files.remove(fileKey);
    await tenancy.inCompany(company, (db) => db.execute(sql.dropFile(id, fileKey)));
  }
}
