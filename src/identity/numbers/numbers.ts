import { phoneTraits } from '../../kernel/phone.ts';
import { enqueue } from '../../queue/enqueue.ts';
import type { Company } from '../../tenancy/company.ts';
import type { CompanyDb, CompanyReader } from '../../tenancy/handles.ts';
import type { Tenancy } from '../../tenancy/tenancy.ts';
import { lockCompany } from '../sql.ts';
import * as sql from './sql.ts';

const CHUNK = 1000;

/** For companies whose numbers an earlier version stored, a job that looks at them. Twice does no harm. */
export async function planNumbers(tenancy: Tenancy): Promise<void> {
  for (const company of await tenancy.companiesOfOperator()) {
    await tenancy.inCompany(company, async (db) => {
      if ((await unread(db, 1)).length > 0) await enqueue(db, 'numbers.read', {});
    });
  }
}

/** Chunk after chunk, each in its own transaction: what a stopped process has done stays done. */
export async function clearNumbers(tenancy: Tenancy, company: Company, signal: AbortSignal): Promise<void> {
  for (let read = 1; read > 0; ) {
    signal.throwIfAborted();
    read = await tenancy.inCompany(company, readSome);
  }
}

/**
 * Whether each number of the company may take SMS, and whose country it is of, is known after this. There is hardly ever anything left
 * to do: numbers are looked at when they are stored.
 */
export async function readNumbers(db: CompanyDb): Promise<void> {
  while ((await readSome(db)) > 0);
}

/** Whether there are some of which nobody knows yet whether they may take SMS. */
export const hasUnreadNumbers = async (db: CompanyReader): Promise<boolean> => (await unread(db, 1)).length > 0;

/** Answers how many it has looked at. Whoever stores contacts meanwhile waits, so that no two lock the same ones crosswise. */
async function readSome(db: CompanyDb): Promise<number> {
  if ((await unread(db, 1)).length === 0) return 0;
  await db.query(lockCompany(db.company.id));
  const values = await unread(db, CHUNK);
  const phones = values.map(({ value }) => ({ value, ...phoneTraits(value) }));
  if (phones.length > 0) await db.execute(sql.setTraits(db.company.id, JSON.stringify(phones)));
  return phones.length;
}

const unread = (db: CompanyReader, most: number) => db.query<{ value: string }>(sql.unread(db.company.id, most));
