import { type Sql, sql } from '../platform/db.ts';

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
