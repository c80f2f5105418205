import type { PoolClient } from 'pg';
import type { TwoCompanies } from '../../tenancy/two-companies.ts';

export interface BySql {
  statements: number;
  tables: number;
  references: number;
  /** what may not be, and where it is */
  bad: Record<string, string[]>;
}

/** Of the portal too, and reached by it: rows without a company, or keys that must be unique everywhere. */
const PORTAL = ['api_key', 'audit_entry', 'dispute', 'job', 'journal_entry', 'moderation_case', 'outbox'];
/** Whose a published review is, two companies must not both say: the one key that is unique over all of them. */
const UNIQUE_EVERYWHERE = ['own_review'];

interface Reference {
  name: string;
  child: string;
  parent: string;
  columns: string[];
  targets: string[];
  company: boolean;
}

/** As the role that the portal signs in as, by plain SQL: company A, which may see nothing of B. */
export async function bySql(world: TwoCompanies): Promise<BySql> {
  const hand = new Hand(world);
  const tables = await hand.column(TABLES);
  const own = tables.filter((table) => !PORTAL.includes(table));
  const references = await hand.all<Reference>(REFERENCES, [own]);
  const bad: BySql['bad'] = {
    'tables without forced row security or a policy': await hand.column(UNGUARDED, [tables]),
    'foreign keys without the company': references.filter(({ company }) => !company).map(({ name }) => name),
    'unique keys without the company': await hand.column(UNIQUE, [own, UNIQUE_EVERYWHERE]),
    'views that ask as their owner': await hand.column(VIEWS),
    'functions with other rights': (await hand.column(DEFINERS)).filter((name) => name !== 'find_customers'),
    'rows seen without a company': [],
    'rows of another company': [],
    'rows copied out': [],
    'rows written for another company': [],
    'rows hung on another company’s': [],
    'keys of another company in the way': [],
    'rows found by the search function': [],
  };
  const tell = (what: string, where: string, count: number) => {
    if (count > 0) bad[what]?.push(where);
  };
  for (const table of tables) {
    for (const role of ['', 'clientele_company'])
      tell('rows seen without a company', table, await hand.touched(role, '', `select 1 from ${table}`));
    for (const statement of [
      `select 1 from ${table} where company_id = '${world.b.id}'`,
      `update ${table} set company_id = company_id where company_id = '${world.b.id}'`,
      `delete from ${table} where company_id = '${world.b.id}'`,
      `with other as (select set_config('app.company_id', '', true)) select 1 from ${table}, other where company_id <> '${world.a.id}'`,
    ])
      tell('rows of another company', table, await hand.touched('clientele_company', world.a.id, statement));
    for (const statement of [`copy (select * from ${table} where company_id <> '${world.a.id}') to stdout`])
      tell('rows copied out', table, await hand.touched('clientele_company', world.a.id, statement));
    tell('rows copied out', table, await hand.touched('', '', `copy ${table} to stdout`));
  }
  for (const table of own) {
    const [there] = await hand.rowsOf(world.b.id, table, 1);
    if (!there) continue;
    const columns = (await hand.column(COLUMNS, [table])).join(', ');
    const insert = `insert into ${table} (${columns}) select ${columns} from jsonb_populate_record(null::${table}, $1)`;
    tell(
      'rows written for another company',
      table,
      await hand.touched('clientele_company', world.a.id, insert, [there]),
    );
    const mine = { ...there, company_id: world.a.id };
    const code = await hand.refusedBy('clientele_company', world.a.id, insert, [mine]);
    const ownRows = await hand.keysTaken(table, mine);
    if (code === '23505' && !ownRows && !UNIQUE_EVERYWHERE.includes(table))
      tell('keys of another company in the way', table, 1);
  }
  for (const { name, child, parent, columns, targets } of references) {
    const [there] = await hand.rowsOf(world.b.id, parent, 1);
    if (!there || columns.length === 0) continue;
    const values = targets.map((target) => there[target]);
    const change = `update ${child} set ${columns.map((column, at) => `${column} = $${at + 1}`).join(', ')}`;
    tell('rows hung on another company’s', name, await hand.touched('clientele_company', world.a.id, change, values));
  }
  for (const company of ['', world.a.id]) {
    const found = `select 1 from find_customers(array['%'], array['%%', '%'';--%']) f where not exists (select from customer c where c.id = f)`;
    tell(
      'rows found by the search function',
      company || 'nobody',
      await hand.touched('clientele_company', company, found),
    );
  }
  return { statements: hand.statements, tables: tables.length, references: references.length, bad };
}

/** What has no right is as good as what sees nothing. */
const REFUSED = /^(?:42501|23503|23505|23514|P0001|0A000|22P02|23502)$/;

class Hand {
  statements = 0;
  readonly #world: TwoCompanies;

  constructor(world: TwoCompanies) {
    this.#world = world;
  }

  async all<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.#world.database.pool.query<Row>(text, values)).rows;
  }

  async column(text: string, values: unknown[] = []): Promise<string[]> {
    const { rows } = await this.#world.database.pool.query({ text, values, rowMode: 'array' });
    return rows.map(([value]) => String(value));
  }

  /** Rows that a statement touched; 0 where it is refused. Nothing is kept. */
  async touched(role: string, company: string, statement: string, values: unknown[] = []): Promise<number> {
    return this.#within(role, company, async (client) => (await client.query(statement, values)).rowCount ?? 0).catch(
      (error: { code?: string }) => {
        if (REFUSED.test(error.code ?? '')) return 0;
        throw error;
      },
    );
  }

  /** The code of the refusal; null: it was done. */
  async refusedBy(role: string, company: string, statement: string, values: unknown[]): Promise<string | null> {
    return this.#within(role, company, async (client) => {
      await client.query(statement, values);
      return null;
    }).catch((error: { code?: string }) => error.code ?? 'unknown');
  }

  /** As its owner, or else the portal, sees them. */
  async rowsOf(company: string, table: string, limit: number): Promise<Record<string, unknown>[]> {
    const text = `select to_jsonb(t) as row from ${table} t where company_id = $1 limit ${limit}`;
    return this.#within('clientele_company', company, async (client) =>
      (await client.query<{ row: Record<string, unknown> }>(text, [company])).rows.map(({ row }) => row),
    ).catch(() => []);
  }

  /** Whether the own company has a row of the same kind already, so that a key in the way is its own. */
  async keysTaken(table: string, row: Record<string, unknown>): Promise<boolean> {
    const keys = await this.all<{ columns: string[] }>(KEYS, [table]);
    for (const { columns } of keys) {
      const where = columns.map((name, at) => `to_jsonb(t) -> '${name}' = $${at + 1}::jsonb`).join(' and ');
      const values = columns.map((name) => JSON.stringify(row[name] ?? null));
      if (
        (await this.touched('clientele_company', this.#world.a.id, `select 1 from ${table} t where ${where}`, values)) >
        0
      )
        return true;
    }
    return false;
  }

  async #within<T>(role: string, company: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
    this.statements++;
    const client = await this.#world.database.pool.connect();
    try {
      await client.query('begin');
      if (role !== '') await client.query(`select set_config('role', $1, true)`, [role]);
      await client.query(`select set_config('app.company_id', $1, true)`, [company]);
      return await work(client);
    } finally {
      await client.query('rollback');
      client.release();
    }
  }
}

const TABLES = `
  select c.table_name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
  where c.table_schema = 'public' and c.column_name = 'company_id' and t.table_type = 'BASE TABLE' order by 1`;

const UNGUARDED = `
  select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname = any($1)
    and not (relrowsecurity and relforcerowsecurity and (relname = 'api_key' or exists (
      select from pg_policies p where p.tablename = relname and 'clientele_company' = any(p.roles)
        and coalesce(p.qual, '') || coalesce(p.with_check, '') like '%current_company()%')))`;

const REFERENCES = `
  select k.conname::text as name, k.conrelid::regclass::text as child, k.confrelid::regclass::text as parent,
         coalesce(array_agg(c.attname::text order by n) filter (where c.attname <> 'company_id'), '{}') as columns,
         coalesce(array_agg(p.attname::text order by n) filter (where c.attname <> 'company_id'), '{}') as targets,
         bool_or(c.attname = 'company_id' and p.attname = 'company_id') as company
  from pg_constraint k cross join lateral unnest(k.conkey, k.confkey) with ordinality as pair (here, there, n)
  join pg_attribute c on c.attrelid = k.conrelid and c.attnum = here
  join pg_attribute p on p.attrelid = k.confrelid and p.attnum = there
  where k.contype = 'f' and k.conrelid = any($1::text[]::regclass[]) and k.confrelid = any($1::text[]::regclass[])
    and k.conparentid = 0
  group by k.oid, k.conname, k.conrelid, k.confrelid`;

const UNIQUE = `
  select i.indexrelid::regclass::text from pg_index i
  where i.indrelid = any($1::text[]::regclass[]) and i.indisunique and not i.indrelid = any($2::text[]::regclass[])
    and not exists (select from pg_attribute a where a.attrelid = i.indrelid and a.attnum = any(i.indkey) and a.attname = 'company_id')`;

const VIEWS = `
  select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')
    and not coalesce(reloptions::text like '%security_invoker=true%', false)`;

const DEFINERS = `select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef`;

const COLUMNS = `
  select attname from pg_attribute where attrelid = $1::text::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`;

const KEYS = `
  select array_agg(a.attname::text) as columns from pg_index i
  join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
  where i.indrelid = $1::text::regclass and i.indisunique group by i.indexrelid`;
