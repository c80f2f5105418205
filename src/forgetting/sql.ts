import type { Named } from '../kernel/mention.ts';
import { empty, type Sql, sql } from '../platform/db.ts';
import { mayName } from '../platform/mentions.ts';

export const open = (id: string): Sql => sql`
  select told, reviews, created_at from erasure where company_id = current_company() and id = ${id}::uuid and done_at is null`;

export const done = (id: string): Sql => sql`
  update erasure set told = null, done_at = now() where company_id = current_company() and id = ${id}::uuid`;

export const WITH_FILTER = ['export', 'bulk', 'campaign', 'segment'] as const;
type WithFilter = (typeof WITH_FILTER)[number];

const TABLES: Readonly<Record<WithFilter, Sql>> = {
  export: sql`export`,
  bulk: sql`bulk`,
  campaign: sql`campaign`,
  segment: sql`segment`,
};

export const filters = (table: WithFilter, named: Named): Sql => sql`
  select id, filter as text from ${TABLES[table]} where company_id = current_company() and filter <> '' and ${mayName(sql`filter`, named)}`;

export const setFilter = (table: WithFilter, id: string, filter: string): Sql => sql`
  update ${TABLES[table]} set filter = ${filter} where company_id = current_company() and id = ${id}::uuid`;

/** A column in which people or programs write what they like. */
export interface Place {
  table: Sql;
  column: Sql;
  json: boolean;
  /** which rows; of the company they are anyhow */
  which?: Sql;
}

const place = (table: Sql, column: Sql, json = false, which?: Sql): Place => ({
  table,
  column,
  json,
  ...(which ? { which } : {}),
});

export const OF_COMPANY: readonly Place[] = [
  place(sql`notice`, sql`data`, true),
  place(sql`import`, sql`file_name`),
  place(sql`campaign`, sql`name`),
  place(sql`campaign`, sql`body`),
  place(sql`bulk`, sql`error`),
  place(sql`export`, sql`error`),
];

// Letters of the portal itself name no company.
const letters = sql`channel = 'email'`;

export const OF_PORTAL: readonly Place[] = [
  place(sql`audit_entry`, sql`subject`, true),
  place(sql`job`, sql`last_error`),
  place(sql`outbox`, sql`subject`, false, letters),
  place(sql`outbox`, sql`body`, false, letters),
  place(sql`outbox`, sql`html`, false, letters),
  place(sql`outbox`, sql`last_error`, false, letters),
];

export const texts = ({ table, column, json, which }: Place, companyId: string, named: Named): Sql => sql`
  select id, ${column} as value from ${table}
  where company_id = ${companyId}::uuid and ${column} is not null ${which ? sql`and ${which}` : empty}
    and ${mayName(json ? sql`${column}::text` : column, named)}`;

export const setText = ({ table, column, json }: Place, companyId: string, id: string, value: unknown): Sql => {
  const text = json ? sql`${JSON.stringify(value)}::jsonb` : sql`${String(value)}`;
  return sql`update ${table} set ${column} = ${text} where company_id = ${companyId}::uuid and id = ${id}::uuid`;
};

/** Texts of the company to the numbers, by whatever channel. */
export const dropTextsTo = (companyId: string, phones: readonly string[]): Sql => sql`
  delete from outbox where company_id = ${companyId}::uuid and channel <> 'email' and address = any(${[...phones]}::text[])`;

export const ownReviews = (keys: readonly string[]): Sql => sql`
  select id from own_review where company_id = current_company() and phone_key = any(${[...keys]}::text[])`;

// A bad word may not be empty.
export const blankRevisions = (ids: readonly string[]): Sql => sql`
  update review_revision set text = '…', answer = null where company_id = current_company() and review_id = any(${[...ids]}::uuid[])`;

export const blankOwn = (ids: readonly string[]): Sql => sql`
  update own_review set phone_key = '', phone_hint = '', known_as = '{}' where company_id = current_company() and id = any(${[...ids]}::uuid[])`;

// Who looked cannot be taken back by a company itself.
export const dropLooks = (companyId: string, keys: readonly string[]): Sql => sql`
  delete from review_look where company_id = ${companyId}::uuid and phone_key = any(${[...keys]}::text[])`;

export const blankPublished = (ids: readonly string[]): Sql => sql`
  update review set text = '', signed_as = null, phone_key = '', phone_hint = '', known_as = '{}', withdrawn_at = coalesce(withdrawn_at, now())
  where id = any(${[...ids]}::uuid[])`;

export const blankCases = (ids: readonly string[]): Sql => sql`
  update moderation_case set phone_key = '', answer = null where review_id = any(${[...ids]}::uuid[])`;
