import { type Sql, sql } from '../../platform/db.ts';

// So many at a time, by the index of those that nobody has looked at.
export const unread = (companyId: string, most: number): Sql => sql`
  select value from contact where company_id = ${companyId}::uuid and kind = 'phone' and mobile is null limit ${most}`;

/** `phones`: [{value, mobile, country}] as JSON */
export const setTraits = (companyId: string, phones: string): Sql => sql`
  update contact k set mobile = r.mobile, country = r.country
  from json_to_recordset(${phones}::json) as r (value text, mobile boolean, country text)
  where k.company_id = ${companyId}::uuid and k.kind = 'phone' and k.value = r.value`;
