import { type Sql, sql } from '../platform/db.ts';

// Of several processes that start at once, one makes companies and users.
export const lockDemo = (): Sql => sql`select pg_advisory_xact_lock(hashtextextended('demo', 0))::text`;

export const countUsers = (): Sql => sql`select count(*)::int as users from app_user`;
