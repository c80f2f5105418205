import { type Sql, sql } from '../../../platform/db.ts';

export interface ImportRow {
  import_id: string;
  line: bigint;
  cells: unknown;
}

const digitsIn = (json: Sql): Sql => sql`regexp_replace(normalize(${json}::text, nfkc), '[^0-9]', '', 'g')`;

/** Rows in which these digits stand one after the other, whatever is between them. */
export const rows = (digits: string): Sql => sql`
  select import_id, line, cells from import_row
  where company_id = current_company() and cells <> '[]' and strpos(${digitsIn(sql`cells`)}, ${digits}) > 0
  order by import_id, line`;

// A row that still waits to be brought brings nobody then.
export const blank = (importIds: string[], lines: string[]): Sql => sql`
  update import_row r set cells = '[]', problems = '[]', customer_id = null
  from unnest(${importIds}::uuid[], ${lines}::bigint[]) as w (import_id, line)
  where r.company_id = current_company() and r.import_id = w.import_id and r.line = w.line`;

export interface SampleRow {
  id: string;
  rows: { cells: string[] }[];
}

// The first rows of a file stand with the import while its columns are chosen.
export const samples = (digits: string): Sql => sql`
  select id, reading -> 'rows' as rows from import
  where company_id = current_company() and jsonb_typeof(reading -> 'rows') = 'array'
    and strpos(${digitsIn(sql`(reading -> 'rows')`)}, ${digits}) > 0
  order by id`;

export const lockSamples = (digits: string): Sql => sql`${samples(digits)} for update`;

/** `samples`: [{id, rows}] */
export const setSamples = (samples: string): Sql => sql`
  update import i set reading = jsonb_set(i.reading, '{rows}', s.rows)
  from jsonb_to_recordset(${samples}::jsonb) as s (id uuid, rows jsonb)
  where i.company_id = current_company() and i.id = s.id`;

// Nobody needs these files any more; what failed half-way goes on with its rows.
export const filesOver = (): Sql => sql`
  select id, file_key from import
  where company_id = current_company() and file_key is not null
    and (state in ('done', 'cancelled') or (state = 'failed' and started_at is not null))`;

export const dropFiles = (ids: readonly string[]): Sql => sql`
  update import set file_key = null where company_id = current_company() and id = any(${[...ids]}::uuid[])`;
