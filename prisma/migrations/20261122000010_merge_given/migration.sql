-- What the survivor got from the merged customer beside contacts and arrivals, so that undoing the merge takes it back:
-- {"tags": ["<tag id>"], "fields": {"name": "…"}}.
alter table customer_merge add column given jsonb not null default '{}';
