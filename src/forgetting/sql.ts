import type { Named } from '../kernel/mention.ts';
import { empty, type Sql, sql } from '../platform/db.ts';
import { mayName } from '../platform/mentions.ts';

export const open = (id: string): Sql => sql`
  select told, customer_ids, reviews, created_at from erasure where company_id = current_company() and id = ${id}::uuid and done_at is null`;

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

export interface OwnCampaign {
  id: string;
  name: string;
  body: string;
}

/** Campaigns to these customers and nobody else. A test bears the words of a campaign to others. */
export const ownCampaigns = (customerIds: readonly string[]): Sql => sql`
  select id, name, body from campaign
  where company_id = current_company() and kind <> 'test' and cardinality(customer_ids) > 0 and customer_ids <@ ${[...customerIds]}::uuid[]`;

export const setCampaign = ({ id, name, body }: OwnCampaign): Sql => sql`
  update campaign set name = ${name}, body = ${body}, updated_at = now() where company_id = current_company() and id = ${id}::uuid`;

/** A column in which people or programs write what they like. */
export interface Place {
  table: Sql;
  column: Sql;
  json: boolean;
  /** which rows; of the company they are anyhow */
  which?: Sql;
  /** in which order they are gone through, as an index of them goes */
  order: Order;
}

/** `ofAll`: an index knows them only among those of all companies. */
type Order = 'id' | 'newest' | 'ofAll';

const place = (table: Sql, column: Sql, order: Order = 'id', json = false, which?: Sql): Place => ({
  table,
  column,
  json,
  order,
  ...(which ? { which } : {}),
});

export const OF_COMPANY: readonly Place[] = [
  place(sql`notice`, sql`data`, 'id', true),
  place(sql`import`, sql`file_name`),
  place(sql`bulk`, sql`error`),
  place(sql`export`, sql`error`),
];

// Letters of the portal itself name no company.
const letters = sql`channel = 'email'`;

export const OF_PORTAL: readonly Place[] = [
  place(sql`audit_entry`, sql`subject`, 'newest', true),
  place(sql`job`, sql`last_error`, 'ofAll'),
  place(sql`outbox`, sql`subject`, 'ofAll', false, letters),
  place(sql`outbox`, sql`body`, 'ofAll', false, letters),
  place(sql`outbox`, sql`html`, 'ofAll', false, letters),
  place(sql`outbox`, sql`last_error`, 'ofAll', false, letters),
];

export interface TextRow {
  id: string;
  /** null: it names nobody, and is only the last one of its batch */
  value: unknown;
  last: boolean;
}

/** Of the next `limit` rows those that may name the person, and the last one of them. None: there is no row left. */
export function texts(place: Place, companyId: string, named: Named, after: string | null, limit: number): Sql {
  const { table, column, json, which, order } = place;
  const newest = order === 'newest';
  const [forth, back] = newest ? [sql`at desc, id desc`, sql`at, id`] : [sql`id`, sql`id desc`];
  const beyond = newest
    ? sql`and (at, id) < (select a.at, a.id from ${table} a where a.id = ${after}::uuid)`
    : sql`and id > ${after}::uuid`;
  const theirs = sql`company_id = ${companyId}::uuid`;
  return sql`
    with batch as materialized (
      select id, ${column} as value, ${theirs} ${which ? sql`and ${which}` : empty} as wanted ${newest ? sql`, at` : empty} from ${table}
      where ${order === 'ofAll' ? sql`true` : theirs} ${after === null ? empty : beyond} order by ${forth} limit ${limit}
    ), judged as materialized (
      select id, value, wanted and value is not null and ${mayName(json ? sql`value::text` : sql`value`, named)} as named,
             id = (select id from batch order by ${back} limit 1) as last
      from batch
    )
    select id, case when named then value end as value, last from judged where named or last`;
}

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
