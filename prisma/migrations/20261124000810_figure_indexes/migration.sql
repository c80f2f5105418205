-- outside a transaction

-- Figures are asked for every few seconds: they count what is not over, and never what is.
create index concurrently if not exists delivery_unknown on delivery (company_id, channel) where state = 'unknown';
create index concurrently if not exists outbox_unsent on outbox (channel, state) where state in ('waiting', 'failed');
create index concurrently if not exists import_open on import (company_id, state) where state in ('checking', 'queued', 'running');
create index concurrently if not exists export_open on export (company_id, state) where state in ('queued', 'running');
create index concurrently if not exists campaign_open on campaign (company_id, state) where state in ('scheduled', 'sending', 'paused');
