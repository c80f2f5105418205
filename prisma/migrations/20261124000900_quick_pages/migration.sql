-- outside a transaction
-- Merged and deleted customers keep their tags and do not count: the page of tags takes them off, and read a million customers to find them.
create index concurrently if not exists customer_unlisted on customer (company_id, id) where not listed;
-- What a campaign has cost so far is added up on the index alone, as its states are counted.
create index concurrently if not exists delivery_spent on delivery (company_id, campaign_id, state) include (called_at, parts, price_micros);
drop index concurrently if exists delivery_state;
