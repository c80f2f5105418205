import { type Sql, sql } from '../../platform/db.ts';

export const insertCode = (id: string, phoneKey: string, codeHash: string, now: Date, expiresAt: Date): Sql => sql`
  insert into about_code (id, phone_key, code_hash, created_at, expires_at)
  values (${id}::uuid, ${phoneKey}, ${codeHash}, ${now}::timestamptz, ${expiresAt}::timestamptz)`;

// How many codes the portal sends a day. What is no whole number there says nothing.
export const codesADay = (): Sql => sql`
  select (value #>> '{}')::int as most from portal_setting
  where name = 'about.codesADay' and jsonb_typeof(value) = 'number' and value #>> '{}' ~ '^[0-9]{1,9}$'`;

export interface Tried {
  right: boolean;
  attempts: bigint;
}

// Counted and answered at once: many tries at the same moment are no more than one after the other, and one of two right ones wins.
export const tryCode = (id: string, codeHash: string, most: number, now: Date): Sql => sql`
  update about_code set attempts = attempts + 1, used_at = case when code_hash = ${codeHash} then ${now}::timestamptz end
  where id = ${id}::uuid and used_at is null and attempts < ${most} and expires_at > ${now}::timestamptz
  returning used_at is not null as right, attempts`;

export interface NewVisit {
  tokenHash: string;
  phoneKey: string;
  sealed: string;
  /** null: the number is proved */
  codeId: string | null;
  now: Date;
  expiresAt: Date;
}

export const insertVisit = ({ tokenHash, phoneKey, sealed, codeId, now, expiresAt }: NewVisit): Sql => sql`
  insert into about_session (token_hash, phone_key, sealed, code_id, proved_at, created_at, expires_at)
  values (${tokenHash}, ${phoneKey}, ${sealed}, ${codeId}::uuid, case when ${codeId}::uuid is null then ${now}::timestamptz end,
          ${now}::timestamptz, ${expiresAt}::timestamptz)`;

export interface VisitRow {
  phone_key: string;
  sealed: string;
  code_id: string | null;
  expires_at: Date;
}

export const visit = (tokenHash: string, now: Date): Sql => sql`
  select phone_key, sealed, code_id, expires_at from about_session
  where token_hash = ${tokenHash} and expires_at > ${now}::timestamptz`;

export const endVisit = (tokenHash: string): Sql => sql`delete from about_session where token_hash = ${tokenHash}`;

export const clearVisits = (now: Date): Sql => sql`delete from about_session where expires_at <= ${now}::timestamptz`;

export const clearCodes = (now: Date): Sql => sql`
  delete from about_code where expires_at <= ${now}::timestamptz - interval '1 day'`;
