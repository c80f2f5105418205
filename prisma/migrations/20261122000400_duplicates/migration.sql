-- The search for duplicates: when it last went through a company, and the contacts that it would call shared.

create table duplicate_search (
  company_id uuid not null references company (id),
  asked_at timestamptz not null default now(),
  finished_at timestamptz,
  -- how many pairs and contacts were new the last time
  found bigint not null default 0,
  primary key (company_id)
);

-- A contact that people of so many different names use: perhaps a call centre's phone, or info@. names: how many.
create table shared_proposal (
  company_id uuid not null references company (id),
  id uuid not null,
  kind text not null check (kind in ('account', 'phone', 'email')),
  value text not null,
  names bigint not null,
  found_at timestamptz not null default now(),
  dismissed_by uuid references app_user (id) on delete set null,
  dismissed_at timestamptz,
  primary key (company_id, id),
  unique (company_id, kind, value)
);

do $$
declare
  name text;
begin
  foreach name in array array['duplicate_search', 'shared_proposal'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy company on %I to clientele_company using (company_id = current_company()) with check (company_id = current_company())', name);
    execute format('grant select, insert, update, delete on %I to clientele_company', name);
  end loop;
end $$;

-- The number in the menu of every page: the portal counts the open questions together with the user, and can read nothing of them.
-- decided_at on an open one: put off for later.
create index duplicate_waiting on duplicate (company_id) where state = 'open' and decided_at is null;
create policy portal_count on duplicate for select to clientele_portal using (true);
grant select (company_id, state, decided_at) on duplicate to clientele_portal;

-- The few that identify nobody.
create index contact_shared on contact (company_id, kind, value) where shared;
