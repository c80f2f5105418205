import type { Stage } from '../stage.ts';

interface Reference extends Record<string, unknown> {
  child: string;
  parent: string;
  /** what names the parent, apart from the company; only uuids, which are nobody else's */
  columns: string[];
  targets: string[];
}

/** Rows that name a row of another company, over all foreign keys between companies' tables. */
export async function ofAnotherCompany({ ask }: Pick<Stage, 'ask'>): Promise<number> {
  const references = await ask<Reference>(REFERENCES);
  if (references.length < 10) throw new Error('the foreign keys between companies’ tables were not found');
  const counts = references.map(
    ({ child, parent, columns, targets }) => `
      (select count(*) from ${child} c join ${parent} p on ${columns.map((name, at) => `p.${targets[at]} = c.${name}`).join(' and ')}
       where p.company_id <> c.company_id)`,
  );
  const [row] = await ask<{ count: number }>(`select (${counts.join(' + ')})::int as count`);
  return row?.count ?? Number.NaN;
}

const REFERENCES = `
  select k.conrelid::regclass::text as child, k.confrelid::regclass::text as parent,
         array_agg(c.attname::text order by n) as columns, array_agg(p.attname::text order by n) as targets
  from pg_constraint k cross join lateral unnest(k.conkey, k.confkey) with ordinality as pair (here, there, n)
  join pg_attribute c on c.attrelid = k.conrelid and c.attnum = here
  join pg_attribute p on p.attrelid = k.confrelid and p.attnum = there
  where k.contype = 'f' and k.connamespace = 'public'::regnamespace and c.attname <> 'company_id'
    and exists (select from pg_attribute a where a.attrelid = k.conrelid and a.attname = 'company_id')
    and exists (select from pg_attribute a where a.attrelid = k.confrelid and a.attname = 'company_id')
  group by k.oid, k.conrelid, k.confrelid having bool_and(c.atttypid = 'uuid'::regtype)`;
