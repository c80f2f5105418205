import { type Sql, sql } from '../platform/db.ts';

// Whoever scrapes comes again: figures that take long are not worth waiting for.
export const inTime = (milliseconds: number): Sql =>
  sql`select set_config('statement_timeout', ${String(milliseconds)}, true)`;

// A job that is done leaves no row, so this table is what is left to do.
export const jobs = (): Sql => sql`
  select name, state, count(*)::int as count, coalesce(max(extract(epoch from now() - since)), 0)::float8 as oldest
  from (
    select name, greatest(due_at, leased_until) as since,
      case when due_at = 'infinity' then 'given_up' when leased_until >= now() then 'running' when leased_until is not null then 'lapsed'
           when due_at > now() then 'scheduled' else 'waiting' end as state
    from job
  ) j group by name, state`;

// Each by a partial index of what is not over.
export const open = (): Sql => sql`
  select 'letters' as what, channel as kind, state, count(*)::int as count from outbox where state in ('waiting', 'failed') group by channel, state
  union all
  select 'unknown', channel, 'unknown', count(*)::int from delivery where state = 'unknown' group by channel
  union all
  select 'imports', '', state, count(*)::int from import where state in ('checking', 'queued', 'running') group by state
  union all
  select 'exports', '', state, count(*)::int from export where state in ('queued', 'running') group by state
  union all
  select 'campaigns', '', state, count(*)::int from campaign where state in ('scheduled', 'sending', 'paused') group by state`;

export const held = (): Sql => sql`select exists (select from portal_setting where name = 'restored') as held`;

export const people = (): Sql => sql`
  select count(*)::int as signed_in, (count(*) filter (where seen_at > now() - interval '15 minutes'))::int as active from sign_in`;

// What the server counts anyway, whichever server it is and however it is copied.
export const database = (): Sql => sql`
  select pg_database_size(datid)::float8 as bytes, numbackends::int as connections, current_setting('max_connections')::int as most,
    xact_commit::float8 as commits, xact_rollback::float8 as rollbacks, blks_read::float8 as blocks_read, blks_hit::float8 as blocks_hit,
    temp_bytes::float8 as temporary_bytes, deadlocks::float8 as deadlocks
  from pg_stat_database where datname = current_database()`;
