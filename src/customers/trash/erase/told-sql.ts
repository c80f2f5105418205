import { type Sql, sql } from '../../../platform/db.ts';

const family = (companyId: string, ids: readonly string[]): Sql => sql`
  select c.id from customer c
  where c.company_id = ${companyId}::uuid and (c.id = any(${[...ids]}::uuid[]) or c.merged_into = any(${[...ids]}::uuid[]))`;

export const contactsOf = (companyId: string, ids: readonly string[], arrivalIds: readonly string[]): Sql => sql`
  select distinct t.kind, t.value from (
    select kind, value from trash_contact where company_id = ${companyId}::uuid and customer_id = any(${[...ids]}::uuid[])
    union all
    select kind, value from evidence where company_id = ${companyId}::uuid and arrival_id = any(${[...arrivalIds]}::uuid[])
  ) t
  where not exists (
    select from contact k where k.company_id = ${companyId}::uuid and k.kind = t.kind and k.value = t.value
      and k.customer_id not in (${family(companyId, ids)}))`;

export const namesOf = (companyId: string, ids: readonly string[], arrivalIds: readonly string[]): Sql => sql`
  select distinct name from (
    select name from customer where company_id = ${companyId}::uuid and id in (${family(companyId, ids)})
    union all
    select name from arrival where company_id = ${companyId}::uuid and id = any(${[...arrivalIds]}::uuid[])
  ) n where name <> ''`;

interface NewErasure {
  id: string;
  companyId: string;
  customerIds: readonly string[];
  keys: readonly string[];
  reviews: boolean;
  /** JSON */
  told: string;
}

export const insert = ({ id, companyId, customerIds, keys, reviews, told }: NewErasure): Sql => sql`
  insert into erasure (company_id, id, customer_ids, keys, reviews, told)
  values (${companyId}::uuid, ${id}::uuid, ${[...customerIds]}::uuid[], ${[...keys]}::text[], ${reviews}, ${told}::jsonb)`;
