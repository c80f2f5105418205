import { type Sql, sql } from '../../platform/db.ts';

// By their ids alone: joined to the rows, all customers of a young company would be read.
export const notes = (ids: string[], rows: string): Sql => sql`
  update customer c set note = case when c.note = '' then coalesce(r.note, '') else c.note end,
         other_channels = case when c.other_channels = '' then coalesce(r.channels, '') else c.other_channels end,
         version = c.version + 1, updated_at = clock_timestamp()
  from json_to_recordset(${rows}::json) as r (customer_id uuid, note text, channels text)
  where c.company_id = current_company() and c.id = any(${ids}::uuid[]) and c.id = r.customer_id`;

export const tag = (companyId: string, userId: string | null, rows: string): Sql => sql`
  insert into customer_tag (company_id, customer_id, tag_id, user_id)
  select distinct ${companyId}::uuid, customer_id, tag_id, ${userId}::uuid
  from json_to_recordset(${rows}::json) as r (customer_id uuid, tag_id uuid)
  on conflict do nothing`;
