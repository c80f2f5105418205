import { type Sql, sql } from '../platform/db.ts';
import type { Locale, Role } from '../tenancy/company.ts';

export interface UserRow {
  id: string;
  email: string;
  name: string;
  locale: Locale;
  theme: 'auto' | 'light' | 'dark';
  moderator: boolean;
  admin: boolean;
  disabled_at: Date | null;
  created_at: Date;
}

export interface LoginRow extends UserRow {
  password_hash: string | null;
  password_stamp: string;
  /** null: there is no second factor */
  factor_stamp: string | null;
}

const columns = sql`u.id, u.email, u.name, u.locale, u.theme, u.moderator, u.admin, u.disabled_at, u.created_at`;

// The same digest as `member` in tenancy/sql.ts.
const login = sql`${columns}, u.password_hash,
  encode(sha256(convert_to(coalesce(u.password_hash, ''), 'UTF8')), 'hex') as password_stamp,
  (select f.stamp from second_factor f where f.user_id = u.id) as factor_stamp`;

interface NewRow {
  id: string;
  email: string;
  name: string;
  passwordHash: string;
  locale: Locale;
  moderator: boolean;
  admin: boolean;
}

export const insert = (user: NewRow): Sql => sql`
  insert into app_user (id, email, name, password_hash, locale, moderator, admin)
  values (${user.id}::uuid, ${user.email}, ${user.name}, ${user.passwordHash}, ${user.locale}, ${user.moderator}, ${user.admin})
  on conflict (email) do nothing`;

export const byEmail = (email: string): Sql => sql`select ${login} from app_user u where u.email = ${email}`;

export const byId = (id: string): Sql => sql`select ${login} from app_user u where u.id = ${id}::uuid`;

export const list = (q: string, limit: number): Sql => sql`
  select ${columns},
         (select coalesce(jsonb_agg(jsonb_build_object('name', c.name, 'role', m.role) order by lower(c.name)), '[]')
          from membership m join company c on c.id = m.company_id where m.user_id = u.id) as companies
  from app_user u where position(lower(${q}) in lower(u.name || ' ' || u.email)) > 0
  order by u.disabled_at is not null, lower(u.name), u.id limit ${limit}`;

export const setPassword = (id: string, passwordHash: string): Sql => sql`
  update app_user set password_hash = ${passwordHash} where id = ${id}::uuid`;

export const setProfile = (id: string, name: string, locale: Locale): Sql => sql`
  update app_user set name = ${name}, locale = ${locale} where id = ${id}::uuid`;

export const setTheme = (id: string, theme: string): Sql =>
  sql`update app_user set theme = ${theme} where id = ${id}::uuid`;

export const setRights = (id: string, moderator: boolean, admin: boolean, disabledAt: Date | null): Sql => sql`
  update app_user set moderator = ${moderator}, admin = ${admin}, disabled_at = ${disabledAt} where id = ${id}::uuid`;

export const insertMembership = (companyId: string, userId: string, role: Role): Sql => sql`
  insert into membership (company_id, user_id, role) values (${companyId}::uuid, ${userId}::uuid, ${role})
  on conflict (company_id, user_id) do nothing`;

export interface MemberRow {
  id: string;
  email: string;
  name: string;
  role: Role;
  created_at: Date;
  second_factor: boolean;
}

const secondFactor = sql`exists (select from second_factor f where f.user_id = u.id) as second_factor`;

export const members = (): Sql => sql`
  select u.id, u.email, u.name, m.role, m.created_at, ${secondFactor}
  from membership m join app_user u on u.id = m.user_id
  order by lower(u.name), u.id`;

export const oneMember = (userId: string): Sql => sql`
  select u.id, u.email, u.name, m.role, m.created_at, ${secondFactor}
  from membership m join app_user u on u.id = m.user_id
  where m.user_id = ${userId}::uuid`;

// Held until the end: two owners who remove each other at once must not leave the company without one.
export const lockOwners = (): Sql =>
  sql`select user_id from membership where role = 'owner' order by user_id for update`;

export const setRole = (userId: string, role: Role): Sql => sql`
  update membership set role = ${role} where user_id = ${userId}::uuid`;

export const removeMembership = (userId: string): Sql => sql`delete from membership where user_id = ${userId}::uuid`;

export interface InvitationRow {
  id: string;
  email: string;
  role: Role;
  expires_at: Date;
}

interface NewInvitation {
  companyId: string;
  id: string;
  email: string;
  role: Role;
  hash: string;
  by: string;
  expiresAt: Date;
}

export const insertInvitation = (i: NewInvitation): Sql => sql`
  insert into invitation (company_id, id, email, role, token_hash, invited_by, expires_at)
  values (${i.companyId}::uuid, ${i.id}::uuid, ${i.email}, ${i.role}, ${i.hash}, ${i.by}::uuid, ${i.expiresAt})`;

export const openInvitations = (now: Date): Sql => sql`
  select id, email, role, expires_at from invitation
  where accepted_at is null and revoked_at is null and expires_at > ${now} order by created_at desc, id desc`;

export const revokeInvitation = (id: string, now: Date): Sql => sql`
  update invitation set revoked_at = ${now} where id = ${id}::uuid and accepted_at is null and revoked_at is null`;

export const revokeInvitationsTo = (email: string, now: Date): Sql => sql`
  update invitation set revoked_at = ${now} where email = ${email} and accepted_at is null and revoked_at is null`;

export interface FoundInvitation extends InvitationRow {
  company_id: string;
  company_name: string;
}

// The company may have been told to wait: whoever accepts holds the row.
export const invitationByToken = (hash: string, now: Date): Sql => sql`
  select i.id, i.email, i.role, i.expires_at, i.company_id, c.name as company_name
  from invitation i join company c on c.id = i.company_id
  where i.token_hash = ${hash} and i.accepted_at is null and i.revoked_at is null and i.expires_at > ${now}
  for update of i`;

export const acceptInvitation = (companyId: string, id: string, now: Date): Sql => sql`
  update invitation set accepted_at = ${now} where company_id = ${companyId}::uuid and id = ${id}::uuid`;

export const clearInvitations = (before: Date): Sql => sql`
  delete from invitation where least(accepted_at, revoked_at, expires_at) < ${before}`;

export const clearResets = (before: Date): Sql => sql`
  delete from password_reset where least(used_at, expires_at) < ${before}`;

export const insertReset = (hash: string, userId: string, expiresAt: Date): Sql => sql`
  insert into password_reset (token_hash, user_id, expires_at) values (${hash}, ${userId}::uuid, ${expiresAt})`;

export const openReset = (hash: string, now: Date): Sql => sql`
  select u.name, u.email from password_reset r join app_user u on u.id = r.user_id
  where r.token_hash = ${hash} and r.used_at is null and r.expires_at > ${now}`;

// One statement takes it: of two who follow the link at once, one finds it used. All other links of the person die with it.
export const takeReset = (hash: string, now: Date): Sql => sql`
  update password_reset set used_at = ${now} where token_hash = ${hash} and used_at is null and expires_at > ${now}
  returning user_id`;

export const endResets = (userId: string, now: Date): Sql => sql`
  update password_reset set used_at = ${now} where user_id = ${userId}::uuid and used_at is null`;
