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

export const insertSms = (
  id: string,
  companyId: string | null,
  { to, text, expiresAt }: { to: string; text: string; expiresAt: Date | null },
): Sql => sql`
  insert into outbox (id, company_id, channel, address, body, expires_at)
  values (${id}::uuid, ${companyId}::uuid, 'sms', ${to}, ${text}, ${expiresAt}::timestamptz)`;

/** Texts of a company that go by channels which are not set up. */
export const insertKept = (companyId: string, kept: readonly Kept[]): Sql => sql`
  insert into outbox (id, company_id, channel, address, body, state)
  select n.id, ${companyId}::uuid, n.channel, n.address, n.body, 'kept'
  from unnest(${kept.map(({ id }) => id)}::uuid[], ${kept.map(({ channel }) => channel)}::text[],
              ${kept.map(({ address }) => address)}::text[], ${kept.map(({ body }) => body)}::text[]) as n (id, channel, address, body)`;

export const forget = (phones: readonly string[]): Sql => sql`
  delete from outbox where company_id = current_company() and channel <> 'email' and address = any(${[...phones]}::text[])`;

export interface Kept {
  id: string;
  channel: Exclude<Channel, 'email'>;
  /** E.164 */
  address: string;
  body: string;
}

export interface WaitingSms {
  address: string;
  body: string;
  attempts: bigint;
  expires_at: Date | null;
}

// Marked before the call, as if it had failed already: a process that ends in the middle leaves these words, and nobody sends it again.
export const beginSms = (id: string, error: string): Sql => sql`
  update outbox set state = 'failed', last_error = ${error}, attempts = attempts + 1
  where id = ${id}::uuid and channel = 'sms' and state = 'waiting' returning address, body, attempts, expires_at`;

// What is not tried again needs no text any more: it may hold a code.
export const endSms = (id: string, state: State, error: string | null): Sql => sql`
  update outbox set state = ${state}, last_error = ${error}, sent_at = case when ${state} = 'sent' then now() end,
         body = case when ${state} = 'waiting' then body else '' end
  where id = ${id}::uuid and channel = 'sms' and state = 'failed'`;

// One whose job ended, however that came: nobody will send it.
export const giveUpSms = (id: string, error: string): Sql => sql`
  update outbox set state = 'failed', last_error = ${error}, body = ''
  where id = ${id}::uuid and channel = 'sms' and (state = 'waiting' or (state = 'failed' and body <> ''))`;

export interface Waiting {
  address: string;
  subject: string;
  body: string;
  html: string | null;
}

export const waiting = (id: string): Sql => sql`
  select address, subject, body, html from outbox where id = ${id}::uuid and channel = 'email' and state = 'waiting'`;

// Only a waiting letter changes: whoever comes second, with whatever news, changes nothing.
export const settle = (id: string, state: State, error: string | null): Sql => sql`
  update outbox set state = ${state}, last_error = ${error}, attempts = attempts + 1,
         sent_at = case when ${state} = 'sent' then now() end
  where id = ${id}::uuid and state = 'waiting'`;

export const clear = (channel: Channel, days: number): Sql => sql`
  delete from outbox where channel = ${channel} and state <> 'waiting' and coalesce(sent_at, created_at) < now() - ${days} * interval '1 day'`;

export type Channel = 'email' | 'sms' | 'viber' | 'messenger';

export interface LetterRow {
  id: string;
  channel: Channel;
  address: string;
  subject: string;
  body: string;
  state: State;
  last_error: string | null;
  created_at: Date;
}

// The place of the last letter is looked up by its id: its time, as it would stand in an address, has lost its microseconds.
export const list = (channels: readonly Channel[], limit: number, before: string | null): Sql => sql`
  select id, channel, address, subject, body, state, last_error, created_at from outbox where channel = any(${[...channels]}::text[]) and state in ('waiting', 'kept')
  ${before ? sql`and (created_at, id) < (select o.created_at, o.id from outbox o where o.id = ${before}::uuid)` : empty}
  order by created_at desc, id desc limit ${limit}`;

export interface TroubleRow {
  id: string;
  channel: Channel;
  address: string;
  subject: string;
  state: 'waiting' | 'failed';
  last_error: string | null;
  attempts: number;
  created_at: Date;
}

export const trouble = (limit: number, before: string | null): Sql => sql`
  select id, channel, address, subject, state, last_error, attempts::int as attempts, created_at from outbox
  where state in ('waiting', 'failed') and last_error is not null
  ${before ? sql`and (created_at, id) < (select o.created_at, o.id from outbox o where o.id = ${before}::uuid)` : empty}
  order by created_at desc, id desc limit ${limit}`;
