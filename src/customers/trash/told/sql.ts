import { each, type Sql, sql } from '../../../platform/db.ts';

/** Whom it is about: the customers, all that were ever merged into them, and what they ordered or wrote. */
export interface Whose {
  ids: readonly string[];
  family: readonly string[];
  arrivalIds: readonly string[];
}

export const contactsOf = (companyId: string, { ids, family, arrivalIds }: Whose): Sql => sql`
  select distinct t.kind, t.value from (
    select kind, value from trash_contact where company_id = ${companyId}::uuid and customer_id in ${each(ids)}
    union all
    select kind, value from evidence where company_id = ${companyId}::uuid and arrival_id in ${each(arrivalIds)}
  ) t
  where not exists (
    select from contact k where k.company_id = ${companyId}::uuid and k.kind = t.kind and k.value = t.value
      and k.customer_id not in ${each(family)})`;

export const namesOf = (companyId: string, { family, arrivalIds }: Whose): Sql => sql`
  select distinct name from (
    select name from customer where company_id = ${companyId}::uuid and id in ${each(family)}
    union all
    select name from arrival where company_id = ${companyId}::uuid and id in ${each(arrivalIds)}
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

export const retell = (id: string, told: string): Sql => sql`
  update erasure set told = ${told}::jsonb where company_id = current_company() and id = ${id}::uuid and done_at is null`;
