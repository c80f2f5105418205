import { empty, type Sql, sql } from '../platform/db.ts';

interface Entry {
  id: string;
  companyId: string | null;
  userId: string | null;
  action: string;
  subject: object;
}

export const insert = ({ id, companyId, userId, action, subject }: Entry): Sql => sql`
  insert into audit_entry (id, company_id, user_id, action, subject)
  values (${id}::uuid, ${companyId}::uuid, ${userId}::uuid, ${action}, ${JSON.stringify(subject)}::jsonb)`;

export interface EntryRow {
  id: string;
  at: Date;
  action: string;
  subject: Record<string, unknown>;
  /** null: the operator, a program, or a user who is gone */
  user: string | null;
  company: string | null;
}

// The place of the last one is looked up by its id: its time, as it would stand in an address, has lost its microseconds.
export const list = (limit: number, before: string | null): Sql => sql`
  select a.id, a.at, a.action, a.subject, u.email as user, c.name as company
  from audit_entry a left join app_user u on u.id = a.user_id left join company c on c.id = a.company_id
  ${before ? sql`where (a.at, a.id) < (select b.at, b.id from audit_entry b where b.id = ${before}::uuid)` : empty}
  order by a.at desc, a.id desc limit ${limit}`;
