import { type Sql, sql } from '../platform/db.ts';

interface NewSignIn {
  id: string;
  userId: string;
  browser: string;
  address: string;
  now: Date;
}

// A session may outlive its user by one request: then there is nothing to write down.
export const insertSignIn = ({ id, userId, browser, address, now }: NewSignIn): Sql => sql`
  insert into sign_in (id, user_id, browser, address, created_at, seen_at)
  select ${id}::uuid, u.id, ${browser}, ${address}, ${now}::timestamptz, ${now}::timestamptz
  from app_user u where u.id = ${userId}::uuid`;

export const seen = (id: string, address: string, now: Date): Sql => sql`
  update sign_in set seen_at = ${now}, address = ${address} where id = ${id}::uuid and seen_at < ${now}`;
