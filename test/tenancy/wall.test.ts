import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PoolClient } from 'pg';
import type { Company } from '../../src/tenancy/company.ts';
import { type TwoCompanies, twoCompanies } from './two-companies.ts';

// The second wall, with the application taken away: plain SQL under the role of company A, while B has a row everywhere.

let world: TwoCompanies;
let tables: string[];

beforeAll(async () => {
  world = await twoCompanies();
  tables = await column(`
    select c.table_name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and c.column_name = 'company_id' and t.table_type = 'BASE TABLE' order by 1`);
});
afterAll(() => world.close());

/** Of the portal too, and reached by it: rows without a company, or keys that must be unique everywhere. */
const PORTAL = ['api_key', 'audit_entry', 'dispute', 'job', 'journal_entry', 'moderation_case', 'outbox'];

describe('what the schema promises', () => {
  test('every table with a company has row level security, forced, and a policy for companies or none at all', async () => {
    const open = await column(
      `
      select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and relname = any($1) and not (relrowsecurity and relforcerowsecurity)`,
      [tables],
    );
    expect(open).toEqual([]);
    const unguarded = await column(
      `
      select t from unnest($1::text[]) t where t <> 'api_key' and not exists (
        select from pg_policies p where p.tablename = t and 'clientele_company' = any(p.roles)
          and coalesce(p.qual, '') || coalesce(p.with_check, '') like '%current_company()%')`,
      [tables],
    );
    expect(unguarded).toEqual([]);
  });

  test('the company comes first in every primary key, unique constraint and index of a company', async () => {
    const late = await column(
      `
      select i.indexrelid::regclass::text from pg_index i
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
      where i.indrelid = any($1::text[]::regclass[]) and a.attname <> 'company_id' order by 1`,
      [own()],
    );
    // A person's companies, a sender's companies, the invitation that a link's token names, and what is known of a number: asked
    // by the portal, which does not come from any company. And whose a published review is, which two companies must not both say;
    // and whose name leaves what was done with it, when a user goes.
    expect(late).toEqual([
      'bulk_change_user',
      'company_sender_sender',
      'dealing_number',
      'invitation_token',
      'membership_user',
      'own_review_id',
      'own_review_phone',
      'review_look_number',
    ]);
  });

  test('a foreign key between tables of companies carries the company', async () => {
    const simple = await column(
      `
      select conname from pg_constraint where contype = 'f' and conrelid = any($1::text[]::regclass[])
        and confrelid = any($1::text[]::regclass[])
        and (select attname from pg_attribute where attrelid = conrelid and attnum = conkey[1]) <> 'company_id'`,
      [own()],
    );
    expect(simple).toEqual([]);
  });

  test('no view stands open, and nothing but the search function runs with another role', async () => {
    const views = await column(`
      select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')
        and not coalesce(reloptions::text like '%security_invoker=true%', false)`);
    expect(views).toEqual([]);
    const definers = await column(
      `select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef`,
    );
    expect(definers).toEqual(['find_customers']);
  });
});

describe('with the application removed', () => {
  test('company A reads, changes and deletes no row of B, in any table', async () => {
    for (const table of tables) {
      expect([table, await rowsOfB(table)]).not.toEqual([table, 0]);
      for (const statement of [
        `select 1 from ${table} where company_id = $1`,
        `update ${table} set company_id = company_id where company_id = $1`,
        `delete from ${table} where company_id = $1`,
      ]) {
        expect([statement, await touched(world.a.id, statement, [world.b.id])]).toEqual([statement, 0]);
      }
    }
  });

  test('without a company there is not a single row', async () => {
    for (const table of tables) expect([table, await touched('', `select 1 from ${table}`)]).toEqual([table, 0]);
  });

  test('company A sees its own rows, so that nothing above is empty by accident', async () => {
    for (const table of own())
      expect([table, await touched(world.a.id, `select 1 from ${table}`)]).not.toEqual([table, 0]);
  });

  test('A cannot write a row for B, nor hang one of its own on a row of B', async () => {
    const [[customer], [arrival]] = [await idsOf('customer'), await idsOf('arrival')];
    for (const statement of [
      `insert into notice (company_id, id, kind) values ('${world.b.id}', gen_random_uuid(), 'x')`,
      `update customer set company_id = '${world.b.id}'`,
      `insert into contact (company_id, kind, value, customer_id, origin_id, given) values ('${world.a.id}', 'email', 'z@example.com', '${customer}', '${customer}', 'z')`,
      `insert into evidence (company_id, arrival_id, kind, value, given) values ('${world.a.id}', '${arrival}', 'email', 'z', 'z')`,
      `update customer set merged_into = '${customer}'`,
      `update arrival set customer_id = '${customer}'`,
    ]) {
      await expect(touched(world.a.id, statement)).rejects.toThrow(/row-level security|foreign key/);
    }
  });

  test('a contact of B is no obstacle for A: unique means unique inside a company', async () => {
    const same = `select 1 from contact where kind = 'phone' and value = '+380671234567'`;
    expect([await touched(world.a.id, same), await touched(world.b.id, same)]).toEqual([1, 1]);
  });

  test('the search function, which has rights of its own, finds only customers of the current company', async () => {
    const search = `select find_customers(array['%two@example.com%'], '{}')`;
    expect(await touched(world.a.id, search)).toBe(1);
    const found = await rows<{ find_customers: string }>(world.a.id, search);
    expect(await idsOf('customer')).not.toContain(found[0]?.find_customers);
    expect(await touched('', search)).toBe(0);
  });

  test('users are those of the company, passwords nobody’s', async () => {
    const users = await rows<{ email: string }>(world.a.id, 'select email from app_user');
    expect(users).toEqual([{ email: 'alpha@example.com' }]);
    await expect(touched(world.a.id, 'select password_hash from app_user')).rejects.toThrow(/permission denied/);
    await expect(touched(world.a.id, 'select * from session')).rejects.toThrow(/permission denied/);
  });
});

test('who did what and when stays as it was written down', async () => {
  const changes = [
    `update audit_entry set action = 'nothing'`,
    'update audit_entry set user_id = null',
    'update audit_entry set at = now()',
    'delete from audit_entry',
    'truncate audit_entry',
  ];
  for (const role of ['clientele_company', 'clientele_portal']) {
    for (const change of changes) {
      const made = within(world.a.id, role, (client) => client.query(change));
      await expect(made).rejects.toThrow(/permission denied/);
    }
    const read = await within(world.a.id, role, (client) => client.query('select 1 from audit_entry'));
    expect([role, read.rowCount]).not.toEqual([role, 0]);
  }
});

test('one connection, a thousand transactions of both companies, some failing: never a foreign row', async () => {
  const narrow = await twoCompanies(1);
  try {
    let foreign = 0;
    const visit = (company: Company, n: number) =>
      narrow.tenancy
        .inCompany(company, async (db) => {
          const seen = await db.tables.customer.findMany({ select: { companyId: true } });
          foreign += seen.filter((row) => row.companyId !== company.id).length;
          if (n % 7 === 0) throw new Error('on purpose');
        })
        .catch((error: Error) => expect(error.message).toBe('on purpose'));
    for (let n = 0; n < 1000; n += 4) {
      await Promise.all([visit(narrow.a, n), visit(narrow.b, n + 1), visit(narrow.b, n + 2), visit(narrow.a, n + 3)]);
    }
    expect(foreign).toBe(0);
  } finally {
    await narrow.close();
  }
});

const own = () => tables.filter((table) => !PORTAL.includes(table));

async function column(statement: string, values: unknown[] = []): Promise<string[]> {
  const { rows } = await world.database.pool.query({ text: statement, values, rowMode: 'array' });
  return rows.map(([value]) => String(value));
}

/** Rows of B, as B itself or as the portal sees them: proof that there is something to be hidden. */
async function rowsOfB(table: string): Promise<number> {
  const statement = `select 1 from ${table} where company_id = $1`;
  const own = await touched(world.b.id, statement, [world.b.id]);
  return (
    own || within('', 'clientele_portal', async (client) => (await client.query(statement, [world.b.id])).rowCount ?? 0)
  );
}

const touched = (companyId: string, statement: string, values: unknown[] = []): Promise<number> =>
  within(companyId, 'clientele_company', async (client) => {
    // No right at all is as good as no row; what is refused for another reason must show.
    const result = await client.query(statement, values).catch((error: Error) => {
      if (statement.includes(' from app_user') || statement.includes(' from session')) throw error;
      if (!/permission denied/.test(error.message)) throw error;
      return null;
    });
    return result?.rowCount ?? 0;
  });

const rows = <T extends object>(companyId: string, statement: string): Promise<T[]> =>
  within(companyId, 'clientele_company', async (client) => (await client.query<T>(statement)).rows);

const idsOf = async (table: string) =>
  (await rows<{ id: string }>(world.b.id, `select id from ${table}`)).map(({ id }) => id);

async function within<T>(companyId: string, role: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await world.database.pool.connect();
  try {
    await client.query('begin');
    await client.query(`select set_config('role', $1, true), set_config('app.company_id', $2, true)`, [
      role,
      companyId,
    ]);
    return await work(client);
  } finally {
    await client.query('rollback');
    client.release();
  }
}
