import { createHash } from 'node:crypto';
import type { Database, Sql } from '../platform/db.ts';
import { type Company, type CompanyRow, type Locale, proved, type Role } from './company.ts';
import type { CompanyDb, CompanyReader, CompanySnapshot, PortalDb, PortalReader } from './handles.ts';
import {
  type Concerned,
  companiesOfInbound,
  companyOfCode,
  companyOfToken,
  type Inbound,
  onlyCompanyWithoutSender,
} from './outsiders.ts';
import { glance, readCompany, readPortal, readWithin } from './reading.ts';
import { inSnapshot } from './snapshot.ts';
import * as sql from './sql.ts';
import { inCompany, inPortal, type Outside } from './transactions.ts';

export type { Concerned, Inbound } from './outsiders.ts';

export interface Member {
  user: { id: string; email: string; name: string; locale: Locale; theme: 'auto' | 'light' | 'dark' };
  moderator: boolean;
  admin: boolean;
  /** how many companies the user belongs to */
  companies: number;
  /** changes with the password: a session that carries another one is over */
  passwordStamp: string;
  /** changes with the second factor, likewise; null: there is none */
  factorStamp: string | null;
  /** whether the portal wants a second factor of its administrators and moderators */
  portalWantsSecondFactor: boolean;
  /** whether nothing is sent, because the database is a restored one and the operator has not confirmed it */
  held: boolean;
  /** when the session was last seen; null: it was ended, or none was asked about */
  seenAt: Date | null;
  /** notices of the company that wait to be read */
  unread: number;
  /** questions whether two customers are one that wait to be decided, at most 100 */
  duplicates: number;
  /** texts that wait for a moderator, at most 100; 0 for everybody else */
  cases: number;
  /** null: a user of the portal without a company */
  membership: Membership | null;
}

export interface Membership {
  company: Company;
  role: Role;
  /** whether the company wants a second factor of all its members */
  wantsSecondFactor: boolean;
}

export type Scope = 'ingest' | 'read' | 'consents' | 'send';

export interface KeyHolder {
  keyId: string;
  /** the portal's key, for every company */
  portal: boolean;
  scopes: readonly Scope[];
  /** null: the key may not see this company, or there is none of that name */
  company: Company | null;
}

/**
 * The only maker of company handles. Each `company…` function proves the right to a company from one kind of credential and
 * answers a `Company`; `inCompany` opens one short transaction in it. Never from a body, a query or a header's value.
 */
export interface Tenancy {
  /**
   * A signed-in user: the company of the session where the user is still a member, else the first one. null: no such user.
   * `signInId`: of the session, where it matters whether that was ended.
   */
  member(userId: string, companyId: string | null, signInId?: string): Promise<Member | null>;
  /** A bearer key, for the company its holder names in the address. null: no such key. */
  keyHolder(key: string, slug: string | null): Promise<KeyHolder | null>;
  /** The same company as it is now. null: it is gone. */
  again(company: Company): Promise<Company | null>;
  /** The envelope of a leased job row. null: the company is gone. */
  companyOfJob(job: { companyId: string }): Promise<Company | null>;
  /** A token of ours in the address of a callback, after its seal was checked. null: the company is gone. */
  companyOfToken(token: { companyId: string }): Promise<Company | null>;
  /** The address where a person says no: the company's number, proved by the code of one of its deliveries. null: there is none such. */
  companyOfCode(number: bigint, code: string): Promise<Company | null>;
  /** A message to us, after the provider's signature was checked: the companies it may concern. */
  companiesOfInbound(inbound: Inbound): Promise<Concerned[]>;
  /** The one company that can be meant where a message to the portal's own sender is of nobody. null: there is none, or more than one. */
  onlyCompanyWithoutSender(): Promise<Company | null>;
  /** The operator at the server's own shell, and jobs of the portal that visit every company. */
  companyOfOperator(slug: string): Promise<Company | null>;
  companiesOfOperator(): Promise<Company[]>;

  /** `seconds`: how long it may last at most; a minute unless said otherwise */
  inCompany<T>(company: Company, work: (db: CompanyDb) => Promise<T>, seconds?: number): Promise<T>;
  /** For what only reads: the same wall, at half the price. */
  reading<T>(company: Company, work: (db: CompanyReader) => Promise<T>): Promise<T>;
  /** The same, as long as no question of it takes longer than so many milliseconds. null: one did. */
  readingWithin<T>(company: Company, milliseconds: number, work: (db: CompanyReader) => Promise<T>): Promise<T | null>;
  inPortal<T>(work: (db: PortalDb) => Promise<T>): Promise<T>;
  /** What only reads, past Prisma: questions may leave without waiting for each other's answers. */
  readingPortal<T>(work: (db: PortalReader) => Promise<T>): Promise<T>;
  inSnapshot<T>(company: Company, work: (snapshot: CompanySnapshot) => Promise<T>): Promise<T>;
}

/** The ways into the database; who uses them has nothing else. */
export interface Doors {
  glance<Row>(statement: Sql): Promise<Row[]>;
  readonly inCompany: Tenancy['inCompany'];
  readonly inPortal: Tenancy['inPortal'];
  readonly reading: Tenancy['reading'];
  readonly readingWithin: Tenancy['readingWithin'];
  readonly readingPortal: Tenancy['readingPortal'];
  readonly inSnapshot: Tenancy['inSnapshot'];
  companyOfToken(companyId: string): Promise<Company | null>;
  companyOfCode(number: bigint, code: string): Promise<Company | null>;
}

/** `wake` is told of every job row after its transaction has committed; `keyOfPhone` keys numbers for the shared tables. */
export function openTenancy(database: Database, wake: Outside['wake'], keyOfPhone: Outside['keyOfPhone']): Tenancy {
  return tenancyBehind(openDoors(database, { wake, keyOfPhone }));
}

export function openDoors(database: Database, outside: Outside): Doors {
  return {
    glance: (statement) => glance(database, statement),
    inCompany: (company, work, seconds) => inCompany(database, outside, company, work, seconds),
    inPortal: (work) => inPortal(database, outside, work),
    reading: (company, work) => readCompany(database, company, work),
    readingWithin: (company, milliseconds, work) => readWithin(database, company, milliseconds, work),
    readingPortal: (work) => readPortal(database, work),
    inSnapshot: (company, work) => inSnapshot(database, company, work),
    companyOfToken: (companyId) => companyOfToken(database, companyId),
    companyOfCode: (number, code) => companyOfCode(database, number, code),
  };
}

export function tenancyBehind(doors: Doors): Tenancy {
  const { inPortal: portal } = doors;
  return {
    member: (userId, companyId, signInId) => member(doors, userId, companyId, signInId ?? null),
    keyHolder: (key, slug) => portal((db) => keyHolder(db, key, slug)),
    again: (company) => portal((db) => one(db, sql.companyById(company.id))),
    companyOfJob: (job) => portal((db) => one(db, sql.companyById(job.companyId))),
    companyOfToken: ({ companyId }) => doors.companyOfToken(companyId),
    companyOfCode: (number, code) => doors.companyOfCode(number, code),
    companiesOfInbound: (inbound) => portal((db) => companiesOfInbound(db, inbound)),
    onlyCompanyWithoutSender: () => portal(onlyCompanyWithoutSender),
    companyOfOperator: (slug) => portal((db) => one(db, sql.companyBySlug(slug))),
    companiesOfOperator: () => portal(async (db) => (await db.query<CompanyRow>(sql.allCompanies())).map(proved)),
    inCompany: doors.inCompany,
    reading: doors.reading,
    readingWithin: doors.readingWithin,
    inPortal: portal,
    readingPortal: doors.readingPortal,
    inSnapshot: doors.inSnapshot,
  };
}

interface MemberRow extends CompanyRow {
  user_id: string;
  email: string;
  user_name: string;
  user_locale: Locale;
  theme: 'auto' | 'light' | 'dark';
  moderator: boolean;
  admin: boolean;
  role: Role | null;
  companies: number;
  password_stamp: string;
  factor_stamp: string | null;
  portal_second_factor: boolean | null;
  held: boolean;
  second_factor: boolean | null;
  seen_at: Date | null;
  unread: number;
  duplicates: number;
  cases: number;
}

async function member(
  doors: Doors,
  userId: string,
  companyId: string | null,
  signInId: string | null,
): Promise<Member | null> {
  const [row] = await doors.glance<MemberRow>(sql.member(userId, companyId, signInId));
  if (!row) return null;
  const { user_id: id, email, user_name: name, user_locale: locale, theme, moderator, admin, companies, role } = row;
  const { password_stamp: passwordStamp, unread, duplicates, cases } = row;
  const { factor_stamp: factorStamp, seen_at: seenAt } = row;
  const membership = role ? { company: proved(row), role, wantsSecondFactor: row.second_factor === true } : null;
  return {
    user: { id, email, name, locale, theme },
    moderator,
    admin,
    companies,
    passwordStamp,
    factorStamp,
    portalWantsSecondFactor: row.portal_second_factor === true,
    held: row.held,
    seenAt,
    unread,
    duplicates,
    cases,
    membership,
  };
}

/** Keys are long random texts: a plain hash is enough to keep them at rest. */
export const hashKey = (key: string) => createHash('sha256').update(key).digest('hex');

async function keyHolder(db: PortalDb, key: string, slug: string | null): Promise<KeyHolder | null> {
  const [row] = await db.query<{ id: string; company_id: string | null; scopes: Scope[] }>(sql.keyByHash(hashKey(key)));
  if (!row) return null;
  await db.execute(sql.keyUsed(row.id));
  const named = slug === null ? null : await one(db, sql.companyBySlug(slug));
  const company = named && (row.company_id === null || row.company_id === named.id) ? named : null;
  return { keyId: row.id, portal: row.company_id === null, scopes: row.scopes, company };
}

async function one(db: PortalDb, statement: ReturnType<typeof sql.companyById>): Promise<Company | null> {
  const [row] = await db.query<CompanyRow>(statement);
  return row ? proved(row) : null;
}
