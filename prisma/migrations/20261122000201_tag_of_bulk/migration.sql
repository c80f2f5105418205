-- The bulk action that put the tag there: what its undo takes away. Without a foreign key: no bulk is ever deleted, and one more check for
-- each of a million rows would only cost time.
alter table customer_tag add column bulk_id uuid;
