import { join, type Sql, sql } from '../../platform/db.ts';
import type { Company } from '../../tenancy/company.ts';
import { NO_GSM } from './parts.ts';
import { BEFORE_PATRONYMIC, INITIALS, SPACES, tidy } from './render.ts';
import type { Field, Template } from './template.ts';

/** The text as the customer of alias `c` gets it; `link`: where that one says no. The same as `render`. */
export function bodyOf(template: Template, company: Company, link: Sql): Sql {
  if (template.length === 0) return sql`''`;
  const values: Readonly<Record<Field, Sql>> = {
    name: tidied(sql`c.name`),
    first_name: firstName(tidied(sql`c.name`)),
    company: sql`${tidy(company.name)}::text`,
    region: tidied(sql`coalesce(c.region, '')`),
    orders: sql`c.orders_count::text`,
    last_order: sql`to_char(c.last_order_at at time zone ${company.timezone}, ${DAY[company.locale]})`,
    stop: link,
  };
  const pieces = template.map((piece) =>
    typeof piece === 'string'
      ? sql`${piece}::text`
      : sql`coalesce(nullif(${values[piece.field]}, ''), ${piece.fallback}::text)`,
  );
  return sql`(${join(pieces, ' || ')})`;
}

const DAY = { uk: 'DD.MM.YYYY', en: 'FMDD Mon YYYY' } as const;

const tidied = (value: Sql): Sql => sql`btrim(regexp_replace(${value}, ${SPACES}, ' ', 'g'), ' ')`;

const firstName = (name: Sql): Sql =>
  sql`regexp_replace(coalesce(substring(${name} from ${BEFORE_PATRONYMIC}::text), split_part(${name}, ' ', 1)), ${INITIALS}, '')`;

export interface PersonRow {
  name: string;
  region: string | null;
  orders: bigint;
  last_order_at: Date | null;
}

export const person = (id: string): Sql => sql`
  select c.name, c.region, c.orders_count as orders, c.last_order_at
  from customer c where c.company_id = current_company() and c.id = ${id}::uuid and c.listed`;

/** The company, in the addresses that SMS carry. */
export const companyNumber = (): Sql => sql`select number from company where id = current_company()`;

/** Whether a sign of the text forces UCS-2. */
export const isUnicode = (body: Sql): Sql => sql`${body} ~ ${NO_GSM}`;
