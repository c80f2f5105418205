import type { Database, Sql, TransactionClient } from '../platform/db.ts';
import type { Company } from './company.ts';
import type { CompanyDb, PortalDb } from './handles.ts';
import * as sql from './sql.ts';

/** Called after the commit with each job row that was written inside. */
export type Wake = (jobId: string, dueAt?: Date) => void;

/** What every transaction has to do with the world outside it. */
export interface Outside {
  wake: Wake;
  keyOfPhone: (e164: string) => string;
  /** Whatever is written is taken back at the end of its transaction, and nobody is woken. What these write is there as soon as anything is written. */
  takesBack?: () => readonly Sql[];
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
  { wake, keyOfPhone, takesBack }: Outside,
  enter: Sql,
  work: (handle: Omit<PortalDb, 'portal'>) => Promise<T>,
  seconds = MOST_SECONDS,
): Promise<T> {
  const woken: Parameters<Wake>[] = [];
  const inside = async (tx: TransactionClient, inTurn: Turn = (_, step) => step()) => {
    await tx.$queryRaw(enter);
    return work({
      query: <Row>(statement: Sql) => inTurn(statement, () => tx.$queryRaw<Row[]>(statement)),
      execute: (statement) => inTurn(statement, () => tx.$executeRaw(statement)),
      tables: tx,
      keyOfPhone,
      wake: (...job) => void woken.push(job),
    });
  };
  const limits = { maxWait: 10_000, timeout: seconds * 1000 };
  if (takesBack) return takenBack(database, (tx) => inside(tx, arranging(tx, enter, takesBack)), limits);
  const result = await database.prisma.$transaction(inside, limits);
  for (const job of woken) wake(...job);
  return result;
}

type Turn = <R>(statement: Sql, step: () => Promise<R>) => Promise<R>;

const WRITES = /\b(insert|update|delete|merge)\b/i;

/** Lets these be written before the first statement that writes, and enters again. In turn: a connection has one role at a time. */
function arranging(tx: TransactionClient, enter: Sql, statements: () => readonly Sql[]): Turn {
  let turn: Promise<unknown> = Promise.resolve();
  let arranged = false;
  return (statement, step) => {
    const done = turn.then(async () => {
      if (!arranged && WRITES.test(statement.sql)) {
        arranged = true;
        for (const each of statements()) await tx.$executeRaw(each);
        await tx.$queryRaw(enter);
      }
      return step();
    });
    turn = done.catch(() => {});
    return done;
  };
}

/** What the work answers, of a transaction that leaves nothing behind. */
export async function takenBack<T>(
  { prisma }: Pick<Database, 'prisma'>,
  work: (tx: TransactionClient) => Promise<T>,
  limits: { maxWait: number; timeout: number },
): Promise<T> {
  const answer: { given?: { value: T } } = {};
  const over = new Error('taken back on purpose');
  await prisma
    .$transaction(async (tx) => {
      answer.given = { value: await work(tx) };
      throw over;
    }, limits)
    .catch((error: unknown) => {
      if (error !== over) throw error;
    });
  if (!answer.given) throw new Error('Nothing was answered');
  return answer.given.value;
}
