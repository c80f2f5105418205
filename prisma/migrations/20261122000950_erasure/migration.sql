-- What a person asks for about a number: what names it is found exactly, and what was decided about their words stays as it was.

-- The contacts that lie in the trash of deleted customers, so that one of them is found without reading the trash of everybody.
create table trash_contact (
  company_id uuid not null,
  customer_id uuid not null,
  kind text not null,
  value text not null,
  primary key (company_id, kind, value, customer_id),
  foreign key (company_id, customer_id) references customer (company_id, id) on delete cascade
);
create index trash_contact_customer on trash_contact (company_id, customer_id);
insert into trash_contact (company_id, customer_id, kind, value)
select c.company_id, c.id, r.kind, r.value
from customer c
cross join lateral jsonb_to_recordset(c.trash -> 'contacts') as r (kind text, value text)
where c.deleted_at is not null and c.trash is not null
on conflict do nothing;

alter table trash_contact enable row level security;
alter table trash_contact force row level security;
create policy company on trash_contact to clientele_company using (company_id = current_company()) with check (company_id = current_company());
grant select, insert, update, delete on trash_contact to clientele_company;

-- An answer that was written anew stays with the case that decided it, and is no answer to the review any more: its review is null.
alter table reply alter column review_id drop not null;

-- An SMS that holds a code is worth nothing when the code is dead.
alter table outbox add column expires_at timestamptz;
