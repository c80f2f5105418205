import type { Named } from '../../kernel/mention.ts';
import { type Sql, sql } from '../../platform/db.ts';
import { mayName } from '../../platform/mentions.ts';
import type { Format, Reading } from '../read/table.ts';

export interface RowRow {
  import_id: string;
  line: bigint;
  cells: string[];
}

export const rows = (named: Named, importId: string, line: string, limit: number): Sql => sql`
  select import_id, line, cells from import_row
  where company_id = current_company() and (import_id, line) > (${importId}::uuid, ${line}::bigint) and cells <> '[]'
    and ${mayName(sql`cells::text`, named)}
  order by import_id, line limit ${limit}`;

// A row that still waits to be brought brings nobody then.
export const empty = (importIds: readonly string[], lines: readonly string[]): Sql => sql`
  update import_row r set cells = '[]', problems = '[]', customer_id = null
  from unnest(${[...importIds]}::uuid[], ${[...lines]}::bigint[]) as w (import_id, line)
  where r.company_id = current_company() and r.import_id = w.import_id and r.line = w.line`;

export interface SampleRow {
  id: string;
  rows: { cells: string[] }[];
}

export const samples = (named: Named): Sql => sql`
  select id, reading -> 'rows' as rows from import
  where company_id = current_company() and jsonb_typeof(reading -> 'rows') = 'array' and ${mayName(sql`(reading -> 'rows')::text`, named)}
  order by id for update`;

/** `samples`: [{id, rows}] */
export const setSamples = (samples: string): Sql => sql`
  update import i set reading = jsonb_set(i.reading, '{rows}', s.rows)
  from jsonb_to_recordset(${samples}::jsonb) as s (id uuid, rows jsonb)
  where i.company_id = current_company() and i.id = s.id`;

export interface FileRow {
  id: string;
  file_key: string;
  format: Format;
  reading: Reading;
}

/** Files that are all there: one that still comes in was sent after the erasure. */
export const files = (): Sql => sql`
  select id, file_key, format, reading from import
  where company_id = current_company() and file_key is not null and sha256 is not null order by id`;

// Rows that were checked stand in the table, without the person: they can still be brought.
export const drop = (id: string): Sql => sql`
  update import set file_key = null,
         state = case when state in ('uploaded', 'checking') then 'cancelled' else state end,
         finished_at = case when state in ('uploaded', 'checking') then now() else finished_at end
  where company_id = current_company() and id = ${id}::uuid
  returning case when state = 'cancelled' then user_id end as user_id, file_name`;
