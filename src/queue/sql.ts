import { type Sql, sql } from '../platform/db.ts';

export interface NewJob {
  id: string;
  companyId: string | null;
  name: string;
  payload: object;
  dueAt?: Date | undefined;
}

// A job of the timetable has the id of its hour: of many workers that write it, one does. "on conflict (id)" would need the right to
// read jobs, which a company does not have.
export const insert = ({ id, companyId, name, payload, dueAt }: NewJob): Sql => sql`
  insert into job (id, company_id, name, payload, due_at)
  values (${id}::uuid, ${companyId}::uuid, ${name}, ${JSON.stringify(payload)}::jsonb, coalesce(${dueAt ?? null}::timestamptz, now()))
  on conflict do nothing`;

// Locks what it finds: who takes it waits for whatever else is written here, and sees that.
export const sooner = ({ companyId, name, payload, dueAt }: NewJob): Sql => sql`
  update job set due_at = least(due_at, coalesce(${dueAt ?? null}::timestamptz, now()))
  where company_id = ${companyId}::uuid and name = ${name} and payload = ${JSON.stringify(payload)}::jsonb and due_at < 'infinity' and cancelled_at is null
    and (leased_until is null or leased_until < now())
  returning id, due_at`;

// Attempts are counted when they begin, so that a job which kills its process is given up too. The lease itself is the
// token of its holder: every later statement names it, and one that came too late touches nothing. A second is allowed
// between the clock of the queue and that of the database.
export const lease = (id: string, seconds: number): Sql => sql`
  update job set leased_until = clock_timestamp() + ${seconds} * interval '1 second', attempts = attempts + 1
  where id = ${id}::uuid and due_at <= now() + interval '1 second' and (leased_until is null or leased_until < now())
  returning id, company_id, name, payload, attempts, leased_until::text as token, cancelled_at is not null as cancelled`;

export const renew = (id: string, token: string, seconds: number): Sql => sql`
  update job set leased_until = clock_timestamp() + ${seconds} * interval '1 second'
  where id = ${id}::uuid and leased_until = ${token}::timestamptz returning leased_until::text as token`;

// What was done is noted for a day: the board of jobs tells of it.
export const finish = (id: string, token: string): Sql => sql`
  with gone as (
    delete from job where id = ${id}::uuid and leased_until = ${token}::timestamptz returning id, name, company_id, attempts
  ), noted as (
    insert into job_done (id, name, of_company, attempts) select id, name, company_id, attempts from gone
    on conflict (id) do update set ended_at = excluded.ended_at
  )
  select id from gone`;

export const drop = (id: string, token: string): Sql => sql`
  delete from job where id = ${id}::uuid and leased_until = ${token}::timestamptz`;

export const clearDone = (hours: number): Sql =>
  sql`delete from job_done where ended_at < now() - ${hours} * interval '1 hour'`;

export const retry = (id: string, token: string, seconds: number, error: string): Sql => sql`
  update job set leased_until = null, due_at = clock_timestamp() + ${seconds} * interval '1 second', last_error = ${error}
  where id = ${id}::uuid and leased_until = ${token}::timestamptz returning due_at`;

// Never due again; the row stays for a person to look at.
export const giveUp = (id: string, token: string, error: string): Sql => sql`
  update job set leased_until = null, due_at = 'infinity', last_error = ${error}
  where id = ${id}::uuid and leased_until = ${token}::timestamptz`;

export const clearGivenUp = (days: number): Sql => sql`
  delete from job where due_at = 'infinity' and created_at < now() - ${days} * interval '1 day'`;

export const putOff = (id: string, token: string, seconds: number): Sql => sql`
  update job set leased_until = null, attempts = attempts - 1, due_at = clock_timestamp() + ${seconds} * interval '1 second'
  where id = ${id}::uuid and leased_until = ${token}::timestamptz returning due_at`;

export const handBack = (id: string, token: string): Sql => sql`
  update job set leased_until = null, attempts = attempts - 1
  where id = ${id}::uuid and leased_until = ${token}::timestamptz`;

// What a killed worker held is due since its lease ran out: under the time of the wake that it took along, another one would be a
// repetition to the queue, which still counts that one as running.
export const overdue = (limit: number): Sql => sql`
  select id, greatest(due_at, leased_until) as due_at from job
  where due_at <= now() and (leased_until is null or leased_until < now())
  order by job.due_at limit ${limit}`;

export const planned = (name: string): Sql => sql`
  select 1 as one from job where name = ${name} and due_at < 'infinity' limit 1`;
