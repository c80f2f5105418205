import { type Sql, sql } from '../../platform/db.ts';
import type { KeptCode } from './recovery.ts';

export interface FactorRow {
  secret: string;
  created_at: Date;
  /** recovery codes that were not used */
  left: number;
}

export const byUser = (userId: string): Sql => sql`
  select f.secret, f.created_at,
         (select count(*)::int from recovery_code r where r.user_id = f.user_id and r.used_at is null) as left
  from second_factor f where f.user_id = ${userId}::uuid`;

interface Factor {
  userId: string;
  sealed: string;
  stamp: string;
  step: bigint;
  now: Date;
}

export const set = ({ userId, sealed, stamp, step, now }: Factor): Sql => sql`
  insert into second_factor (user_id, secret, stamp, last_step, created_at)
  values (${userId}::uuid, ${sealed}, ${stamp}::uuid, ${step}, ${now})
  on conflict (user_id) do update set
    secret = excluded.secret, stamp = excluded.stamp, last_step = excluded.last_step, created_at = excluded.created_at`;

// One statement: of two who send the same code at once, one comes too late.
export const takeStep = (userId: string, step: bigint): Sql => sql`
  update second_factor set last_step = ${step} where user_id = ${userId}::uuid and last_step < ${step}`;

export const sealAnew = (userId: string, before: string, sealed: string): Sql => sql`
  update second_factor set secret = ${sealed} where user_id = ${userId}::uuid and secret = ${before}`;

export const remove = (userId: string): Sql => sql`delete from second_factor where user_id = ${userId}::uuid`;

export const clearCodes = (userId: string): Sql => sql`delete from recovery_code where user_id = ${userId}::uuid`;

export const insertCodes = (userId: string, codes: readonly KeptCode[]): Sql => sql`
  insert into recovery_code (user_id, label, code_hash)
  select ${userId}::uuid, c.label, c.code_hash
  from unnest(${codes.map(({ label }) => label)}::text[], ${codes.map(({ codeHash }) => codeHash)}::text[]) c (label, code_hash)`;

export const unusedCode = (userId: string, label: string): Sql => sql`
  select code_hash from recovery_code where user_id = ${userId}::uuid and label = ${label} and used_at is null`;

export const takeCode = (userId: string, label: string, codeHash: string, now: Date): Sql => sql`
  update recovery_code set used_at = ${now}
  where user_id = ${userId}::uuid and label = ${label} and code_hash = ${codeHash} and used_at is null`;

// The company's other members may have to be asked first: who belongs elsewhere too, or works for the portal, is not one owner's.
export const isOnlyOf = (userId: string, companyId: string): Sql => sql`
  select from app_user u where u.id = ${userId}::uuid and not u.admin and not u.moderator
    and not exists (select from membership m where m.user_id = u.id and m.company_id <> ${companyId}::uuid)
    and exists (select from membership m where m.user_id = u.id and m.company_id = ${companyId}::uuid)`;

export const isWantedOf = (userId: string): Sql => sql`
  select coalesce(bool_or(c.second_factor), false) as company from membership m join company c on c.id = m.company_id
  where m.user_id = ${userId}::uuid`;
