-- Everything about one customer as a file, what is left to do after somebody was erased, and what a restored backup must not undo.

------------------------------------------------------------------------------------------------------------------------
-- A file about one customer
------------------------------------------------------------------------------------------------------------------------

-- person: everything the company keeps of customer_id, to be handed to whoever it is about.
alter table export drop constraint export_format_check;
alter table export add constraint export_format_check check (format in ('xlsx', 'csv', 'person')) not valid;
alter table export validate constraint export_format_check;
alter table export add column customer_id uuid;
alter table export add constraint export_company_id_customer_id_fkey
  foreign key (company_id, customer_id) references customer (company_id, id) not valid;
alter table export validate constraint export_company_id_customer_id_fkey;

------------------------------------------------------------------------------------------------------------------------
-- After an erasure
------------------------------------------------------------------------------------------------------------------------

-- Somebody was erased, by whom it is done at once; files, searches that were typed in and texts are looked through by a job. told: what
-- named the person, {"phones": [], "emails": [], "accounts": [], "names": []}; it stands here only until that is done. keys: the same
-- numbers and addresses under the portal's key. reviews: whether what the company wrote about the numbers goes as well.
create table erasure (
  company_id uuid not null references company (id),
  id uuid not null,
  customer_ids uuid[] not null default '{}',
  keys text[] not null default '{}',
  reviews boolean not null default false,
  told jsonb,
  created_at timestamptz not null default now(),
  done_at timestamptz,
  primary key (company_id, id)
);
alter table erasure enable row level security;
alter table erasure force row level security;
create policy company on erasure to clientele_company using (company_id = current_company()) with check (company_id = current_company());
grant select, insert, update, delete on erasure to clientele_company;

------------------------------------------------------------------------------------------------------------------------
-- The journal: what must outlive a restored backup, on its way to the file store
------------------------------------------------------------------------------------------------------------------------

-- Keys and ids, never a number or a name. object: the file that it is being written to.
create table journal_entry (
  id uuid primary key,
  company_id uuid references company (id) on delete cascade,
  kind text not null,
  body jsonb not null default '{}',
  at timestamptz not null default clock_timestamp(),
  object uuid
);
create index journal_entry_waiting on journal_entry (id) where object is null;
create index journal_entry_object on journal_entry (object) where object is not null;

-- Every file of the journal that this database knows: one that it does not know was written after its backup.
create table journal_object (
  id uuid primary key,
  at timestamptz not null default now(),
  written_at timestamptz
);
create index journal_object_waiting on journal_object (id) where written_at is null;

do $$
declare
  name text;
begin
  foreach name in array array['journal_entry', 'journal_object'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy portal on %I to clientele_portal using (true) with check (true)', name);
    execute format('grant select, insert, update, delete on %I to clientele_portal', name);
  end loop;
end $$;
create policy company on journal_entry for insert to clientele_company with check (company_id = current_company());
grant insert on journal_entry to clientele_company;

-- A number that gets nothing, or may get something again.
create function journal_suppression() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    insert into journal_entry (id, company_id, kind, body)
    values (new_id(), old.company_id, 'released', jsonb_build_object('key', old.address_key));
  else
    insert into journal_entry (id, company_id, kind, body)
    values (new_id(), new.company_id, 'silenced', jsonb_build_object('key', new.address_key, 'reason', new.reason, 'hint', new.hint));
  end if;
  return null;
end $$;
create trigger journal_suppression after insert or update of reason or delete on suppression
  for each row execute function journal_suppression();

create function journal_refusal() returns trigger language plpgsql as $$
begin
  insert into journal_entry (id, company_id, kind, body)
  values (new_id(), new.company_id, 'refused', jsonb_build_object('key', new.address_key, 'channel', new.channel, 'at', new.at));
  return null;
end $$;
create trigger journal_refusal after insert on consent_record for each row when (not new.granted) execute function journal_refusal();

create function journal_erasure() returns trigger language plpgsql as $$
begin
  insert into journal_entry (id, company_id, kind, body)
  values (new_id(), new.company_id, 'erased', jsonb_build_object('customers', to_jsonb(new.customer_ids), 'keys', to_jsonb(new.keys)));
  return null;
end $$;
create trigger journal_erasure after insert on erasure for each row execute function journal_erasure();

-- A campaign that left its draft: it must not be launched once more by whoever does not know.
create function journal_launch() returns trigger language plpgsql as $$
begin
  insert into journal_entry (id, company_id, kind, body)
  values (new_id(), new.company_id, 'launched', jsonb_build_object('campaign', new.id, 'externalId', new.external_id));
  return null;
end $$;
create trigger journal_launch after update of state on campaign
  for each row when (old.state = 'draft' and new.state <> 'draft') execute function journal_launch();

create function journal_key() returns trigger language plpgsql as $$
begin
  insert into journal_entry (id, company_id, kind, body) values (new_id(), null, 'keyRevoked', jsonb_build_object('id', new.id));
  return null;
end $$;
create trigger journal_key after update of revoked_at on api_key
  for each row when (old.revoked_at is null and new.revoked_at is not null) execute function journal_key();

create function journal_user() returns trigger language plpgsql as $$
begin
  insert into journal_entry (id, company_id, kind, body) values (new_id(), null, 'userDisabled', jsonb_build_object('id', new.id));
  return null;
end $$;
create trigger journal_user after update of disabled_at on app_user
  for each row when (old.disabled_at is null and new.disabled_at is not null) execute function journal_user();

------------------------------------------------------------------------------------------------------------------------
-- After a restore
------------------------------------------------------------------------------------------------------------------------

-- When it would be due, were it known that it was not sent after the backup. null: nothing is in doubt.
alter table delivery add column doubt_due_at timestamptz;
create index delivery_doubt on delivery (company_id, created_at, id) where doubt_due_at is not null;

-- Whoever signed out since the backup stays signed out.
grant select, delete on session to clientele_portal;
