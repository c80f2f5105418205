import { type Sql, sql } from '../platform/db.ts';
import type { Scope } from '../tenancy/tenancy.ts';

export interface KeyRow {
  id: string;
  name: string;
  hint: string;
  scopes: string[];
  created_at: Date;
  last_used_at: Date | null;
}

export interface NewKey {
  /** null: a key of the portal, for every company */
  companyId: string | null;
  name: string;
  scopes: readonly Scope[];
  /** null: the operator made it */
  userId: string | null;
}

interface Made extends NewKey {
  id: string;
  hash: string;
  hint: string;
}

export const insert = ({ id, companyId, name, hash, hint, scopes, userId }: Made): Sql => sql`
  insert into api_key (id, company_id, name, key_hash, hint, scopes, created_by)
  values (${id}::uuid, ${companyId}::uuid, ${name}, ${hash}, ${hint}, ${[...scopes]}::text[], ${userId}::uuid)`;

// is not distinct from: null is the portal
export const list = (companyId: string | null): Sql => sql`
  select id, name, hint, scopes, created_at, last_used_at from api_key
  where company_id is not distinct from ${companyId}::uuid and revoked_at is null order by created_at, id`;

export const find = (companyId: string | null, id: string): Sql => sql`
  select id, name, hint, scopes, created_at, last_used_at from api_key
  where id = ${id}::uuid and company_id is not distinct from ${companyId}::uuid and revoked_at is null`;

export const revoke = (companyId: string | null, id: string, now: Date): Sql => sql`
  update api_key set revoked_at = ${now}
  where id = ${id}::uuid and company_id is not distinct from ${companyId}::uuid and revoked_at is null`;
