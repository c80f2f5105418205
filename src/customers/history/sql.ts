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

/** Of whom the history is: also of customers that are this one now. */
const whose = (customerId: string): Sql => sql`
  select ${customerId}::uuid
  union all
  select c.id from customer c where c.company_id = current_company() and c.merged_into = ${customerId}::uuid`;

const tagged = (before: Sql, after: Sql): Sql =>
  sql`jsonb_build_array(jsonb_build_object('field', 'tags', 'before', ${before}, 'after', ${after}))`;

// Done to so many at once that each history would be a row too much. What was undone, or is too old to be, is not told any more.
const inBulk = (customerId: string, written: number): Sql => sql`
  select b.id, 'tagged', ${tagged(sql`null`, sql`b.tag_name`)}, min(g.at), b.user_id
  from customer_tag g join bulk b on b.company_id = g.company_id and b.id = g.bulk_id
  where g.company_id = current_company() and g.customer_id in (${whose(customerId)}) and ${isBig(written)} group by b.company_id, b.id
  union all
  select b.id, 'untagged', ${tagged(sql`b.tag_name`, sql`null`)}, coalesce(b.finished_at, b.created_at), b.user_id
  from bulk b
  where b.company_id = current_company() and b.action = 'untag' and ${isBig(written)} and b.id in (
    select h.bulk_id from bulk_change h where h.company_id = current_company() and h.customer_id in (${whose(customerId)}))`;

const isBig = (written: number): Sql => sql`coalesce(cardinality(b.customer_ids) > ${written}, true)`;

// The place of the last one is looked up by its id: its time, as it would stand in an address, has lost its microseconds. `written`: up
// to so many at once are told of by what was written.
export const ofCustomer = (customerId: string, limit: number, before: string | null, written: number): Sql => sql`
  with told (id, action, changes, at, user_id) as (
    select h.id, h.action, h.changes, h.at, h.user_id from customer_change h
    where h.company_id = current_company() and h.customer_id in (${whose(customerId)})
    union all ${inBulk(customerId, written)}
  )
  select h.id, h.action, h.changes, h.at, u.name as user_name
  from told h left join app_user u on u.id = h.user_id
  ${before ? sql`where (h.at, h.id) < (select b.at, b.id from told b where b.id = ${before}::uuid)` : empty}
  order by h.at desc, h.id desc limit ${limit}`;
