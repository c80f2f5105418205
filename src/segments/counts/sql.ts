import { join, type Sql, sql } from '../../platform/db.ts';
import { kept } from '../../platform/plans.ts';

// One walk over a few rows for each day on which somebody was last active; a customer without any activity stands under 'none'.
export const presetCounts = (recentSince: string): Sql =>
  kept(sql`
  select coalesce(sum(customers), 0)::bigint as all,
         coalesce(sum(customers) filter (where day >= ${recentSince}::date and class = 'one'), 0)::bigint as new,
         coalesce(sum(customers) filter (where day >= ${recentSince}::date and class = 'more'), 0)::bigint as loyal,
         coalesce(sum(customers) filter (where day < ${recentSince}::date and class <> 'none'), 0)::bigint as inactive
  from activity_rollup`);

export const count = (where: Sql): Sql => sql`select count(*) as total from customer c where c.listed and ${where}`;

/** All of them on one walk over the customers. */
export const counts = (wheres: readonly Sql[]): Sql => sql`
  select array[${join(wheres.map((where) => sql`count(*) filter (where ${where})`))}]::bigint[] as totals
  from customer c where c.listed`;

export interface MaskRow {
  /** for each segment whether these customers are in it */
  inside: boolean[];
  active: boolean;
  customers: bigint;
}

/** How many customers are in the same ones of these segments: every overlap and every hole can be read from that. */
export const masks = (wheres: readonly Sql[]): Sql => sql`
  select inside, active, count(*) as customers from (
    select array[${join(wheres.map((where) => sql`coalesce(${where}, false)`))}] as inside, c.activities_count > 0 as active
    from customer c where c.listed
  ) m group by inside, active`;
