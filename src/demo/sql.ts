import { type Sql, sql } from '../platform/db.ts';

// Of several processes that start at once, one makes companies and users.
export const lockDemo = (): Sql => sql`select pg_advisory_xact_lock(hashtextextended('demo', 0))::text`;

/** Customers that dealt here, the latest first, with one number of each. */
export const numbersByLatest = (): Sql => sql`
  select distinct on (c.latest_at, c.id) c.id as customer, k.value as phone
  from customer c
  join contact k on k.company_id = c.company_id and k.customer_id = c.id and k.kind = 'phone'
  join dealing d on d.company_id = k.company_id and d.phone_key = k.phone_key
  where c.company_id = current_company() and c.listed
  order by c.latest_at desc, c.id, k.position`;

export const decided = (caseId: string, now: Date): Sql => sql`
  update moderation_case set decision = 'published', decided_at = ${now}::timestamptz where id = ${caseId}::uuid`;

export const countUsers = (): Sql => sql`select count(*)::int as users from app_user`;
