import { type Sql, sql } from '../../platform/db.ts';
import type { Left } from './found/count.ts';

export type Kind = 'copy' | 'erasure';

export interface RequestRow {
  id: string;
  kind: Kind;
  state: 'waiting' | 'running' | 'done' | 'failed';
  outcome: Partial<Counts>;
  file_key: string | null;
  created_at: Date;
  done_at: Date | null;
  expires_at: Date | null;
}

/** What was found of a number, over all companies. */
export interface Counts {
  companies: number;
  orders: number;
  messages: number;
  feedback: number;
  imported: number;
  /** what companies keep as it was, because it may be somebody else's */
  left: Left[];
}

export const latest = (phoneKey: string): Sql => sql`
  select distinct on (kind) id, kind, state, outcome, file_key, created_at, done_at, expires_at
  from person_request where phone_key = ${phoneKey} order by kind, created_at desc, id desc`;

// Of one number at a time: two clicks write one objection, one request.
export const lockNumber = (phoneKey: string): Sql =>
  sql`select pg_advisory_xact_lock(hashtextextended('about ' || ${phoneKey}, 0))::text`;

export const insert = (id: string, kind: Kind, phoneKey: string, phone: string, now: Date): Sql => sql`
  insert into person_request (id, phone_key, phone, kind, created_at)
  select ${id}::uuid, ${phoneKey}, ${phone}, ${kind}, ${now}::timestamptz
  where not exists (
    select from person_request where phone_key = ${phoneKey} and kind = ${kind} and state in ('waiting', 'running'))
  returning id`;

export interface Begun {
  kind: Kind;
  phone: string;
  phone_key: string;
  created_at: Date;
}

export const begin = (id: string): Sql => sql`
  update person_request set state = 'running' where id = ${id}::uuid and state in ('waiting', 'running') and phone is not null
  returning kind, phone, phone_key, created_at`;

export interface Ending {
  state: 'done' | 'failed';
  outcome: object;
  fileKey: string | null;
  now: Date;
  expiresAt: Date | null;
}

// The number has done its service.
export const end = (id: string, { state, outcome, fileKey, now, expiresAt }: Ending): Sql => sql`
  update person_request set state = ${state}, phone = null, outcome = ${JSON.stringify(outcome)}::jsonb, file_key = ${fileKey},
         done_at = ${now}::timestamptz, expires_at = ${expiresAt}::timestamptz
  where id = ${id}::uuid and state = 'running'`;

export const file = (phoneKey: string, now: Date): Sql => sql`
  select id, file_key, done_at from person_request
  where phone_key = ${phoneKey} and kind = 'copy' and state = 'done' and file_key is not null and expires_at > ${now}::timestamptz
  order by created_at desc, id desc limit 1`;

export interface Copy {
  id: string;
  file_key: string;
}

/** Copies of what companies keep of the number, that were made and not thrown away yet. */
export const copies = (phoneKey: string): Sql => sql`
  select id, file_key from person_request where phone_key = ${phoneKey} and kind = 'copy' and file_key is not null`;

// A copy that was being made meanwhile may hold what is erased by now.
export const erasedSince = (phoneKey: string, at: Date): Sql => sql`
  select from person_request
  where phone_key = ${phoneKey} and kind = 'erasure' and state = 'done' and done_at >= ${at}::timestamptz limit 1`;

export const expired = (now: Date): Sql => sql`
  select id, file_key from person_request where file_key is not null and expires_at <= ${now}::timestamptz`;

export const dropFiles = (ids: readonly string[]): Sql => sql`
  update person_request set file_key = null where id = any(${[...ids]}::uuid[])`;

// Texts to the number that are still kept or on their way, by whatever channel.
export const dropSms = (phone: string): Sql => sql`delete from outbox where channel <> 'email' and address = ${phone}`;
