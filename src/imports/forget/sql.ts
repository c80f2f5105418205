import type { Named } from '../../kernel/mention.ts';
import { type Sql, sql } from '../../platform/db.ts';
import { mayName } from '../../platform/mentions.ts';
import type { Format, Reading } from '../read/table.ts';

export interface RowRow {
  import_id: string;
  line: bigint;
  /** null: it names nobody, and is only the last one of its batch */
  cells: string[] | null;
}

// What was brought after somebody was erased is about somebody new.
const before = (erasureId: string, importId: Sql): Sql => sql`exists (
  select from import i join erasure e on e.company_id = i.company_id and e.id = ${erasureId}::uuid
  where i.company_id = current_company() and i.id = ${importId} and i.created_at <= e.created_at)`;

/** Of the next `limit` rows those that may name the person, and the last one of them. None: there is no row left. */
export const rows = (erasureId: string, named: Named, importId: string, line: string, limit: number): Sql => sql`
  with batch as materialized (
    select import_id, line, cells from import_row
    where company_id = current_company() and (import_id, line) > (${importId}::uuid, ${line}::bigint)
    order by import_id, line limit ${limit}
  ), judged as materialized (
    select import_id, line, cells, cells <> '[]' and ${mayName(sql`cells::text`, named)} and ${before(erasureId, sql`batch.import_id`)} as named
    from batch
  )
  select import_id, line, case when named then cells end as cells from judged
  where named or (import_id, line) = (select import_id, line from batch order by import_id desc, line desc limit 1)
  order by import_id, line`;

export const fileNames = (ids: readonly string[]): Sql => sql`
  select file_name from import where company_id = current_company() and id = any(${[...ids]}::uuid[])`;

// A row that still waits to be brought brings nobody then.
export const empty = (importIds: readonly string[], lines: readonly string[]): Sql => sql`
  update import_row r set cells = '[]', problems = '[]', customer_id = null
  from unnest(${[...importIds]}::uuid[], ${[...lines]}::bigint[]) as w (import_id, line)
  where r.company_id = current_company() and r.import_id = w.import_id and r.line = w.line`;

export interface SampleRow {
  id: string;
  file_name: string;
  rows: { cells: string[] }[];
}

export const samples = (erasureId: string, named: Named): Sql => sql`
  select id, file_name, reading -> 'rows' as rows from import m
  where company_id = current_company() and jsonb_typeof(reading -> 'rows') = 'array' and ${mayName(sql`(reading -> 'rows')::text`, named)}
    and ${before(erasureId, sql`m.id`)}
  order by id for update`;

/** `samples`: [{id, rows}] */
export const setSamples = (samples: string): Sql => sql`
  update import i set reading = jsonb_set(i.reading, '{rows}', s.rows)
  from jsonb_to_recordset(${samples}::jsonb) as s (id uuid, rows jsonb)
  where i.company_id = current_company() and i.id = s.id`;

export interface FileRow {
  id: string;
  file_key: string;
  file_name: string;
  format: Format;
  reading: Reading;
}

/** Files that are all there: one that still comes in was sent after the erasure. */
export const files = (erasureId: string): Sql => sql`
  select id, file_key, file_name, format, reading from import m
  where company_id = current_company() and file_key is not null and sha256 is not null and ${before(erasureId, sql`m.id`)}
  order by id`;

// Rows that were checked stand in the table, without the person: they can still be brought.
export const drop = (id: string): Sql => sql`
  update import set file_key = null,
         state = case when state in ('uploaded', 'checking') then 'cancelled' else state end,
         finished_at = case when state in ('uploaded', 'checking') then now() else finished_at end
  where company_id = current_company() and id = ${id}::uuid
  returning case when state = 'cancelled' then user_id end as user_id`;
