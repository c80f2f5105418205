import { type Sql, sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { person, storePeople } from '../customers/make.ts';
import { makeCompany, type TestApp } from '../make.ts';

/** Rows past every wall. */
export const rows = <Row>({ database }: TestApp, statement: Sql): Promise<Row[]> =>
  database.prisma.$queryRaw<Row[]>(statement);

/** Customers called by these names; answers their ids in that order. */
export async function customersOf(portal: TestApp, company: Company, names: readonly string[]): Promise<string[]> {
  const people = names.map((name) => person({ name }));
  await storePeople(portal.tenancy, company, people);
  return people.map(({ id }) => id);
}

export async function shopWith(portal: TestApp, names: readonly string[]) {
  const company = await makeCompany(portal);
  return { company, ids: await customersOf(portal, company, names) };
}

/** The names of everybody's tags, by customer: `{ Olena: ['VIP'] }`. */
export async function tagsOf(portal: TestApp, company: Company): Promise<Record<string, string[]>> {
  const found = await rows<{ name: string; tags: string[] }>(
    portal,
    sql`
    select c.name, array_agg(t.name order by t.name) as tags from customer c
    join customer_tag g on g.company_id = c.company_id and g.customer_id = c.id
    join tag t on t.company_id = g.company_id and t.id = g.tag_id
    where c.company_id = ${company.id}::uuid and c.listed and t.gone_at is null group by c.id, c.name`,
  );
  return Object.fromEntries(found.map(({ name, tags }) => [name, tags]));
}

export async function tagId(portal: TestApp, company: Company, name: string): Promise<string> {
  const [tag] = await rows<{ id: string }>(
    portal,
    sql`select id from tag where company_id = ${company.id}::uuid and name = ${name} and gone_at is null`,
  );
  return tag?.id ?? '';
}

export const chipsIn = (html: string): string[] =>
  [...html.matchAll(/<span class="tag tag-\w+">([^<]*)<\/span>/g)].map(([, name]) => name ?? '');
