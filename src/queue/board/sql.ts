import { empty, join, type Sql, sql } from '../../platform/db.ts';

export const STATES = ['running', 'due', 'waiting', 'failed'] as const;
export type JobState = (typeof STATES)[number];

// The rows are the truth, whatever carries the wakes.
const state = sql`case when j.due_at = 'infinity' then 'failed' when j.leased_until > now() then 'running'
  when j.due_at <= now() then 'due' else 'waiting' end`;

export interface NameRow {
  name: string;
  running: number;
  due: number;
  waiting: number;
  failed: number;
  done: number;
  /** since when the oldest of those that are due waits */
  oldest: Date | null;
  attempts: number;
}

export const names = (): Sql => sql`
  select name, coalesce(running, 0) as running, coalesce(due, 0) as due, coalesce(waiting, 0) as waiting, coalesce(failed, 0) as failed,
         coalesce(done, 0) as done, oldest, coalesce(attempts, 0) as attempts
  from (
    select x.name, count(*) filter (where x.state = 'running')::int as running, count(*) filter (where x.state = 'due')::int as due,
           count(*) filter (where x.state = 'waiting')::int as waiting, count(*) filter (where x.state = 'failed')::int as failed,
           min(x.due_at) filter (where x.state = 'due') as oldest, max(x.attempts)::int as attempts
    from (select j.name, j.due_at, j.attempts, ${state} as state from job j) x group by x.name
  ) open full join (
    select d.name, count(*)::int as done from job_done d where d.ended_at > now() - interval '1 hour' group by d.name
  ) over using (name)
  order by coalesce(failed, 0) = 0, name`;

export interface JobFilter {
  state?: JobState | undefined;
  name?: string | undefined;
  companyId?: string | undefined;
}

export interface JobRow {
  id: string;
  name: string;
  state: JobState;
  company: string | null;
  payload: Record<string, unknown>;
  due_at: Date | null;
  created_at: Date;
  leased_until: Date | null;
  attempts: number;
  last_error: string | null;
  cancelled: boolean;
}

// "infinity" is no time to a program.
const columns = sql`j.id, j.name, ${state} as state, c.name as company, j.payload, case when j.due_at < 'infinity' then j.due_at end as due_at,
  j.created_at, j.leased_until, j.attempts::int as attempts, j.last_error, j.cancelled_at is not null as cancelled`;

export const list = (filter: JobFilter, limit: number, before: string | null): Sql => sql`
  select ${columns} from job j left join company c on c.id = j.company_id
  ${where(filter, before && sql`(j.created_at, j.id) < (select b.created_at, b.id from job b where b.id = ${before}::uuid)`)}
  order by j.created_at desc, j.id desc limit ${limit}`;

export const one = (id: string): Sql => sql`
  select ${columns} from job j left join company c on c.id = j.company_id where j.id = ${id}::uuid`;

function where({ state: wanted, name, companyId }: JobFilter, more: Sql | '' | null = null): Sql {
  const conditions = [
    wanted && sql`${state} = ${wanted}`,
    name && sql`j.name = ${name}`,
    companyId && sql`j.company_id = ${companyId}::uuid`,
    more,
  ].filter((condition) => condition instanceof Object);
  return conditions.length > 0 ? sql`where ${join(conditions, ' and ')}` : empty;
}

/** Never again by themselves, and never by hand: nobody knows whether they did not leave. */
const NEVER = ['sms.send'];

// Letters that were given up wait again with their job.
export const retry = (filter: JobFilter & { id?: string }, limit: number): Sql => sql`
  with again as (
    update job set due_at = now(), attempts = 0, leased_until = null
    where id in (
      select j.id from job j ${where(
        { ...filter, state: undefined },
        sql`j.due_at = 'infinity' and j.cancelled_at is null
        and j.name <> all(${NEVER}::text[]) ${filter.id ? sql`and j.id = ${filter.id}::uuid` : empty}`,
      )}
      order by j.created_at limit ${limit} for update skip locked)
    returning id, name, payload
  ), letters as (
    update outbox o set state = 'waiting', last_error = null from again a
    where a.name = 'mail.send' and o.id = (a.payload ->> 'letterId')::uuid and o.channel = 'email' and o.state = 'failed'
  )
  select id from again`;

export const mayRetry = (name: string): boolean => !NEVER.includes(name);

/** One that has failed was told already: it just goes. */
export const forget = (id: string): Sql =>
  sql`delete from job where id = ${id}::uuid and due_at = 'infinity' returning id`;

/** A worker tells whoever waits, and lets it go. Not of one that runs. */
export const cancel = (id: string): Sql => sql`
  update job set cancelled_at = now(), due_at = now()
  where id = ${id}::uuid and due_at < 'infinity' and (leased_until is null or leased_until < now()) returning id`;
