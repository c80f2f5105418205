-- What a person types in has its limits here too (P-57, P-58, P-60 to P-63): what orders bring, and a merge joins, is not typed.
alter table customer
  add constraint customer_region_length check (not region_by_hand or char_length(region) <= 255);
alter table contact
  add constraint contact_typed_length check (not by_hand or char_length(value) <= 255);

-- Up to 5 phones and 5 e-mail addresses typed in for one customer; a merge leaves them with the one they first came to.
create function typed_contacts_limit() returns trigger language plpgsql as $$
begin
  if (select count(*) from contact k
      where k.company_id = new.company_id and k.origin_id = new.origin_id and k.kind = new.kind and k.by_hand and k.value <> new.value) >= 5
  then
    raise exception 'a customer has at most 5 typed contacts of a kind' using errcode = 'check_violation';
  end if;
  return new;
end $$;

create trigger contact_typed_limit before insert on contact for each row when (new.by_hand) execute function typed_contacts_limit();
