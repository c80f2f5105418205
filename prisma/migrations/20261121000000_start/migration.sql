-- The whole schema of the first version. Reading order: roles, the portal, a company's customers, jobs and mail, then the wall.
--
-- Conventions: company_id comes first in every key of a company's table; foreign keys are composite, so that a row can never
-- point into another company; what is filtered or sorted by is bigint, uuid, date, timestamptz or text with a CHECK, because
-- only their operators are leakproof and so may use an index under row level security.

create extension if not exists pg_trgm;
create extension if not exists btree_gin;

-- Roles belong to the whole server: other databases may be creating the same ones at this very moment.
do $$
declare
  wanted text;
  modern constant boolean := current_setting('server_version_num')::int >= 160000;
begin
  foreach wanted in array array['clientele_company', 'clientele_portal', 'clientele_search'] loop
    begin
      if not exists (select from pg_roles where rolname = wanted) then
        execute format('create role %I nologin', wanted);
      end if;
    exception when duplicate_object or unique_violation then null;
    end;
  end loop;
  -- Who creates a role is its administrator, but may not take it on until that is granted too (PostgreSQL 16).
  foreach wanted in array array['clientele_company', 'clientele_portal'] loop
    begin
      if not pg_has_role(current_user, wanted, case when modern then 'set' else 'member' end) then
        execute format(case when modern then 'grant %I to %I with inherit false, set true' else 'grant %I to %I' end, wanted, current_user);
      end if;
    exception when duplicate_object or unique_violation or internal_error then null;
    end;
  end loop;
end $$;

grant usage on schema public to clientele_company, clientele_portal, clientele_search;

-- The company of the current transaction. '' and not set are the same: no company, hence no rows.
create function current_company() returns uuid language sql stable parallel safe
  return nullif(current_setting('app.company_id', true), '')::uuid;

------------------------------------------------------------------------------------------------------------------------
-- The portal
------------------------------------------------------------------------------------------------------------------------

create table company (
  id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name text not null,
  country text not null check (country ~ '^[A-Z]{2}$'),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  timezone text not null,
  locale text not null default 'en' check (locale in ('en', 'uk')),
  plan text not null default 'paid' check (plan in ('paid', 'free')),
  identity text not null default 'automatic' check (identity in ('automatic', 'ask')),
  quiet_hours text default '20:00-9:00',
  created_at timestamptz not null default now()
);

create table app_user (
  id uuid primary key,
  email text not null unique,
  name text not null,
  password_hash text,
  locale text not null default 'en' check (locale in ('en', 'uk')),
  theme text not null default 'auto' check (theme in ('auto', 'light', 'dark')),
  moderator boolean not null default false,
  admin boolean not null default false,
  disabled_at timestamptz,
  created_at timestamptz not null default now()
);

create table membership (
  company_id uuid not null references company (id) on delete cascade,
  user_id uuid not null references app_user (id) on delete cascade,
  role text not null check (role in ('owner', 'manager', 'viewer')),
  created_at timestamptz not null default now(),
  primary key (company_id, user_id)
);
create index membership_user on membership (user_id, company_id);

create table invitation (
  company_id uuid not null references company (id) on delete cascade,
  id uuid not null,
  email text not null,
  role text not null check (role in ('owner', 'manager', 'viewer')),
  token_hash text not null,
  invited_by uuid references app_user (id) on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz,
  primary key (company_id, id)
);
create index invitation_token on invitation (token_hash);

create table password_reset (
  token_hash text primary key,
  user_id uuid not null references app_user (id) on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);

-- A key of one company, or of the portal (company_id is null). Only the hash is kept.
create table api_key (
  id uuid primary key,
  company_id uuid references company (id) on delete cascade,
  name text not null,
  key_hash text not null unique,
  hint text not null,
  scopes text[] not null,
  created_by uuid references app_user (id) on delete set null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index api_key_company on api_key (company_id, created_at);

-- 1 unit of from_currency = rate units of to_currency, in force from its day until the next one.
create table exchange_rate (
  from_currency text not null check (from_currency ~ '^[A-Z]{3}$'),
  to_currency text not null check (to_currency ~ '^[A-Z]{3}$'),
  day date not null,
  rate numeric(24, 12) not null check (rate > 0),
  created_at timestamptz not null default now(),
  primary key (from_currency, to_currency, day)
);

create table audit_entry (
  id uuid primary key,
  company_id uuid references company (id) on delete cascade,
  user_id uuid references app_user (id) on delete set null,
  action text not null,
  subject jsonb not null default '{}',
  at timestamptz not null default now()
);
create index audit_entry_company on audit_entry (company_id, at desc, id desc);

create table session (
  sid varchar primary key,
  sess json not null,
  expire timestamp(6) not null
);
create index session_expire on session (expire);

create table rate_limit (
  key varchar(255) primary key,
  points integer not null default 0,
  expire bigint
);
create index rate_limit_expire on rate_limit (expire);

------------------------------------------------------------------------------------------------------------------------
-- A company's customers
------------------------------------------------------------------------------------------------------------------------

-- Counters are recomputed from the rows below for the customers touched, never incremented. merged_into leads to the survivor.
create table customer (
  company_id uuid not null references company (id),
  id uuid not null,
  name text not null default '',
  name_folded text not null default '',
  name_by_hand boolean not null default false,
  gender text check (gender in ('female', 'male')),
  gender_by_hand boolean not null default false,
  region text,
  region_by_hand boolean not null default false,
  created_at timestamptz not null default now(),
  merged_into uuid,
  merged_at timestamptz,
  orders_count bigint not null default 0,
  threads_count bigint not null default 0,
  unanswered_count bigint not null default 0,
  activities_count bigint not null default 0,
  feedback_count bigint not null default 0,
  feedback_good bigint not null default 0,
  feedback_neutral bigint not null default 0,
  feedback_bad bigint not null default 0,
  sum_all bigint not null default 0,
  sum_paid bigint not null default 0,
  sum_cancelled bigint not null default 0,
  sum_open bigint not null default 0,
  -- [{"currency": "PLN", "amount": "12300"}]: minor units of orders for which no rate is known (P-47)
  unconverted jsonb not null default '[]',
  first_activity_at timestamptz,
  last_activity_at timestamptz,
  first_order_at timestamptz,
  last_order_at timestamptz,
  -- the default order of the list: the last activity, without any the day the customer was added (P-16)
  latest_at timestamptz not null default now(),
  -- where the row is counted in activity_rollup; null = not counted (merged, or not computed yet)
  rollup_day date,
  rollup_class text check (rollup_class in ('none', 'one', 'more')),
  primary key (company_id, id),
  foreign key (company_id, merged_into) references customer (company_id, id)
);
-- activities_count rides along so that the presets and a jump to a far page are answered by the index alone
create index customer_latest on customer (company_id, latest_at desc, id desc) include (activities_count) where merged_into is null;
create index customer_name on customer (company_id, name_folded collate "und-x-icu", id) where merged_into is null;
create index customer_orders on customer (company_id, orders_count, id) where merged_into is null;
create index customer_sum on customer (company_id, sum_all, id) where merged_into is null;
-- "case" and not "coalesce", which PostgreSQL does not count as leakproof: a page after a cursor would not find its place in the index
create index customer_last_order on customer (company_id, (case when last_order_at is null then '-infinity'::timestamptz else last_order_at end), id)
  where merged_into is null;
create index customer_created on customer (company_id, created_at, id) where merged_into is null;
create index customer_region on customer (company_id, region, latest_at desc, id desc) where merged_into is null and region is not null;
create index customer_merged on customer (company_id, merged_into) where merged_into is not null;

-- One identifier of one customer. A shared one stays visible and no longer identifies.
create table contact (
  company_id uuid not null,
  kind text not null check (kind in ('account', 'phone', 'email')),
  value text not null,
  customer_id uuid not null,
  given text not null,
  shared boolean not null default false,
  by_hand boolean not null default false,
  position bigint not null default 0,
  created_at timestamptz not null default now(),
  primary key (company_id, kind, value),
  foreign key (company_id, customer_id) references customer (company_id, id)
);
create index contact_customer on contact (company_id, customer_id, kind, position);

-- Whatever brings contacts: an order, a message, a feedback. What it said of the person is kept as given; why it belongs to its
-- customer is kept as because_*.
create table arrival (
  company_id uuid not null references company (id),
  id uuid not null,
  kind text not null check (kind in ('order', 'message', 'feedback')),
  external_id text not null,
  at timestamptz not null,
  customer_id uuid,
  name text,
  gender text check (gender in ('female', 'male')),
  region text,
  given jsonb not null default '{}',
  -- folded name, e-mails and digits as given: what the search box looks through (P-50, P-76)
  search text not null default '',
  because_kind text check (because_kind in ('account', 'phone', 'email')),
  because_value text,
  because_rule text check (because_rule in ('new', 'known', 'merged', 'strongest', 'moved')),
  content_hash text not null,
  source_updated_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (company_id, id),
  unique (company_id, kind, external_id),
  foreign key (company_id, customer_id) references customer (company_id, id)
);
create index arrival_customer on arrival (company_id, customer_id, kind, at desc, id desc);
create index arrival_latest on arrival (company_id, kind, at desc, id desc);

-- The normalised contacts of each arrival: the proof from which who is who can be recomputed.
create table evidence (
  company_id uuid not null,
  arrival_id uuid not null,
  kind text not null check (kind in ('account', 'phone', 'email')),
  value text not null,
  given text not null,
  primary key (company_id, arrival_id, kind, value),
  foreign key (company_id, arrival_id) references arrival (company_id, id) on delete cascade
);
create index evidence_value on evidence (company_id, kind, value);

create table orders (
  company_id uuid not null,
  id uuid not null,
  number text not null,
  status text not null check (status in ('new', 'processing', 'paid', 'shipped', 'completed', 'cancelled', 'rejected', 'returned')),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  total bigint not null,
  items_total bigint,
  paid_at timestamptz,
  -- the total in the company's currency, by the rate in force on the order's day; null: no rate was known
  converted bigint,
  rate numeric(24, 12),
  rate_day date,
  payment_method text,
  delivery_method text,
  delivery_address text,
  source text,
  items_count bigint not null default 0,
  first_item text,
  sum_class text not null generated always as (
    case when status in ('cancelled', 'rejected', 'returned') then 'cancelled'
         when paid_at is not null or status in ('paid', 'shipped', 'completed') then 'paid'
         else 'open' end) stored,
  primary key (company_id, id),
  foreign key (company_id, id) references arrival (company_id, id) on delete cascade
);
create index orders_number on orders (company_id, number);

create table order_item (
  company_id uuid not null,
  order_id uuid not null,
  line bigint not null,
  sku text,
  name text not null,
  quantity numeric(14, 3) not null,
  unit_price bigint not null,
  primary key (company_id, order_id, line),
  foreign key (company_id, order_id) references orders (company_id, id) on delete cascade
);

create table message (
  company_id uuid not null,
  id uuid not null,
  thread text not null,
  direction text not null check (direction in ('in', 'out')),
  channel text,
  text text not null,
  order_external_id text,
  primary key (company_id, id),
  foreign key (company_id, id) references arrival (company_id, id) on delete cascade
);
create index message_thread on message (company_id, thread);
create index message_order on message (company_id, order_external_id) where order_external_id is not null;

create table feedback (
  company_id uuid not null,
  id uuid not null,
  rating bigint not null check (rating between 1 and 5),
  text text not null,
  primary key (company_id, id),
  foreign key (company_id, id) references arrival (company_id, id) on delete cascade
);

-- Every merge, with the contact that caused it; soft, so that it can be undone.
create table customer_merge (
  company_id uuid not null,
  id uuid not null,
  survivor_id uuid not null,
  merged_id uuid not null,
  because_kind text check (because_kind in ('account', 'phone', 'email')),
  because_value text,
  arrival_id uuid,
  decided_by uuid references app_user (id) on delete set null,
  at timestamptz not null default now(),
  primary key (company_id, id),
  foreign key (company_id, survivor_id) references customer (company_id, id),
  foreign key (company_id, merged_id) references customer (company_id, id)
);
create index customer_merge_survivor on customer_merge (company_id, survivor_id);
create index customer_merge_merged on customer_merge (company_id, merged_id);

-- Two customers that one arrival names together, where the company wants to be asked.
create table duplicate (
  company_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  other_id uuid not null,
  because_kind text check (because_kind in ('account', 'phone', 'email')),
  because_value text,
  arrival_id uuid,
  state text not null default 'open' check (state in ('open', 'merged', 'dismissed')),
  created_at timestamptz not null default now(),
  primary key (company_id, id),
  unique (company_id, customer_id, other_id),
  foreign key (company_id, customer_id) references customer (company_id, id),
  foreign key (company_id, other_id) references customer (company_id, id)
);
create index duplicate_other on duplicate (company_id, other_id);

-- Exact counts of the presets: customers by the local day of their last activity. Customers without any stand at -infinity, 'none'.
create table activity_rollup (
  company_id uuid not null references company (id),
  day date not null,
  class text not null check (class in ('none', 'one', 'more')),
  customers bigint not null,
  primary key (company_id, day, class)
);

-- What the search box looks through, apart from customer so that a new order does not touch the trigram index.
-- Every word is preceded by a blank.
create table customer_search (
  company_id uuid not null,
  customer_id uuid not null,
  text text not null,
  primary key (company_id, customer_id),
  foreign key (company_id, customer_id) references customer (company_id, id) on delete cascade
);
create index customer_search_text on customer_search using gin (company_id, text gin_trgm_ops);

------------------------------------------------------------------------------------------------------------------------
-- Exports, notices, jobs, mail
------------------------------------------------------------------------------------------------------------------------

create table export (
  company_id uuid not null references company (id),
  id uuid not null,
  user_id uuid not null references app_user (id),
  format text not null check (format in ('xlsx', 'csv')),
  filter text not null default '',
  locale text not null default 'en' check (locale in ('en', 'uk')),
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled', 'revoked', 'expired')),
  rows_total bigint,
  rows_done bigint not null default 0,
  file_key text,
  size bigint,
  sha256 text,
  error text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  expires_at timestamptz,
  primary key (company_id, id)
);
create index export_latest on export (company_id, created_at desc, id desc);

create table export_download (
  company_id uuid not null,
  id uuid not null,
  export_id uuid not null,
  user_id uuid not null references app_user (id),
  address text,
  at timestamptz not null default now(),
  primary key (company_id, id),
  foreign key (company_id, export_id) references export (company_id, id) on delete cascade
);
create index export_download_export on export_download (company_id, export_id, at);

-- A message in the cabinet. user_id null: for everybody in the company.
create table notice (
  company_id uuid not null references company (id),
  id uuid not null,
  user_id uuid references app_user (id) on delete cascade,
  kind text not null,
  data jsonb not null default '{}',
  created_at timestamptz not null default now(),
  read_at timestamptz,
  primary key (company_id, id)
);
create index notice_unread on notice (company_id, user_id, created_at desc) where read_at is null;

-- Work to be done, written in the transaction that wants it. The queue only wakes workers; these rows are the truth.
create table job (
  id uuid primary key,
  company_id uuid references company (id) on delete cascade,
  name text not null,
  payload jsonb not null default '{}',
  due_at timestamptz not null default now(),
  attempts bigint not null default 0,
  leased_until timestamptz,
  last_error text,
  created_at timestamptz not null default now()
);
create index job_due on job (due_at);

-- Letters (and later SMS) on their way. Without a transport they stay 'kept' and are shown on the outbox page.
create table outbox (
  id uuid primary key,
  company_id uuid references company (id) on delete cascade,
  channel text not null check (channel in ('email', 'sms')),
  address text not null,
  subject text not null default '',
  body text not null,
  html text,
  state text not null default 'waiting' check (state in ('waiting', 'kept', 'sent', 'failed')),
  attempts bigint not null default 0,
  last_error text,
  created_at timestamptz not null default now(),
  sent_at timestamptz
);
create index outbox_latest on outbox (created_at desc, id desc);

------------------------------------------------------------------------------------------------------------------------
-- The wall
------------------------------------------------------------------------------------------------------------------------

-- A company's tables: everything under the company's role, and only its own rows.
do $$
declare
  name text;
begin
  foreach name in array array[
    'membership', 'invitation', 'customer', 'contact', 'arrival', 'evidence', 'orders', 'order_item', 'message', 'feedback',
    'customer_merge', 'duplicate', 'activity_rollup', 'customer_search', 'export', 'export_download', 'notice'
  ] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy company on %I to clientele_company using (company_id = current_company()) with check (company_id = current_company())', name);
    execute format('grant select, insert, update, delete on %I to clientele_company', name);
  end loop;
end $$;

-- The portal's tables.
do $$
declare
  name text;
begin
  foreach name in array array[
    'company', 'app_user', 'membership', 'invitation', 'password_reset', 'api_key', 'exchange_rate', 'audit_entry', 'job', 'outbox'
  ] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy portal on %I to clientele_portal using (true) with check (true)', name);
    execute format('grant select, insert, update, delete on %I to clientele_portal', name);
  end loop;
end $$;

-- The bell on every page: the portal counts a user's unread notices together with the user, but cannot read them.
create policy portal_count on notice for select to clientele_portal using (true);
grant select (company_id, user_id, read_at) on notice to clientele_portal;

-- What a company may see and do there.
create policy company on company to clientele_company using (id = current_company());
grant select, update (name, timezone, locale, identity, quiet_hours) on company to clientele_company;

create policy company on app_user for select to clientele_company
  using (exists (select from membership m where m.company_id = current_company() and m.user_id = app_user.id));
grant select (id, email, name, locale) on app_user to clientele_company;

create policy company on exchange_rate for select to clientele_company using (true);
grant select on exchange_rate to clientele_company;

create policy company on audit_entry for insert to clientele_company with check (company_id = current_company());
create policy company_read on audit_entry for select to clientele_company using (company_id = current_company());
grant select, insert on audit_entry to clientele_company;

create policy company on job for insert to clientele_company with check (company_id = current_company());
grant insert on job to clientele_company;

create policy company on outbox for insert to clientele_company with check (company_id = current_company());
grant insert on outbox to clientele_company;

-- Text search. LIKE is not leakproof, so under row level security the trigram index would not be used: this function filters by
-- the current company itself, and is owned by a role that nobody signs in as and that has a policy of its own.
create policy search on customer_search for select to clientele_search using (true);
grant select on customer_search to clientele_search;

-- words: LIKE patterns that must all match; alternatives: LIKE patterns of which one is enough. The patterns are bound, never spliced.
create function find_customers(words text[], alternatives text[]) returns setof uuid
  language plpgsql stable security definer rows 2000 set search_path = pg_catalog, public as $$
declare
  all_words text := (select string_agg(format('text like $2[%s]', n), ' and ') from generate_series(1, cardinality(words)) n);
  any_alternative text := (select string_agg(format('text like $3[%s]', n), ' or ') from generate_series(1, cardinality(alternatives)) n);
begin
  if all_words is null and any_alternative is null then
    return;
  end if;
  return query execute 'select customer_id from public.customer_search where company_id = $1 and ('
    || concat_ws(' or ', '(' || all_words || ')', any_alternative) || ')'
    using public.current_company(), words, alternatives;
end $$;

revoke execute on function find_customers(text[], text[]) from public;
grant execute on function find_customers(text[], text[]) to clientele_company;

-- Only a member of a role may hand it something; the membership goes right afterwards.
do $$
declare
  superuser boolean := (select rolsuper from pg_roles where rolname = current_user);
begin
  if not superuser then
    execute format('grant clientele_search to %I', current_user);
  end if;
  grant create on schema public to clientele_search;
  alter function find_customers(text[], text[]) owner to clientele_search;
  revoke create on schema public from clientele_search;
  if not superuser then
    execute format('revoke clientele_search from %I', current_user);
  end if;
end $$;
