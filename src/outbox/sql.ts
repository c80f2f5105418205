import { empty, type Sql, sql } from '../platform/db.ts';

export type State = 'waiting' | 'kept' | 'sent' | 'failed';

interface NewLetter {
  id: string;
  companyId: string | null;
  to: string;
  subject: string;
  text: string;
  html?: string;
}

export const insert = ({ id, companyId, to, subject, text, html }: NewLetter): Sql => sql`
  insert into outbox (id, company_id, channel, address, subject, body, html)
  values (${id}::uuid, ${companyId}::uuid, 'email', ${to}, ${subject}, ${text}, ${html ?? null})`;

export interface Waiting {
  address: string;
  subject: string;
  body: string;
  html: string | null;
}

export const waiting = (id: string): Sql => sql`
  select address, subject, body, html from outbox where id = ${id}::uuid and state = 'waiting'`;

// Only a waiting letter changes: whoever comes second, with whatever news, changes nothing.
export const settle = (id: string, state: State, error: string | null): Sql => sql`
  update outbox set state = ${state}, last_error = ${error}, attempts = attempts + 1,
         sent_at = case when ${state} = 'sent' then now() end
  where id = ${id}::uuid and state = 'waiting'`;

export const clear = (days: number): Sql => sql`
  delete from outbox where state <> 'waiting' and coalesce(sent_at, created_at) < now() - ${days} * interval '1 day'`;

export interface LetterRow {
  id: string;
  address: string;
  subject: string;
  body: string;
  state: State;
  last_error: string | null;
  created_at: Date;
}

// The place of the last letter is looked up by its id: its time, as it would stand in an address, has lost its microseconds.
export const list = (limit: number, before: string | null): Sql => sql`
  select id, address, subject, body, state, last_error, created_at from outbox where state in ('waiting', 'kept')
  ${before ? sql`and (created_at, id) < (select o.created_at, o.id from outbox o where o.id = ${before}::uuid)` : empty}
  order by created_at desc, id desc limit ${limit}`;
