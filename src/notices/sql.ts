import { empty, type Sql, sql } from '../platform/db.ts';

export interface NoticeRow {
  id: string;
  kind: string;
  data: Record<string, string | number>;
  created_at: Date;
  read_at: Date | null;
}

interface NewRows {
  companyId: string;
  /** one for each of `userIds` */
  ids: readonly string[];
  userIds: readonly (string | null)[];
  kind: string;
  data: object;
}

export const insert = ({ companyId, ids, userIds, kind, data }: NewRows): Sql => sql`
  insert into notice (company_id, id, user_id, kind, data)
  select ${companyId}::uuid, n.id, n.user_id, ${kind}, ${JSON.stringify(data)}::jsonb
  from unnest(${[...ids]}::uuid[], ${[...userIds]}::uuid[]) as n (id, user_id)`;

const mine = (userId: string) => sql`(user_id is null or user_id = ${userId}::uuid)`;

// The place of the last one is looked up by its id: its time, as it would stand in an address, has lost its microseconds.
export const list = (userId: string, limit: number, before: string | null): Sql => sql`
  select id, kind, data, created_at, read_at from notice where ${mine(userId)}
  ${before ? sql`and (created_at, id) < (select n.created_at, n.id from notice n where n.id = ${before}::uuid)` : empty}
  order by created_at desc, id desc limit ${limit}`;

export const markRead = (userId: string, id: string, now: Date): Sql => sql`
  update notice set read_at = coalesce(read_at, ${now}) where id = ${id}::uuid and ${mine(userId)}`;

export const markAllRead = (userId: string, now: Date): Sql => sql`
  update notice set read_at = ${now} where read_at is null and ${mine(userId)}`;
