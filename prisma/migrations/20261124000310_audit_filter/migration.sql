-- What a deed was done to, so that its history is found among millions of deeds: the id that its subject names first.
alter table audit_entry add column subject_id uuid;

-- Those of before: rows are written anew one by one, and nobody who reads or adds waits for it. The owner of the table sees no row of it.
do $$
begin
  perform set_config('role', 'clientele_portal', true);
  update audit_entry set subject_id = (subject ->> 'id')::uuid
  where subject ->> 'id' ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
  perform set_config('role', 'none', true);
end $$;

create index audit_entry_latest on audit_entry (at desc, id desc);
create index audit_entry_user on audit_entry (user_id, at desc, id desc);
create index audit_entry_action on audit_entry (action, at desc, id desc);
create index audit_entry_company_action on audit_entry (company_id, action, at desc, id desc);
create index audit_entry_subject on audit_entry (subject_id, at desc, id desc) where subject_id is not null;
