-- Saved segments, tags, editing, deletion, people's decisions on who is who, imports, and the portal's shared reviews.

------------------------------------------------------------------------------------------------------------------------
-- Customers: what people write about them, and that they can be deleted
------------------------------------------------------------------------------------------------------------------------

-- typed: added by a person, and so there without any order or message. version: rises with every save of the form.
-- trash: what a deleted customer owned, until it is restored or erased.
alter table customer
  add column note text not null default '' check (char_length(note) <= 2000),
  add column other_channels text not null default '' check (char_length(other_channels) <= 100),
  add column typed boolean not null default false,
  add column version bigint not null default 0,
  add column deleted_at timestamptz,
  add column deleted_by uuid references app_user (id) on delete set null,
  add column trash jsonb,
  add column listed boolean not null generated always as (merged_into is null and deleted_at is null) stored,
  add constraint customer_name_length check (not name_by_hand or char_length(name) <= 255),
  add constraint customer_one_end check (merged_into is null or deleted_at is null);

-- The same indexes as before, over the customers that lists show: neither merged nor deleted.
drop index customer_latest, customer_name, customer_orders, customer_sum, customer_last_order, customer_created, customer_region, customer_updated;
create index customer_latest on customer (company_id, latest_at desc, id desc) include (activities_count) where listed;
create index customer_name on customer (company_id, name_folded collate "und-x-icu", id) where listed;
create index customer_orders on customer (company_id, orders_count, id) where listed;
create index customer_sum on customer (company_id, sum_all, id) where listed;
create index customer_last_order on customer (company_id, (case when last_order_at is null then '-infinity'::timestamptz else last_order_at end), id)
  where listed;
create index customer_created on customer (company_id, created_at, id) where listed;
create index customer_region on customer (company_id, region, latest_at desc, id desc) where listed and region is not null;
create index customer_updated on customer (company_id, updated_at, id) where listed;
create index customer_deleted on customer (company_id, deleted_at, id) where deleted_at is not null;

-- What a person saw and did to a customer: [{"field": "name", "before": "…", "after": "…"}].
create table customer_change (
  company_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  user_id uuid references app_user (id) on delete set null,
  action text not null,
  changes jsonb not null default '[]',
  at timestamptz not null default now(),
  primary key (company_id, id),
  foreign key (company_id, customer_id) references customer (company_id, id) on delete cascade
);
create index customer_change_customer on customer_change (company_id, customer_id, at desc, id desc);

------------------------------------------------------------------------------------------------------------------------
-- Who is who: where a contact came from, and what people decided
------------------------------------------------------------------------------------------------------------------------

-- origin_id: the customer a contact first came to. A merge leads to the survivor and leaves the origin, so that it can be undone.
-- phone_key: the number under the portal's secret, as the shared tables know it. channels: what this number is reached by.
alter table contact
  add column origin_id uuid,
  add column phone_key text,
  add column channels text[] not null default '{}' check (channels <@ array['sms', 'viber', 'whatsapp', 'telegram']);
update contact set origin_id = customer_id;
alter table contact
  alter column origin_id set not null,
  add foreign key (company_id, origin_id) references customer (company_id, id);
create index contact_origin on contact (company_id, origin_id);
create index contact_phone_key on contact (company_id, phone_key, customer_id) where phone_key is not null;

-- merge: customer_id took in other_id. split: contacts of customer_id went to other_id, and the two stay apart.
-- apart: the two are not one. move: arrival_id belongs to customer_id, whatever its contacts say, and so does any later arrival of
-- the same fingerprint (its contacts and its name). share: contact_* identifies nobody.
create table decision (
  company_id uuid not null references company (id),
  id uuid not null,
  kind text not null check (kind in ('merge', 'split', 'apart', 'move', 'share')),
  -- decisions of one click are undone together
  step_id uuid not null,
  customer_id uuid,
  other_id uuid,
  arrival_id uuid,
  fingerprint text,
  contact_kind text check (contact_kind in ('account', 'phone', 'email')),
  contact_value text,
  -- split: [{"kind": "phone", "value": "+380671234567"}]
  contacts jsonb not null default '[]',
  -- what else this click changed and an undo takes back
  given jsonb not null default '{}',
  decided_by uuid references app_user (id) on delete set null,
  at timestamptz not null default now(),
  undone_by uuid references app_user (id) on delete set null,
  undone_at timestamptz,
  primary key (company_id, id),
  foreign key (company_id, customer_id) references customer (company_id, id),
  foreign key (company_id, other_id) references customer (company_id, id),
  foreign key (company_id, arrival_id) references arrival (company_id, id) on delete cascade,
  check (case kind when 'share' then contact_kind is not null and contact_value is not null
                   when 'move' then customer_id is not null and arrival_id is not null and fingerprint is not null
                   else customer_id is not null and other_id is not null end)
);
create index decision_customer on decision (company_id, customer_id);
create index decision_other on decision (company_id, other_id);
create index decision_arrival on decision (company_id, arrival_id) where arrival_id is not null;
create index decision_fingerprint on decision (company_id, fingerprint) where fingerprint is not null and undone_at is null;
create index decision_step on decision (company_id, step_id);
create index decision_latest on decision (company_id, at desc, id desc);

alter table customer_merge add column undone_at timestamptz;

-- Why two customers may be one: an arrival names both; the same name in the same region; numbers one digit apart.
alter table duplicate
  add column reason text not null default 'arrival' check (reason in ('arrival', 'name', 'digit', 'typed')),
  add column decided_by uuid references app_user (id) on delete set null,
  add column decided_at timestamptz;
create index duplicate_open on duplicate (company_id, created_at desc, id desc) where state = 'open';

-- A row of an imported file is an arrival as well: it brings contacts, and its line is the proof. It is no activity.
alter table arrival drop constraint arrival_kind_check;
alter table arrival add constraint arrival_kind_check check (kind in ('order', 'message', 'feedback', 'import'));
alter table arrival drop constraint arrival_because_rule_check;
alter table arrival add constraint arrival_because_rule_check
  check (because_rule in ('new', 'known', 'merged', 'strongest', 'moved', 'split'));

------------------------------------------------------------------------------------------------------------------------
-- Segments, tags, bulk work, imports
------------------------------------------------------------------------------------------------------------------------

-- A saved filter. With a key it stands for a preset that was edited, or deleted (deleted_at); without such a row the preset is as shipped.
create table segment (
  company_id uuid not null references company (id),
  id uuid not null,
  key text check (key in ('new', 'loyal', 'inactive')),
  name text not null check (char_length(name) between 1 and 100),
  -- the tree as the address writes it: where=…&where=…
  filter text not null default '',
  position bigint not null default 0,
  created_by uuid references app_user (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (company_id, id),
  unique (company_id, key)
);
create index segment_position on segment (company_id, position, id);

create table tag (
  company_id uuid not null references company (id),
  id uuid not null,
  name text not null check (char_length(name) between 1 and 50),
  name_folded text not null,
  colour text not null default 'blue'
    check (colour in ('blue', 'azure', 'indigo', 'purple', 'pink', 'red', 'orange', 'yellow', 'lime', 'green', 'teal', 'cyan')),
  created_at timestamptz not null default now(),
  primary key (company_id, id),
  unique (company_id, name_folded)
);

create table customer_tag (
  company_id uuid not null,
  customer_id uuid not null,
  tag_id uuid not null,
  user_id uuid references app_user (id) on delete set null,
  at timestamptz not null default now(),
  primary key (company_id, customer_id, tag_id),
  foreign key (company_id, customer_id) references customer (company_id, id) on delete cascade,
  foreign key (company_id, tag_id) references tag (company_id, id) on delete cascade
);
create index customer_tag_tag on customer_tag (company_id, tag_id, customer_id);

create table order_tag (
  company_id uuid not null,
  order_id uuid not null,
  tag_id uuid not null,
  user_id uuid references app_user (id) on delete set null,
  at timestamptz not null default now(),
  primary key (company_id, order_id, tag_id),
  foreign key (company_id, order_id) references orders (company_id, id) on delete cascade,
  foreign key (company_id, tag_id) references tag (company_id, id) on delete cascade
);
create index order_tag_tag on order_tag (company_id, tag_id, order_id);

-- One thing done to many customers, as a job: which (a filter, or ticked ones), how far it is, and what it changed, for the undo.
create table bulk (
  company_id uuid not null references company (id),
  id uuid not null,
  user_id uuid references app_user (id) on delete set null,
  action text not null check (action in ('tag', 'untag', 'delete')),
  tag_id uuid,
  filter text not null default '',
  customer_ids uuid[],
  -- the moment the filter is asked at: "within 3 months" means the same from the first customer to the last
  asked_at timestamptz not null,
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled', 'undoing', 'undone')),
  total bigint,
  seen bigint not null default 0,
  changed bigint not null default 0,
  undone bigint not null default 0,
  -- up to and including this customer it is done; null: none yet
  reached uuid,
  error text,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (company_id, id),
  foreign key (company_id, tag_id) references tag (company_id, id)
);
create index bulk_latest on bulk (company_id, created_at desc, id desc);

create table bulk_change (
  company_id uuid not null,
  bulk_id uuid not null,
  customer_id uuid not null,
  primary key (company_id, bulk_id, customer_id),
  foreign key (company_id, bulk_id) references bulk (company_id, id) on delete cascade,
  foreign key (company_id, customer_id) references customer (company_id, id) on delete cascade
);
create index bulk_change_customer on bulk_change (company_id, customer_id);

create table import (
  company_id uuid not null references company (id),
  id uuid not null,
  user_id uuid references app_user (id) on delete set null,
  file_name text not null,
  format text not null check (format in ('csv', 'xlsx')),
  file_key text,
  size bigint not null default 0,
  sha256 text,
  -- how the file is read (encoding, delimiter, heading) and which column is what
  reading jsonb not null default '{}',
  mapping jsonb not null default '{}',
  state text not null default 'uploaded'
    check (state in ('uploaded', 'checking', 'checked', 'queued', 'running', 'done', 'failed', 'cancelled')),
  rows_total bigint,
  rows_done bigint not null default 0,
  -- how many would be, then were: {"created": 1, "updated": 2, "merged": 0, "unchanged": 3, "refused": 4}
  counts jsonb not null default '{}',
  error text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  primary key (company_id, id)
);
create index import_latest on import (company_id, created_at desc, id desc);

-- One row of the file and what became of it.
create table import_row (
  company_id uuid not null,
  import_id uuid not null,
  line bigint not null,
  cells jsonb not null,
  outcome text check (outcome in ('created', 'updated', 'merged', 'unchanged', 'refused')),
  customer_id uuid,
  problems jsonb not null default '[]',
  primary key (company_id, import_id, line),
  foreign key (company_id, import_id) references import (company_id, id) on delete cascade,
  foreign key (company_id, customer_id) references customer (company_id, id)
);
create index import_row_outcome on import_row (company_id, import_id, outcome, line);
create index import_row_customer on import_row (company_id, customer_id) where customer_id is not null;

------------------------------------------------------------------------------------------------------------------------
-- Reviews about customers
------------------------------------------------------------------------------------------------------------------------

-- That a company really dealt with a number: an order or a message whose own evidence holds it. counted_on: since when it lets the
-- company read what others wrote; null: beyond the day's budget of what a company may push by its own key.
create table dealing (
  company_id uuid not null references company (id),
  phone_key text not null,
  by_portal boolean not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  counted_on date,
  primary key (company_id, phone_key)
);
create index dealing_counted on dealing (company_id, counted_on) where not by_portal;
create index dealing_number on dealing (phone_key);

-- Who of a company first looked at what others wrote about a number; the person behind it can ask.
create table review_look (
  company_id uuid not null references company (id),
  phone_key text not null,
  user_id uuid references app_user (id) on delete set null,
  at timestamptz not null default now(),
  primary key (company_id, phone_key)
);
create index review_look_number on review_look (phone_key);

-- A company's own review about a number. Its author alone sees this row; what others see is the row of the same id in review.
create table own_review (
  company_id uuid not null references company (id),
  id uuid not null,
  phone_key text not null,
  -- the last two digits, for display
  phone_hint text not null,
  state text not null default 'pending' check (state in ('pending', 'published', 'refused', 'changes', 'withdrawn', 'removed')),
  -- keys of the name's words and of the e-mails the author knew this number by, to tell a former owner from the present one
  known_as text[] not null default '{}',
  created_at timestamptz not null default now(),
  withdrawn_at timestamptz,
  primary key (company_id, id)
);
create unique index own_review_number on own_review (company_id, phone_key) where withdrawn_at is null and state <> 'removed';
create index own_review_phone on own_review (phone_key);

-- What the author wrote, each time: the first text and every correction, with what became of it.
create table review_revision (
  company_id uuid not null,
  id uuid not null,
  review_id uuid not null,
  user_id uuid references app_user (id) on delete set null,
  sentiment text not null check (sentiment in ('positive', 'neutral', 'negative')),
  reason text not null,
  text text not null check (char_length(text) <= 2000),
  anonymous boolean not null default false,
  state text not null default 'pending' check (state in ('pending', 'published', 'refused', 'changes', 'superseded', 'withdrawn')),
  -- the moderator's words to the author
  answer text,
  created_at timestamptz not null default now(),
  decided_at timestamptz,
  primary key (company_id, id),
  foreign key (company_id, review_id) references own_review (company_id, id),
  -- a bad word is signed, and reasoned (P-86, P-87)
  check (sentiment <> 'negative' or (not anonymous and char_length(text) > 0))
);
create index review_revision_review on review_revision (company_id, review_id, created_at desc);

-- What is published, under the number's key. It does not say who wrote it, unless it is signed.
create table review (
  id uuid primary key,
  phone_key text not null,
  phone_hint text not null,
  sentiment text not null check (sentiment in ('positive', 'neutral', 'negative')),
  reason text not null,
  text text not null,
  -- the company's name at that time; null: anonymous
  signed_as text,
  known_as text[] not null default '{}',
  -- when the author last dealt with the number before writing
  dealt_at timestamptz not null,
  published_at timestamptz not null,
  corrected_at timestamptz,
  withdrawn_at timestamptz
);
create index review_number on review (phone_key, published_at desc);

-- What holds for a number as a whole. hidden_at: while its person objects to the sharing, or for good where the objection was upheld.
create table phone_sharing (
  phone_key text primary key,
  hidden_at timestamptz,
  -- the person was told by SMS of the first published review
  told_at timestamptz
);

-- The person's one answer to a review.
create table reply (
  id uuid primary key,
  review_id uuid not null unique references review (id),
  phone_key text not null,
  text text not null check (char_length(text) <= 2000),
  state text not null default 'pending' check (state in ('pending', 'published', 'refused')),
  answer text,
  created_at timestamptz not null default now(),
  decided_at timestamptz
);

-- Somebody says that a review is not true: another company with the same customer, or the person (company_id is null).
create table dispute (
  id uuid primary key,
  review_id uuid not null references review (id),
  company_id uuid references company (id),
  user_id uuid references app_user (id) on delete set null,
  text text not null check (char_length(text) between 1 and 2000),
  state text not null default 'open' check (state in ('open', 'upheld', 'rejected')),
  answer text,
  created_at timestamptz not null default now(),
  decided_at timestamptz
);
create unique index dispute_open on dispute (review_id, company_id) nulls not distinct where state = 'open';

-- What waits for a moderator: a text of a company (revision), of a person (reply), or a dispute about a published one.
create table moderation_case (
  id uuid primary key,
  kind text not null check (kind in ('revision', 'reply', 'dispute')),
  subject_id uuid not null,
  review_id uuid not null,
  phone_key text not null,
  -- the review's author, whose members may not decide; null: a reply or a person's dispute
  company_id uuid references company (id),
  user_id uuid references app_user (id) on delete set null,
  created_at timestamptz not null default now(),
  claimed_by uuid references app_user (id) on delete set null,
  claimed_until timestamptz,
  decision text check (decision in ('published', 'refused', 'changes', 'upheld', 'rejected', 'withdrawn')),
  answer text,
  decided_by uuid references app_user (id) on delete set null,
  decided_at timestamptz,
  check ((decision is null) = (decided_at is null))
);
create index moderation_case_waiting on moderation_case (created_at, id) where decision is null;
create index moderation_case_decided on moderation_case (decided_at desc, id desc) where decision is not null;
create index moderation_case_subject on moderation_case (subject_id);
create index moderation_case_number on moderation_case (phone_key);

-- A person objects to the sharing as a whole; an administrator decides, and meanwhile nothing about the number is shown.
create table objection (
  id uuid primary key,
  phone_key text not null,
  phone_hint text not null,
  text text not null check (char_length(text) <= 2000),
  state text not null default 'open' check (state in ('open', 'upheld', 'rejected')),
  answer text,
  created_at timestamptz not null default now(),
  decided_by uuid references app_user (id) on delete set null,
  decided_at timestamptz
);
create unique index objection_open on objection (phone_key) where state = 'open';
create index objection_latest on objection (created_at desc, id desc);

-- One-time codes of the customer's own page. Only hashes.
create table about_code (
  id uuid primary key,
  phone_key text not null,
  code_hash text not null,
  attempts bigint not null default 0,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index about_code_number on about_code (phone_key, created_at desc);

-- A person asks for a copy of the data or for erasure. The number itself stands here only until that is done.
create table person_request (
  id uuid primary key,
  phone_key text not null,
  phone text,
  kind text not null check (kind in ('copy', 'erasure')),
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed')),
  -- what was found and done, in counts
  outcome jsonb not null default '{}',
  file_key text,
  created_at timestamptz not null default now(),
  done_at timestamptz,
  expires_at timestamptz
);
create index person_request_number on person_request (phone_key, created_at desc);

-- Switches of the portal as a whole, each under its name.
create table portal_setting (
  name text primary key,
  value jsonb not null,
  updated_by uuid references app_user (id) on delete set null,
  updated_at timestamptz not null default now()
);

------------------------------------------------------------------------------------------------------------------------
-- The wall
------------------------------------------------------------------------------------------------------------------------

do $$
declare
  name text;
begin
  foreach name in array array[
    'customer_change', 'decision', 'segment', 'tag', 'customer_tag', 'order_tag', 'bulk', 'bulk_change', 'import', 'import_row',
    'dealing', 'review_look', 'own_review', 'review_revision'
  ] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy company on %I to clientele_company using (company_id = current_company()) with check (company_id = current_company())', name);
    execute format('grant select, insert, update, delete on %I to clientele_company', name);
  end loop;
  foreach name in array array[
    'review', 'phone_sharing', 'reply', 'dispute', 'moderation_case', 'objection', 'about_code', 'person_request', 'portal_setting',
    'dealing', 'review_look', 'own_review', 'review_revision'
  ] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy portal on %I to clientele_portal using (true) with check (true)', name);
    execute format('grant select, insert, update, delete on %I to clientele_portal', name);
  end loop;
end $$;

-- A company reads a published review where it dealt with the number itself and its person does not object; and what is its own.
create policy hidden on phone_sharing for select to clientele_company using (hidden_at is not null);
grant select (phone_key, hidden_at) on phone_sharing to clientele_company;

create policy company on review for select to clientele_company using (
  (withdrawn_at is null
    and exists (select from dealing d where d.company_id = current_company() and d.phone_key = review.phone_key and d.counted_on is not null)
    and not exists (select from phone_sharing s where s.phone_key = review.phone_key and s.hidden_at is not null))
  or exists (select from own_review o where o.company_id = current_company() and o.id = review.id)
);
-- An author takes back its own.
create policy company_withdraws on review for update to clientele_company
  using (exists (select from own_review o where o.company_id = current_company() and o.id = review.id))
  with check (exists (select from own_review o where o.company_id = current_company() and o.id = review.id));
grant select, update (withdrawn_at) on review to clientele_company;

create policy company on reply for select to clientele_company
  using (state = 'published' and exists (select from review r where r.id = reply.review_id));
grant select on reply to clientele_company;

create policy company on dispute for select to clientele_company using (company_id = current_company());
create policy company_writes on dispute for insert to clientele_company
  with check (company_id = current_company() and exists (select from review r where r.id = dispute.review_id));
grant select, insert on dispute to clientele_company;

-- A company hands its texts in, and takes back what has not been decided.
create policy company on moderation_case for insert to clientele_company with check (company_id = current_company());
create policy company_reads on moderation_case for select to clientele_company using (company_id = current_company());
create policy company_withdraws on moderation_case for update to clientele_company
  using (company_id = current_company() and decision is null) with check (company_id = current_company());
grant insert, select (id, kind, subject_id, review_id, company_id, decision), update (decision, decided_at) on moderation_case to clientele_company;

create policy company on portal_setting for select to clientele_company using (true);
grant select (name, value) on portal_setting to clientele_company;
