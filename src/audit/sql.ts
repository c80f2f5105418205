import { empty, join, type Sql, sql } from '../platform/db.ts';

interface Entry {
  id: string;
  companyId: string | null;
  userId: string | null;
  action: string;
  subject: object;
  subjectId: string | null;
}

export const insert = ({ id, companyId, userId, action, subject, subjectId }: Entry): Sql => sql`
  insert into audit_entry (id, company_id, user_id, action, subject, subject_id)
  values (${id}::uuid, ${companyId}::uuid, ${userId}::uuid, ${action}, ${JSON.stringify(subject)}::jsonb, ${subjectId}::uuid)`;

export interface EntryRow {
  id: string;
  at: Date;
  action: string;
  subject: Record<string, unknown>;
  /** null: the operator, a program, a user who is gone, or one whom the reader's company does not know */
  user: string | null;
  /** whether a person did it, known or not */
  by_person: boolean;
  company: string | null;
}

/** Only what is named counts. */
export interface Conditions {
  userId?: string | undefined;
  action?: string | undefined;
  companyId?: string | undefined;
  subjectId?: string | undefined;
  from?: Date | undefined;
  until?: Date | undefined;
}

// The place of the last one is looked up by its id: its time, as it would stand in an address, has lost its microseconds. Each
// condition has an index that ends in time and id, so that a page is a short walk down one of them, however long the log is.
export const list = (conditions: Conditions, limit: number, before: string | null): Sql => sql`
  select a.id, a.at, a.action, a.subject, u.email as user, a.user_id is not null as by_person, c.name as company
  from (select * from audit_entry a ${where(conditions, before)} order by a.at desc, a.id desc limit ${limit}) a
  left join app_user u on u.id = a.user_id left join company c on c.id = a.company_id
  order by a.at desc, a.id desc`;

function where({ userId, action, companyId, subjectId, from, until }: Conditions, before: string | null): Sql {
  const wanted = [
    userId && sql`a.user_id = ${userId}::uuid`,
    action && sql`a.action = ${action}`,
    companyId && sql`a.company_id = ${companyId}::uuid`,
    subjectId && sql`a.subject_id = ${subjectId}::uuid`,
    from && sql`a.at >= ${from}::timestamptz`,
    until && sql`a.at < ${until}::timestamptz`,
    before && sql`(a.at, a.id) < (select b.at, b.id from audit_entry b where b.id = ${before}::uuid)`,
  ].filter((condition) => condition instanceof Object);
  return wanted.length > 0 ? sql`where ${join(wanted, ' and ')}` : empty;
}

export const userByEmail = (email: string): Sql => sql`select id from app_user where email = ${email}`;

export const companyBySlug = (slug: string): Sql => sql`select id from company where slug = ${slug}`;
