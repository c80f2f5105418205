import type { Sql, TransactionClient } from '../platform/db.ts';
import type { Company } from './company.ts';

type Tables = Omit<TransactionClient, `$${string}`>;

/** What every handle can do: bound SQL, or Prisma's models, inside one short transaction. */
interface Handle {
  query<Row>(statement: Sql): Promise<Row[]>;
  /** Answers the number of rows touched. */
  execute(statement: Sql): Promise<number>;
  readonly tables: Tables;
  /** What the shared tables call a phone (E.164). */
  keyOfPhone(e164: string): string;
  /** Tells the queue, once the transaction is committed, that this job row is there. */
  wake(jobId: string, dueAt?: Date): void;
}

/** What reads one company: row level security shows only its rows. */
export interface CompanyReader {
  readonly company: Company;
  query<Row>(statement: Sql): Promise<Row[]>;
}

/** What reads what belongs to no company. */
export interface PortalReader {
  readonly portal: true;
  query<Row>(statement: Sql): Promise<Row[]>;
}

/** One transaction inside one company: row level security shows and takes only its rows. */
export interface CompanyDb extends Handle {
  readonly company: Company;
}

/** One transaction over what belongs to no company: users, companies, keys, rates, jobs. It sees no customer. */
export interface PortalDb extends Handle {
  readonly portal: true;
}

/** A read-only snapshot of one company for long reads. */
export interface CompanySnapshot extends CompanyReader {
  /** The rows in batches of at most `size`, never all at once in memory. */
  batches<Row>(statement: Sql, size: number): AsyncIterable<Row[]>;
}
