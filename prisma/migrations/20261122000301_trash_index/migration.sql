-- Only those who can be brought back are looked for: the empty rows of erased customers would be walked over each day.
drop index customer_deleted;
create index customer_trash on customer (company_id, deleted_at, id) where trash is not null;
