import { empty, type Sql, sql } from '../../platform/db.ts';
import type { Difference } from './difference.ts';

/** `rows`: [{id, customer_id, user_id, action, changes}] */
export const insert = (companyId: string, rows: string): Sql => sql`
  insert into customer_change (company_id, id, customer_id, user_id, action, changes, at)
  select ${companyId}::uuid, id, customer_id, user_id, action, changes, clock_timestamp()
  from json_to_recordset(${rows}::json) as r (id uuid, customer_id uuid, user_id uuid, action text, changes jsonb)`;

export interface ChangeRow {
  id: string;
  action: string;
  changes: Difference[];
  at: Date;
  /** null: a program, or a user who is gone */
  user_name: string | null;
}

// Also what was done to customers that are this one now. The place of the last one is looked up by its id: its time, as it would
// stand in an address, has lost its microseconds.
export const ofCustomer = (customerId: string, limit: number, before: string | null): Sql => sql`
  select h.id, h.action, h.changes, h.at, u.name as user_name
  from customer_change h left join app_user u on u.id = h.user_id
  where h.company_id = current_company() and h.customer_id in (
      select ${customerId}::uuid
      union all
      select c.id from customer c where c.company_id = current_company() and c.merged_into = ${customerId}::uuid)
    ${before ? sql`and (h.at, h.id) < (select b.at, b.id from customer_change b where b.company_id = current_company() and b.id = ${before}::uuid)` : empty}
  order by h.at desc, h.id desc limit ${limit}`;
