import { join, type Sql, sql } from '../../platform/db.ts';

/** Which of these conditions, over the alias `c`, hold for one customer: each is asked of that row alone. */
export const holds = (customerId: string, conditions: readonly Sql[]): Sql => sql`
  select array[${join(
    conditions.map(
      (condition) => sql`exists (
        select from customer c where c.company_id = current_company() and c.id = ${customerId}::uuid and (${condition}))`,
    ),
  )}] as holds`;
