-- Companies of the portal itself: nobody works in them, and what stands in them is never anybody else's to see.
alter table company add column watch boolean not null default false;

-- One look through everything that companies are shown. asked_by null: the timetable.
create table wall_run (
  id uuid primary key,
  asked_by uuid references app_user (id) on delete set null,
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
  asked_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  -- how many companies are to be opened, and how many were
  companies_total bigint not null default 0,
  companies bigint not null default 0,
  -- rows of the route table that were opened, of those that a company can open
  addresses bigint not null default 0,
  addresses_total bigint not null default 0,
  answers bigint not null default 0,
  -- answers that said nothing, because they failed: what stands behind them was not looked at
  failures bigint not null default 0,
  canaries bigint not null default 0,
  leaks bigint not null default 0,
  error text
);
create index wall_run_latest on wall_run (asked_at desc, id desc);

-- An answer that showed one company something of another. belongs_to null: nobody knows whose.
create table wall_finding (
  id uuid primary key,
  run_id uuid not null references wall_run (id) on delete cascade,
  shown_to uuid references company (id) on delete cascade,
  belongs_to uuid references company (id) on delete set null,
  -- the row of the route table, and what was asked of it
  route text not null,
  address text not null,
  what text not null check (what in ('id', 'word', 'phone', 'email', 'stranger', 'status')),
  -- an id or a made-up word, never a person's
  detail text not null,
  at timestamptz not null default now()
);
create index wall_finding_run on wall_finding (run_id, at, id);

-- When each company was opened last: who waits longest is next.
create table wall_visit (
  visited uuid primary key references company (id) on delete cascade,
  at timestamptz not null
);

-- What was done lately, for the board of jobs: a job that is done leaves no row of its own.
create table job_done (
  id uuid primary key,
  name text not null,
  of_company uuid,
  attempts bigint not null,
  ended_at timestamptz not null default now()
);
create index job_done_ended on job_done (ended_at);

-- Somebody does not want it any more: whoever waits for it is told, and it goes.
alter table job add column cancelled_at timestamptz;

do $$
declare
  name text;
begin
  foreach name in array array['wall_run', 'wall_finding', 'wall_visit', 'job_done'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy portal on %I to clientele_portal using (true) with check (true)', name);
    execute format('grant select, insert, update, delete on %I to clientele_portal', name);
  end loop;
end $$;
