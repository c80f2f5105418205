import type { Database, Sql } from '../platform/db.ts';
import { planName } from '../platform/plans.ts';
import { tookTooLong } from './attempt.ts';
import type { Company } from './company.ts';
import type { CompanyReader, PortalReader } from './handles.ts';
import { begin, beginInPortal, commit, enterCompany, enterPortal, timeout } from './sql.ts';

type Readers = Pick<Database, 'readers'>;

/** One question to the portal: every page begins with one of these. */
export async function glance<Row>(database: Readers, statement: Sql): Promise<Row[]> {
  const { ask, end } = await open(database);
  const answers = [ask(beginInPortal), ask<Row>(statement)] as const;
  end();
  return (await Promise.all(answers))[1];
}

type Work<T> = (db: CompanyReader) => Promise<T>;

/** Pages and answers that only read: one read-only transaction inside one company. */
export const readCompany = <T>(database: Readers, company: Company, work: Work<T>): Promise<T> =>
  reading(database, [enterCompany(company.id)], (query) => work({ company, query }));

/** The same over what belongs to no company. */
export const readPortal = <T>(database: Readers, work: (db: PortalReader) => Promise<T>): Promise<T> =>
  reading(database, [enterPortal()], (query) => work({ portal: true, query }));

/** The same, as long as no question of it takes longer than so many milliseconds. null: one did. */
export async function readWithin<T>(
  database: Readers,
  company: Company,
  milliseconds: number,
  work: Work<T>,
): Promise<T | null> {
  try {
    const settings = [enterCompany(company.id), timeout(milliseconds)];
    return await reading(database, settings, (query) => work({ company, query }));
  } catch (error) {
    if (tookTooLong(error)) return null;
    throw error;
  }
}

async function reading<T>(
  database: Readers,
  settings: readonly Sql[],
  work: (ask: Reading['ask']) => Promise<T>,
): Promise<T> {
  const { ask, end } = await open(database);
  // Not waited for: the first question leaves along with these, and is refused if they are.
  const entered = Promise.all([begin, ...settings].map((statement) => ask(statement)));
  const answered = (async () => work(ask))();
  const [door, result] = await Promise.allSettled([entered, answered]);
  end();
  if (door.status === 'rejected') throw door.reason;
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

interface Reading {
  /** Questions are answered in the order in which they are asked; nobody has to wait for one answer to ask the next. */
  ask<Row>(statement: Sql): Promise<Row[]>;
  /** Ends the transaction when everything is answered. Nobody has to wait for that either: nothing was changed. */
  end(): void;
}

/** Past Prisma, whose transactions cost a millisecond of processor: pages read much and often. */
async function open({ readers }: Readers): Promise<Reading> {
  const client = await readers.connect();
  const { stream } = client.connection;
  let over = false;
  let broken: Error | undefined;
  const lost = (error: Error) => {
    broken = error;
  };
  client.on('error', lost);
  const send = (statement: Sql) => {
    // What is asked at one moment leaves as one packet: each wakes the other side.
    stream.cork();
    process.nextTick(() => stream.uncork());
    const name = planName(statement);
    const values = statement.values as unknown[];
    return client.query({ text: statement.text, values, ...(name ? { name } : {}) });
  };
  return {
    ask: async <Row>(statement: Sql) => {
      // The next one on this connection may be of another company.
      if (over) throw new Error('A question after the end of its transaction');
      return (await send(statement)).rows as Row[];
    },
    end: () => {
      over = true;
      send(commit)
        .catch(lost)
        .finally(() => {
          client.off('error', lost);
          client.release(broken);
        });
    },
  };
}
