import type { Database, Sql } from '../platform/db.ts';
import type { Company } from './company.ts';
import type { CompanyDb, PortalDb } from './handles.ts';
import * as sql from './sql.ts';

/** Called after the commit with each job row that was written inside. */
export type Wake = (jobId: string, dueAt?: Date) => void;

/** What every transaction has to do with the world outside it. */
export interface Outside {
  wake: Wake;
  keyOfPhone: (e164: string) => string;
}

const MOST_SECONDS = 60;

export function inCompany<T>(
  database: Database,
  outside: Outside,
  company: Company,
  work: (db: CompanyDb) => Promise<T>,
  seconds?: number,
) {
  return transaction(
    database,
    outside,
    sql.enterCompany(company.id),
    (handle) => work({ ...handle, company }),
    seconds,
  );
}

export function inPortal<T>(database: Database, outside: Outside, work: (db: PortalDb) => Promise<T>) {
  return transaction(database, outside, sql.enterPortal(), (handle) => work({ ...handle, portal: true }));
}

async function transaction<T>(
  database: Database,
  { wake, keyOfPhone }: Outside,
  enter: Sql,
  work: (handle: Omit<PortalDb, 'portal'>) => Promise<T>,
  seconds = MOST_SECONDS,
): Promise<T> {
  const woken: Parameters<Wake>[] = [];
  const result = await database.prisma.$transaction(
    async (tx) => {
      await tx.$queryRaw(enter);
      return work({
        query: (statement) => tx.$queryRaw(statement),
        execute: (statement) => tx.$executeRaw(statement),
        tables: tx,
        keyOfPhone,
        wake: (...job) => void woken.push(job),
      });
    },
    { maxWait: 10_000, timeout: seconds * 1000 },
  );
  for (const job of woken) wake(...job);
  return result;
}
