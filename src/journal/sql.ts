import { newId } from '../kernel/id.ts';
import { type Sql, sql } from '../platform/db.ts';

export const KINDS = [
  'silenced',
  'released',
  'refused',
  'erased',
  'launched',
  'keyRevoked',
  'userDisabled',
  'userEnabled',
  'sending',
] as const;

export interface Entry {
  kind: (typeof KINDS)[number];
  /** null: of the portal */
  company: string | null;
  /** ISO 8601 */
  at: string;
  body: Record<string, unknown>;
}

export const take = (object: string, most: number): Sql => sql`
  update journal_entry set object = ${object}::uuid where id = any(array(
    select id from journal_entry where object is null order by id limit ${most} for update skip locked))`;

export const begin = (object: string): Sql => sql`insert into journal_object (id) values (${object}::uuid)`;

// Of others only what a process that has died meanwhile has left: two at once would be in each other's way.
export const unwritten = (own: string): Sql => sql`
  select id from journal_object where written_at is null and (id = ${own}::uuid or at < now() - interval '1 minute') order by id`;

export const entriesOf = (object: string): Sql => sql`
  select kind, company_id as company, to_json(at) #>> '{}' as at, body from journal_entry where object = ${object}::uuid order by at, id`;

export const written = (object: string): Sql => sql`
  update journal_object set written_at = now() where id = ${object}::uuid and written_at is null`;

export const dropEntries = (object: string): Sql => sql`delete from journal_entry where object = ${object}::uuid`;

export const known = (ids: readonly string[]): Sql =>
  sql`select id from journal_object where id = any(${[...ids]}::uuid[])`;

export const adopt = (ids: readonly string[]): Sql => sql`
  insert into journal_object (id, written_at) select id, now() from unnest(${[...ids]}::uuid[]) id on conflict do nothing`;

export const note = (kind: Entry['kind']): Sql => sql`
  insert into journal_entry (id, kind) values (${newId()}::uuid, ${kind})`;

// Which server, which database in it, and after how many promotions: a backup that is restored, but for a copied folder, is elsewhere.
export const PLACE = sql`
  concat_ws(':', (select system_identifier from pg_control_system()), (select oid from pg_database where datname = current_database()),
            (select timeline_id from pg_control_checkpoint()))`;

export const holdElsewhere = (): Sql => sql`
  insert into portal_setting (name, value) select 'restored', to_jsonb(now()) from portal_setting p
  where p.name = 'database.place' and p.value #>> '{}' <> ${PLACE} on conflict (name) do nothing`;
