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

/** No upload takes as long: the process that took it in is no more. */
const CUT_OFF = DAY;

// Each is a transaction of its own: nobody waits long for a hundred thousand rows.
const ROWS = 5000;

/** Throws away files and rows of all companies that were kept long enough. What fails keeps nothing else from going. */
export async function expire(services: Needed): Promise<void> {
  const failed: Failed[] = [];
  for (const company of await services.tenancy.companiesOfOperator()) {
    await attempt(failed, `company ${company.id}`, () => expireRows(services, company));
    await attempt(failed, `company ${company.id}`, () => expireFiles(services, company, failed));
  }
  if (failed.length === 0) return;
  const what = failed.map((each) => each.what).join(', ');
  throw new AggregateError(
    failed.map(({ error }) => error),
    `Could not clear the imports of ${what}`,
  );
}

interface Failed {
  what: string;
  error: unknown;
}

async function attempt(failed: Failed[], what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    failed.push({ what, error });
  }
}

async function expireRows({ tenancy, clock }: Needed, company: Company): Promise<void> {
  const before = new Date(clock().getTime() - DAYS_KEPT * DAY);
  await tenancy.inCompany(company, (db) => db.execute(sql.closeOld(before)));
  for (let dropped = ROWS; dropped === ROWS; ) {
    dropped = await tenancy.inCompany(company, (db) => db.execute(sql.dropOldRows(before, ROWS)));
  }
}

async function expireFiles(services: Needed, company: Company, failed: Failed[]): Promise<void> {
  const now = services.clock().getTime();
  const [before, cutOff] = [new Date(now - DAYS_KEPT * DAY), new Date(now - CUT_OFF)];
  const stale = await services.tenancy.reading(company, (db) => db.query<sql.Stale>(sql.stale(before, cutOff)));
  for (const { id, file_key: key, whole } of stale) {
    const end = whole ? drop : abandon;
    await attempt(failed, `company ${company.id}, import ${id}`, () => end(services, company, id, key));
  }
}

/** Leaves nothing of an import whose file did not come in. */
export async function abandon({ tenancy, files }: Needed, company: Company, id: string, key: string): Promise<void> {
  await files.remove(key);
  await tenancy.inCompany(company, (db) => db.execute(sql.abandon(id)));
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
