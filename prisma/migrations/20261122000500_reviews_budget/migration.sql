-- How many numbers a company's own key has opened on a day. It is no count of dealings: a number that is taken off its order again
-- has been looked at all the same.
create table dealing_budget (
  company_id uuid not null references company (id),
  day date not null,
  numbers bigint not null default 0,
  primary key (company_id, day)
);
alter table dealing_budget enable row level security;
alter table dealing_budget force row level security;
create policy company on dealing_budget to clientele_company
  using (company_id = current_company()) with check (company_id = current_company());
grant select, insert, update, delete on dealing_budget to clientele_company;

-- A review is its author's by the id of the author's row: no other company may make a row of that id.
create unique index own_review_id on own_review (id);

-- What was taken back, by its author or by a moderator, stays so.
drop policy company_withdraws on review;
create policy company_withdraws on review for update to clientele_company
  using (withdrawn_at is null and exists (select from own_review o where o.company_id = current_company() and o.id = review.id))
  with check (withdrawn_at is not null and exists (select from own_review o where o.company_id = current_company() and o.id = review.id));

-- Numbers that were stored before the shared tables knew them.
create index contact_unkeyed on contact (company_id) where kind = 'phone' and phone_key is null;
