-- The second factor of a user: the secret of an authenticator app, sealed, and codes for the day it is lost.

create table second_factor (
  user_id uuid primary key references app_user (id) on delete cascade,
  -- sealed by the application: who reads this table can make no codes
  secret text not null,
  -- sessions carry it: a new one ends all others
  stamp uuid not null,
  -- the newest half minute whose code was taken: none is taken twice
  last_step bigint not null,
  created_at timestamptz not null default now()
);

create table recovery_code (
  user_id uuid not null references second_factor (user_id) on delete cascade,
  -- the first signs, by which it is found
  label text not null,
  code_hash text not null,
  used_at timestamptz,
  primary key (user_id, label)
);

-- Where a user is signed in. A session whose row is gone is over, wherever sessions are kept.
create table sign_in (
  id uuid primary key,
  user_id uuid not null references app_user (id) on delete cascade,
  browser text not null,
  address text not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);
create index sign_in_user on sign_in (user_id, seen_at desc);
create index sign_in_seen on sign_in (seen_at);

do $$
declare
  name text;
begin
  foreach name in array array['second_factor', 'recovery_code', 'sign_in'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy portal on %I to clientele_portal using (true) with check (true)', name);
    execute format('grant select, insert, update, delete on %I to clientele_portal', name);
  end loop;
end $$;

-- A company sees which of its members have one, and nothing of it.
create policy company on second_factor for select to clientele_company
  using (exists (select from membership m where m.company_id = current_company() and m.user_id = second_factor.user_id));
grant select (user_id, created_at) on second_factor to clientele_company;

-- Whether the company wants one of all its members.
alter table company add column second_factor boolean not null default false;
grant update (second_factor) on company to clientele_company;
