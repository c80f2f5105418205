import { PLACE } from '../journal/journal.ts';
import { type Sql, sql } from '../platform/db.ts';

export const facts = (): Sql => sql`
  select ${PLACE} as place,
         (select value #>> '{}' from portal_setting where name = 'database.place') as known,
         not exists (select from company) as empty,
         exists (select from delivery) or exists (select from outbox where state = 'sent') as used`;

export const setPlace = (place: string): Sql => sql`
  insert into portal_setting (name, value) values ('database.place', to_jsonb(${place}::text))
  on conflict (name) do update set value = excluded.value, updated_at = now() where portal_setting.value <> excluded.value`;

export const hold = (now: Date): Sql => sql`
  insert into portal_setting (name, value) values ('restored', to_jsonb(${now.toISOString()}::text)) on conflict (name) do nothing`;

export const held = (): Sql => sql`select value #>> '{}' as since from portal_setting where name = 'restored'`;

export const release = (): Sql => sql`delete from portal_setting where name = 'restored'`;

/** Campaigns that were held. */
export const going = (): Sql => sql`
  select id from campaign where company_id = current_company() and state in ('scheduled', 'sending') order by id`;

// Sessions in Redis are newer than the backup, and an ended one would find its sign-in again.
export const endSessions = (): Sql => sql`delete from session`;
export const endSignIns = (): Sql => sql`delete from sign_in`;

const REASON = 'the database was restored: it is not known whether it was sent, so it is not sent again';

// A letter, a code, or a word to a person, that may have left since. A letter keeps its text, as every one that failed.
export const endTexts = (since: Date): Sql => sql`
  update outbox set state = 'failed', last_error = ${REASON}, body = case when channel = 'email' then body else '' end
  where state = 'waiting' and created_at <= ${since}::timestamptz`;

// Whoever looks at it may have it run again.
export const endJobs = (names: readonly string[], since: Date): Sql => sql`
  update job set due_at = 'infinity', leased_until = null, last_error = ${REASON}
  where name = any(${[...names]}::text[]) and due_at < 'infinity' and created_at <= ${since}::timestamptz`;

export const revokeKey = (id: string): Sql => sql`
  update api_key set revoked_at = now() where id = ${id}::uuid and revoked_at is null`;

export const enableUser = (id: string): Sql => sql`
  update app_user set disabled_at = null where id = ${id}::uuid and disabled_at is not null`;

export const disableUser = (id: string): Sql => sql`
  update app_user set disabled_at = now() where id = ${id}::uuid and disabled_at is null`;

/** Of these customers those of whom something is left. */
export const there = (ids: readonly string[]): Sql => sql`
  select id, deleted_at is not null as deleted from customer
  where company_id = current_company() and id = any(${[...ids]}::uuid[]) and merged_into is null and (listed or trash is not null)`;

export const phonesOf = (keys: readonly string[]): Sql => sql`
  select distinct value from contact where company_id = current_company() and kind = 'phone' and phone_key = any(${[...keys]}::text[])`;

export const cancelDraft = (id: string): Sql => sql`
  update campaign set state = 'cancelled', finished_at = now(), updated_at = now()
  where company_id = current_company() and id = ${id}::uuid and state = 'draft'`;

// Whoever posts it again is answered by the one that was launched already, of which only that is known.
export const tombstone = (id: string, externalId: string): Sql => sql`
  insert into campaign (company_id, id, external_id, name, body, state, finished_at)
  values (current_company(), ${id}::uuid, ${externalId}, '…', '…', 'cancelled', now()) on conflict do nothing`;
