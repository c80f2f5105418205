import * as audit from '../audit/audit.ts';
import { newId } from '../kernel/id.ts';
import type { Role } from '../tenancy/company.ts';
import type { CompanyDb, PortalDb, PortalReader } from '../tenancy/handles.ts';
import { FieldError } from '../web/form.ts';
import type { CompanyChange, CompanyProfile, NewCompany } from './input.ts';
import * as sql from './sql.ts';

export { type CompanyProfile, companyChange, companyProfile, type NewCompany, newCompany } from './input.ts';
export { changeSmsSettings, type SmsSettings, smsForm, smsSettings } from './sms.ts';
export type { CompanyRow } from './sql.ts';

/** Throws FieldError when the slug is taken. Answers the id. `by`: the administrator; null: the operator. */
export async function createCompany(db: PortalDb, input: NewCompany, by: string | null): Promise<string> {
  const id = newId();
  const made = await db.execute(sql.insert(id, input));
  if (made === 0) throw new FieldError('slug', 'companies.slugTaken');
  const { slug, name, plan } = input;
  await audit.write(db, { userId: by, action: 'company.created', companyId: id, subject: { slug, name, plan } });
  return id;
}

/** By name; `q`: a part of the name or the slug. */
export const listCompanies = (db: PortalReader, q = '', limit = 1000) => db.query<sql.CompanyRow>(sql.list(q, limit));

/** null: there is no such company */
export async function findCompany(db: PortalDb, id: string): Promise<sql.CompanyRow | null> {
  return (await db.query<sql.CompanyRow>(sql.byId(id)))[0] ?? null;
}

export async function companyIdOfSlug(db: PortalDb, slug: string): Promise<string | null> {
  return (await db.query<{ id: string }>(sql.idOfSlug(slug)))[0]?.id ?? null;
}

/** Without a paid plan the customers are read-only (P-05). */
export async function changeCompany(
  db: PortalDb,
  id: string,
  { name, plan }: CompanyChange,
  by: string,
): Promise<void> {
  await db.execute(sql.update(id, name, plan));
  await audit.write(db, { userId: by, action: 'company.changed', companyId: id, subject: { name, plan } });
}

/** What the company's own people change. */
export async function changeProfile(db: CompanyDb, profile: CompanyProfile, by: string): Promise<void> {
  await db.execute(sql.updateProfile(db.company.id, profile));
  await audit.write(db, { userId: by, action: 'company.profile', subject: profile });
}

/** Whether all members need a second factor; those without one are led to it at their next visit. */
export async function wantSecondFactor(db: CompanyDb, wanted: boolean, by: string): Promise<void> {
  if ((await db.execute(sql.wantSecondFactor(db.company.id, wanted))) === 0) return;
  await audit.write(db, { userId: by, action: 'company.secondFactor', subject: { value: wanted } });
}

export interface OwnCompany {
  id: string;
  name: string;
  role: Role;
}

/** The companies a user belongs to, by name. */
export const companiesOfUser = (db: PortalDb, userId: string) => db.query<OwnCompany>(sql.ofUser(userId));
