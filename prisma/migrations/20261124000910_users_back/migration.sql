-- Somebody was let in again: a journal that is done once more must not keep them out.
create function journal_user_back() returns trigger language plpgsql as $$
begin
  insert into journal_entry (id, company_id, kind, body) values (new_id(), null, 'userEnabled', jsonb_build_object('id', new.id));
  return null;
end $$;
create trigger journal_user_back after update of disabled_at on app_user
  for each row when (old.disabled_at is not null and new.disabled_at is null) execute function journal_user_back();
