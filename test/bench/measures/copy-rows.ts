import type pg from 'pg';

/** The rows that one call made, as JSON by table, ready to be written again for another company. */
export type Batch = { table: string; columns: string; rows: string }[];

const TABLES = [
  { table: 'customer', by: 'id', of: 'customers' },
  { table: 'contact', by: 'customer_id', of: 'customers' },
  { table: 'arrival', by: 'id', of: 'orders' },
  { table: 'evidence', by: 'arrival_id', of: 'orders' },
  { table: 'orders', by: 'id', of: 'orders' },
  { table: 'order_item', by: 'order_id', of: 'orders' },
  { table: 'customer_search', by: 'customer_id', of: 'customers' },
] as const;

interface Made {
  orders: string[];
  /** seen for the first time */
  customers: string[];
}

/** Reads them with the superuser's eyes, and puts the other company's id in. */
export async function readRows(admin: pg.Client, from: string, to: string, made: Made): Promise<Batch> {
  const batch: Batch = [];
  for (const { table, by, of } of TABLES) {
    const columns = await columnsOf(admin, table);
    const { rows } = await admin.query<{ rows: string | null }>(
      `select json_agg(r)::text as rows from (select ${columns} from ${table} where company_id = $1 and ${by} = any($2::uuid[])) r`,
      [from, made[of]],
    );
    batch.push({ table, columns, rows: (rows[0]?.rows ?? '[]').replaceAll(from, to) });
  }
  return batch;
}

async function columnsOf(admin: pg.Client, table: string): Promise<string> {
  const { rows } = await admin.query<{ columns: string }>(
    `select string_agg(attname, ', ' order by attnum) as columns from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [table],
  );
  return rows[0]?.columns ?? '';
}

/** One multi-row insert for each table, in one tenant transaction behind the same wall, and nothing else. */
export async function insertRows(client: pg.Client, company: string, batch: Batch): Promise<void> {
  await client.query('begin');
  await client.query(`select set_config('role', 'clientele_company', true), set_config('app.company_id', $1, true)`, [
    company,
  ]);
  for (const { table, columns, rows } of batch) {
    await client.query(
      `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1::json)`,
      [rows],
    );
  }
  await client.query('commit');
}
