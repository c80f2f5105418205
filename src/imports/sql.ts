import { empty, type Sql, sql } from '../platform/db.ts';
import type { Target } from './columns.ts';
import type { Format, Reading } from './read/table.ts';

export const OUTCOMES = ['created', 'updated', 'merged', 'unchanged', 'refused'] as const;
export type Outcome = (typeof OUTCOMES)[number];
export type State = 'uploaded' | 'checking' | 'checked' | 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

interface NewImport {
  id: string;
  companyId: string;
  userId: string;
  fileName: string;
  fileKey: string;
}

/** While the file comes in it is known where that lies and no more: without a hash, nobody sees the import. */
export const insert = ({ id, companyId, userId, fileName, fileKey }: NewImport): Sql => sql`
  insert into import (company_id, id, user_id, file_name, format, file_key)
  values (${companyId}::uuid, ${id}::uuid, ${userId}::uuid, ${fileName}, 'csv', ${fileKey})`;

interface Whole {
  format: Format;
  size: number;
  sha256: string;
  reading: string;
}

const here = (id: string): Sql => sql`company_id = current_company() and id = ${id}::uuid`;
const rowsOf = (id: string): Sql => sql`company_id = current_company() and import_id = ${id}::uuid`;
const isWhole = sql`i.sha256 is not null`;

export const complete = (id: string, { format, size, sha256, reading }: Whole): Sql => sql`
  update import set format = ${format}, size = ${size}, sha256 = ${sha256}, reading = ${reading}::jsonb
  where ${here(id)} and sha256 is null`;

/** Of a file that did not come in nothing is left. */
export const abandon = (id: string): Sql => sql`delete from import where ${here(id)} and sha256 is null`;

export const unfinished = (): Sql => sql`
  select count(*)::int as count from import where company_id = current_company() and state in ('checking', 'queued', 'running')`;

export interface ImportRow {
  id: string;
  file_name: string;
  format: Format;
  file_key: string | null;
  size: bigint;
  reading: Reading & { width?: number };
  mapping: { columns?: Target[] };
  state: State;
  rows_total: bigint | null;
  rows_done: bigint;
  counts: Partial<Record<Outcome, number>>;
  error: string | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  user_id: string | null;
  user_name: string | null;
}

const columns = sql`
  i.id, i.file_name, i.format, i.file_key, i.size, i.reading, i.mapping, i.state, i.rows_total, i.rows_done, i.counts, i.error,
  i.created_at, i.started_at, i.finished_at, i.user_id, u.name as user_name`;

export const list = (limit: number, before: string | null): Sql => sql`
  select ${columns} from import i left join app_user u on u.id = i.user_id
  where i.company_id = current_company() and ${isWhole}
    ${before ? sql`and (i.created_at, i.id) < (select o.created_at, o.id from import o where o.company_id = current_company() and o.id = ${before}::uuid)` : empty}
  order by i.created_at desc, i.id desc limit ${limit}`;

export const byId = (id: string): Sql => sql`
  select ${columns} from import i left join app_user u on u.id = i.user_id
  where i.company_id = current_company() and i.id = ${id}::uuid and ${isWhole}`;

/** The last finished import of the very same file. */
export const before = (id: string): Sql => sql`
  select o.id, o.finished_at from import o, import i
  where i.company_id = current_company() and i.id = ${id}::uuid and o.company_id = i.company_id and o.id <> i.id and o.sha256 = i.sha256 and o.state = 'done'
  order by o.finished_at desc limit 1`;

// How a file is read can be changed until something of it is written.
const open = sql`state in ('uploaded', 'checked', 'failed') and started_at is null and file_key is not null`;

export const setReading = (id: string, reading: string): Sql => sql`
  update import set reading = ${reading}::jsonb, mapping = '{}', state = 'uploaded', error = null, rows_total = null, counts = '{}'
  where ${here(id)} and ${open}`;

export const setMapping = (id: string, mapping: string, reading: string, check: boolean): Sql => sql`
  update import set mapping = ${mapping}::jsonb, reading = ${reading}::jsonb, state = ${check ? 'checking' : 'uploaded'}, error = null,
         rows_done = 0, rows_total = null, counts = '{}'
  where ${here(id)} and ${open}`;

export interface Begun {
  format: Format;
  file_key: string | null;
  reading: Reading & { width: number };
  mapping: { columns: Target[] };
  user_id: string | null;
  created_at: Date;
  started_at: Date;
}

const begun = sql`returning format, file_key, reading, mapping, user_id, created_at, started_at`;

// The attempt marks who holds the import from here on: another one that still runs changes nothing any more.
export const beginCheck = (id: string, attempt: string): Sql => sql`
  update import set attempt = ${attempt}::uuid, rows_done = 0 where ${here(id)} and state = 'checking' ${begun}`;

export const clearRows = (id: string): Sql => sql`delete from import_row where ${rowsOf(id)}`;

export const noteProgress = (id: string, attempt: string, state: 'checking' | 'running', rows: number): Sql => sql`
  update import set rows_done = rows_done + ${rows} where ${here(id)} and state = ${state} and attempt = ${attempt}::uuid`;

export const addRows = (companyId: string, id: string, rows: string): Sql => sql`
  insert into import_row (company_id, import_id, line, cells, expected, outcome, customer_id, problems)
  select ${companyId}::uuid, ${id}::uuid, line, cells, expected, case when expected = 'refused' then 'refused' end, customer_id, problems
  from json_to_recordset(${rows}::json) as r (line bigint, cells jsonb, expected text, customer_id uuid, problems jsonb)`;

export const finishCheck = (id: string, attempt: string, rows: number, counts: string): Sql => sql`
  update import set state = 'checked', rows_done = ${rows}, rows_total = ${rows}, counts = ${counts}::jsonb
  where ${here(id)} and state = 'checking' and attempt = ${attempt}::uuid`;

/** `error`: code of the file's fault, and its line. */
export const failFile = (id: string, attempt: string, error: string): Sql => sql`
  update import set state = 'failed', error = ${error} where ${here(id)} and state = 'checking' and attempt = ${attempt}::uuid`;

// What failed half-way is gone on with.
export const start = (id: string): Sql => sql`
  update import set state = 'queued', error = null, rows_done = 0, finished_at = null
  where ${here(id)} and (state = 'checked' or (state = 'failed' and started_at is not null))`;

export const beginRun = (id: string, attempt: string): Sql => sql`
  update import set state = 'running', attempt = ${attempt}::uuid, started_at = coalesce(started_at, now()),
         rows_done = (select count(*) from import_row r where r.company_id = import.company_id and r.import_id = import.id and r.outcome is not null)
  where ${here(id)} and state in ('queued', 'running') ${begun}`;

export interface WaitingRow {
  line: bigint;
  cells: string[];
}

export const waiting = (id: string, limit: number): Sql => sql`
  select line, cells from import_row where ${rowsOf(id)} and outcome is null order by line limit ${limit}`;

// Every row is there already. A plain update would look for them by a plan, and PostgreSQL, which has not counted this import yet, would
// read all of its rows for each batch; a conflict is found by the key.
export const settle = (id: string, rows: string): Sql => sql`
  insert into import_row (company_id, import_id, line, cells, outcome, customer_id, problems)
  select current_company(), ${id}::uuid, line, '[]', outcome, customer_id, problems
  from json_to_recordset(${rows}::json) as r (line bigint, outcome text, customer_id uuid, problems jsonb)
  on conflict (company_id, import_id, line) do update
    set outcome = excluded.outcome, customer_id = excluded.customer_id, problems = excluded.problems`;

// The first rows that were shown for choosing the columns are people's data: of them the heading stays.
const onlyHeading = sql`
  jsonb_set(reading, '{rows}', case when reading -> 'heading' = 'true' then jsonb_path_query_array(reading, '$.rows[0]') else '[]' end)`;

export const finishRun = (id: string, attempt: string): Sql => sql`
  update import set state = 'done', finished_at = now(), rows_done = rows_total, reading = ${onlyHeading}, counts = (
    select coalesce(jsonb_object_agg(outcome, n), '{}') from (
      select outcome, count(*) as n from import_row where ${rowsOf(id)} and outcome is not null group by outcome) counted)
  where ${here(id)} and state = 'running' and attempt = ${attempt}::uuid returning counts, user_id, file_name`;

export const fail = (id: string, error: string): Sql => sql`
  update import set state = 'failed', error = ${error}, finished_at = now()
  where ${here(id)} and state in ('checking', 'queued', 'running') returning user_id`;

// What a cancelled import has written stays: its counts say how much that is.
export const cancel = (id: string): Sql => sql`
  update import set state = 'cancelled', finished_at = now(), reading = ${onlyHeading}, counts = (
    select coalesce(jsonb_object_agg(outcome, n), '{}') from (
      select outcome, count(*) as n from import_row where ${rowsOf(id)} and outcome is not null group by outcome) counted)
  where ${here(id)} and state in ('uploaded', 'checking', 'checked', 'queued', 'running')`;

export const reader = (userId: string): Sql => sql`select email, locale from app_user where id = ${userId}::uuid`;

export interface ReportRow {
  line: bigint;
  cells: string[];
  expected: Outcome;
  outcome: Outcome | null;
  customer_id: string | null;
  customer_name: string | null;
  problems: { code: string; column: number | null; given?: string; most?: number }[];
}

/** `by`: of the check, or of the run. */
export const report = (
  id: string,
  by: 'expected' | 'outcome',
  wanted: Outcome | null,
  after: string,
  limit: number,
): Sql => sql`
  select r.line, r.cells, r.expected, r.outcome, r.customer_id, c.name as customer_name, r.problems
  from import_row r left join customer c on c.company_id = r.company_id and c.id = r.customer_id
  where r.company_id = current_company() and r.import_id = ${id}::uuid and r.line > ${after}::bigint
    ${wanted === null ? empty : by === 'expected' ? sql`and r.expected = ${wanted}` : sql`and r.outcome = ${wanted}`}
  order by r.line limit ${limit}`;

export interface Stale {
  id: string;
  file_key: string;
  whole: boolean;
}

/** Files that nobody needs any more, that were kept long enough, or that were cut off while they came in. */
export const stale = (before: Date, cutOff: Date): Sql => sql`
  select i.id, i.file_key, ${isWhole} as whole from import i
  where i.company_id = current_company() and i.file_key is not null
    and (i.state in ('done', 'cancelled') or i.created_at < ${before}::timestamptz or (not ${isWhole} and i.created_at < ${cutOff}::timestamptz))`;

export const dropFile = (id: string): Sql => sql`update import set file_key = null where ${here(id)}`;

export const closeOld = (before: Date): Sql => sql`
  update import set state = 'cancelled', finished_at = now(), reading = ${onlyHeading}
  where company_id = current_company() and created_at < ${before}::timestamptz and state in ('uploaded', 'checked', 'failed') and sha256 is not null`;

export const dropOldRows = (before: Date, limit: number): Sql => sql`
  delete from import_row r using (
    select o.import_id, o.line from import i join import_row o on o.company_id = i.company_id and o.import_id = i.id
    where i.company_id = current_company() and i.created_at < ${before}::timestamptz and i.state not in ('checking', 'queued', 'running')
    limit ${limit}) old
  where r.company_id = current_company() and r.import_id = old.import_id and r.line = old.line`;
