-- What the merged customer owned at that moment: with it a merge can be undone, whatever was posted since.
-- [{"kind": "phone", "value": "+380671234567"}]; the arrivals follow by their evidence.
alter table customer_merge add column contacts jsonb not null default '[]';
