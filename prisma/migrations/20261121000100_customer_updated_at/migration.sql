-- When anything about the customer last changed: programs ask for what changed since they last asked.
alter table customer add column updated_at timestamptz not null default now();
create index customer_updated on customer (company_id, updated_at, id) where merged_into is null;
