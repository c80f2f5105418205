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

export interface Quiet {
  quiet_hours: string | null;
}

export const quietHours = (): Sql => sql`select quiet_hours from company where id = current_company()`;
