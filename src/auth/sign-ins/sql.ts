import { type Sql, sql } from '../../platform/db.ts';

export interface SignInRow {
  id: string;
  browser: string;
  address: string;
  created_at: Date;
  seen_at: Date;
}

export const ofUser = (userId: string, after: Date): Sql => sql`
  select id, browser, address, created_at, seen_at from sign_in
  where user_id = ${userId}::uuid and seen_at > ${after} order by seen_at desc, id desc limit 200`;

export const end = (userId: string, id: string): Sql => sql`
  delete from sign_in where user_id = ${userId}::uuid and id = ${id}::uuid`;

export const endAll = (userId: string, but: string | null): Sql => sql`
  delete from sign_in where user_id = ${userId}::uuid and id is distinct from ${but}::uuid`;

export const clear = (before: Date): Sql => sql`delete from sign_in where seen_at < ${before}`;
