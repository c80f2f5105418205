-- attempt: who works on it now; an attempt that lost its place changes nothing any more.
alter table import add column attempt uuid;

-- What the check says will become of the row; outcome says what became of it. An import that is not run has no outcomes but refusals.
alter table import_row
  add column expected text check (expected in ('created', 'updated', 'merged', 'unchanged', 'refused')),
  drop constraint import_row_company_id_customer_id_fkey,
  add foreign key (company_id, customer_id) references customer (company_id, id) on delete set null (customer_id);
create index import_row_expected on import_row (company_id, import_id, expected, line);
-- What is still to be done.
create index import_row_waiting on import_row (company_id, import_id, line) where outcome is null;
