import { type Sql, sql } from '../../platform/db.ts';

export interface PhoneRow {
  value: string;
  phone_key: string | null;
  /** null: not looked at yet */
  mobile: boolean | null;
}

export const phones = (customerId: string): Sql => sql`
  select value, phone_key, mobile from contact
  where company_id = current_company() and customer_id = ${customerId}::uuid and kind = 'phone'
  order by position, created_at, value`;

export const ticked = (ids: readonly string[]): Sql => sql`c.listed and c.id = any(${[...ids]}::uuid[])`;

/** Those of these customers who are among the chosen; `chosen`: over the alias `c` of table customer. */
export const chosenOf = (ids: readonly string[], chosen: Sql): Sql => sql`
  select c.id from customer c where c.company_id = current_company() and c.id = any(${[...ids]}::uuid[]) and ${chosen}`;

/** One who is found and chosen. */
export const firstOf = (found: Sql, chosen: Sql): Sql => sql`
  select c.id from customer c where c.company_id = current_company() and ${found} and ${chosen} order by c.id limit 1`;

export interface Quiet {
  quiet_hours: string | null;
}

export const quietHours = (): Sql => sql`select quiet_hours from company where id = current_company()`;
