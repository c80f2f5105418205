import * as audit from '../audit/audit.ts';
import * as notices from '../notices/notices.ts';
import type { Company } from '../tenancy/company.ts';
import type { Needed } from './check.ts';
import * as sql from './sql.ts';

/** false: it was finished already, or is not there. What it has written stays. */
export async function cancel(services: Needed, company: Company, id: string, userId: string): Promise<boolean> {
  const cancelled = await services.tenancy.inCompany(company, async (db) => {
    if ((await db.execute(sql.cancel(id))) === 0) return false;
    await audit.write(db, { userId, action: 'import.cancelled', subject: { id } });
    return true;
  });
  if (cancelled) await clearFile(services, company, id);
  return cancelled;
}

/** The last try is over. `reason` is for the log; what is done stays done, and a person can let it go on. */
export async function fail({ tenancy }: Needed, company: Company, id: string): Promise<void> {
  await tenancy.inCompany(company, async (db) => {
    const [row] = await db.query<{ user_id: string | null }>(sql.fail(id, 'unknown'));
    if (!row?.user_id) return;
    await notices.post(db, { userId: row.user_id, kind: 'import-failed', data: { path: `/imports/${id}` } });
  });
}

const DAY = 86_400_000;
/** So long rows can be looked at; they hold people's data. */
export const DAYS_KEPT = 30;

/** Throws away files and rows of all companies that were kept long enough. */
export async function expire(services: Needed): Promise<void> {
  const before = new Date(services.clock().getTime() - DAYS_KEPT * DAY);
  for (const company of await services.tenancy.companiesOfOperator()) {
    await services.tenancy.inCompany(company, async (db) => {
      await db.execute(sql.closeOld(before));
      await db.execute(sql.dropOldRows(before));
    });
    const stale = await services.tenancy.inCompany(company, (db) => db.query<sql.Stale>(sql.stale(before)));
    for (const { id, file_key: key } of stale) await drop(services, company, id, key);
  }
}

/** The file goes first, and only then what tells where it is: a process that ends in between leaves nothing behind. */
export async function clearFile(services: Needed, company: Company, id: string): Promise<void> {
  const [row] = await services.tenancy.inCompany(company, (db) => db.query<sql.ImportRow>(sql.byId(id)));
  if (row?.file_key) await drop(services, company, id, row.file_key);
}

async function drop({ tenancy, files }: Needed, company: Company, id: string, key: string): Promise<void> {
  await files.remove(key);
  await tenancy.inCompany(company, (db) => db.execute(sql.dropFile(id)));
}
