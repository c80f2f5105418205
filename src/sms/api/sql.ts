import { type Sql, sql } from '../../platform/db.ts';

export const lock = (companyId: string, externalId: string): Sql => sql`
  select pg_advisory_xact_lock(hashtextextended('campaign ' || ${companyId}::text || ' ' || ${externalId}::text, 0)) is null as taken`;

export const byExternalId = (externalId: string): Sql => sql`
  select id from campaign where company_id = current_company() and external_id = ${externalId}`;

export const setExternalId = (id: string, externalId: string): Sql => sql`
  update campaign set external_id = ${externalId} where company_id = current_company() and id = ${id}::uuid`;

export interface FrozenRow {
  reason: string | null;
  count: number;
  parts: bigint;
}

// What was skipped at the launch was settled in the transaction that made it; what is skipped later was a recipient then. Rows of a
// fallback came later.
export const frozen = (id: string): Sql => sql`
  select case when state = 'skipped' and settled_at = created_at then reason end as reason, count(*)::int as count,
         sum(parts)::bigint as parts
  from delivery where company_id = current_company() and campaign_id = ${id}::uuid and first_id is null group by 1`;

/** Where each leads in the end, over merges of merges; none for one that was deleted or never was. */
export const survivors = (ids: readonly string[]): Sql => sql`
  with recursive way as (
    select c.id as origin, c.id, c.merged_into, c.listed from customer c
    where c.company_id = current_company() and c.id = any(${[...ids]}::uuid[])
    union
    select w.origin, c.id, c.merged_into, c.listed
    from way w join customer c on c.company_id = current_company() and c.id = w.merged_into
  )
  select origin as id, id as survivor from way where listed`;
