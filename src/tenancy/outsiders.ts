import type { Database } from '../platform/db.ts';
import { type Company, type CompanyRow, proved } from './company.ts';
import type { PortalDb } from './handles.ts';
import { glance, readCompany } from './reading.ts';
import * as sql from './sql.ts';

// Companies that are named neither by a user nor by a key: by what a provider tells, or by what a person holds in the hand.

type Readers = Pick<Database, 'readers'>;

export async function companyOfToken(database: Readers, companyId: string): Promise<Company | null> {
  const [row] = await glance<CompanyRow>(database, sql.companyById(companyId));
  return row ? proved(row) : null;
}

export async function companyOfCode(database: Readers, number: bigint, code: string): Promise<Company | null> {
  const [row] = await glance<CompanyRow>(database, sql.companyByNumber(number));
  if (!row) return null;
  const company = proved(row);
  const known = await readCompany(database, company, (db) => db.query(sql.hasCode(code)));
  return known.length > 0 ? company : null;
}

/** Somebody wrote to us. */
export interface Inbound {
  /** the key of the number it came from */
  addressKey: string;
  /** what it came to, as senders are called: the number, and the messaging service it belongs to */
  senders: readonly string[];
  /** whether that is the portal's own sender */
  usual: boolean;
}

/** A company that a message may concern, and why. */
export interface Concerned {
  company: Company;
  /** the one of these senders that the company was given; null: none */
  given: string | null;
  /** whether the number is one of its customers' */
  known: boolean;
  /** when it wrote to the number by one of these senders last; null: never */
  calledAt: Date | null;
  /** whether it writes by one of these senders, as far as it shows: it was given one, has used one, or has none of its own */
  uses: boolean;
}

/**
 * Those that were given one of these senders, those that have written to the number by one of them, and, where it came to the portal's
 * own, which every company may write by, all that know the number, have planned to write to it, or were told STOP by it.
 */
export async function companiesOfInbound(db: PortalDb, inbound: Inbound): Promise<Concerned[]> {
  const rows = await db.query<ConcernedRow>(sql.concerned(inbound));
  return rows.map(({ given, known, called_at: calledAt, uses, ...row }) => ({
    company: proved(row),
    given,
    known,
    calledAt,
    uses,
  }));
}

type ConcernedRow = CompanyRow & { given: string | null; known: boolean; called_at: Date | null; uses: boolean };

/** null: none, or more than one. */
export async function onlyCompanyWithoutSender(db: PortalDb): Promise<Company | null> {
  const [row, ...others] = await db.query<CompanyRow>(sql.withoutSenders(2));
  return row && others.length === 0 ? proved(row) : null;
}
