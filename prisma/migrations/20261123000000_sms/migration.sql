-- SMS: campaigns, the ledger of deliveries, consents, numbers that said STOP, senders and prices.

------------------------------------------------------------------------------------------------------------------------
-- What a company decides about its SMS, and what is known of a number
------------------------------------------------------------------------------------------------------------------------

-- sms_consent: 'existing': who has ordered or written may get SMS until they say no; 'asked': only who has said yes.
-- sms_cap: SMS of campaigns to one customer a day, by the company's calendar; 0: as many as there are.
-- sms_budget: minor units of the company's currency a month; null: no ceiling. number: the company in the addresses that SMS carry.
alter table company
  add column sms_consent text not null default 'existing' check (sms_consent in ('existing', 'asked')),
  add column sms_cap bigint not null default 1 check (sms_cap between 0 and 100),
  add column sms_budget bigint check (sms_budget >= 0),
  add column number bigint not null generated always as identity unique;
grant update (sms_consent, sms_cap, sms_budget) on company to clientele_company;

-- Whether a phone may take SMS, and whose country it is of; null: not looked at yet, or no phone.
alter table contact
  add column mobile boolean,
  add column country text check (country ~ '^[A-Z0-9]{2,3}$');

-- Ids that begin with the time, for rows that a statement makes from a statement.
create function new_id() returns uuid language sql volatile parallel safe as $$
  select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;

------------------------------------------------------------------------------------------------------------------------
-- The portal's senders and prices
------------------------------------------------------------------------------------------------------------------------

-- address: a number (E.164), a short code, a name of letters, or a messaging service (MG…). The portal's default sender comes from its
-- configuration and needs no row.
create table sender (
  id uuid primary key,
  address text not null unique check (char_length(address) between 3 and 40),
  name text not null default '' check (char_length(name) <= 100),
  per_second bigint not null default 10 check (per_second between 1 and 10000),
  created_at timestamptz not null default now()
);

create table company_sender (
  company_id uuid not null references company (id) on delete cascade,
  sender_id uuid not null references sender (id) on delete cascade,
  created_at timestamptz not null default now(),
  primary key (company_id, sender_id)
);
create index company_sender_sender on company_sender (sender_id);

-- When the next message of a sender may leave, so that all workers together keep its rate.
create table sender_pace (
  sender text primary key,
  next_at timestamptz not null
);

-- Of one part, in millionths of the currency: providers price by fractions of a cent.
create table sms_price (
  channel text not null check (channel in ('sms', 'viber', 'messenger')),
  country text not null check (country ~ '^[A-Z0-9]{2,3}$'),
  price_micros bigint not null check (price_micros >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  updated_at timestamptz not null default now(),
  primary key (channel, country)
);

------------------------------------------------------------------------------------------------------------------------
-- Who may be written to. Numbers and addresses stand here under the portal's key alone, so that a STOP outlives its customer.
------------------------------------------------------------------------------------------------------------------------

-- What holds now; consent_record has everything that was ever told.
create table consent (
  company_id uuid not null references company (id),
  channel text not null check (channel in ('sms', 'email', 'viber', 'messenger')),
  address_key text not null,
  granted boolean not null,
  at timestamptz not null,
  source text not null check (char_length(source) between 1 and 200),
  wording text not null default '' check (char_length(wording) <= 2000),
  primary key (company_id, address_key, channel)
);

create table consent_record (
  company_id uuid not null references company (id),
  id uuid not null,
  channel text not null check (channel in ('sms', 'email', 'viber', 'messenger')),
  address_key text not null,
  granted boolean not null,
  at timestamptz not null,
  source text not null check (char_length(source) between 1 and 200),
  wording text not null default '' check (char_length(wording) <= 2000),
  recorded_at timestamptz not null default now(),
  recorded_by uuid references app_user (id) on delete set null,
  primary key (company_id, id)
);
create index consent_record_address on consent_record (company_id, address_key, at desc, id desc);

-- A number that gets nothing more from this company, on any channel. stop: its person said so; page: on the page behind a link;
-- provider: told by the provider (21610); hand: somebody of the company did.
create table suppression (
  company_id uuid not null references company (id),
  address_key text not null,
  reason text not null check (reason in ('stop', 'page', 'provider', 'hand')),
  -- the last two digits, all that is shown once the customer is gone
  hint text not null check (char_length(hint) <= 4),
  at timestamptz not null default now(),
  by uuid references app_user (id) on delete set null,
  primary key (company_id, address_key)
);
create index suppression_latest on suppression (company_id, at desc, address_key desc);

-- What came in, by the provider's id: a replay does nothing a second time.
create table inbound (
  company_id uuid not null references company (id),
  sid text not null,
  kind text not null check (kind in ('stop', 'start', 'help', 'message')),
  at timestamptz not null default now(),
  primary key (company_id, sid)
);

------------------------------------------------------------------------------------------------------------------------
-- Campaigns and the ledger
------------------------------------------------------------------------------------------------------------------------

-- kind: 'group' goes to many; 'one' to one customer by hand; 'reply' answers in a conversation; 'test' to a number of one's own.
-- filter: the list's query string; customer_ids: ticked ones instead. sender: an address; null: the portal's default.
-- ceiling_micros: what it may cost at most, reserved from the budget at launch.
create table campaign (
  company_id uuid not null references company (id),
  id uuid not null,
  external_id text check (char_length(external_id) between 1 and 200),
  kind text not null default 'group' check (kind in ('group', 'one', 'reply', 'test')),
  name text not null check (char_length(name) between 1 and 100),
  channel text not null default 'sms' check (channel in ('sms', 'viber', 'messenger')),
  fallback text check (fallback is null or (fallback = 'sms' and channel <> 'sms')),
  sender text,
  body text not null check (char_length(body) between 1 and 1600),
  filter text not null default '',
  customer_ids uuid[],
  address text,
  state text not null default 'draft' check (state in ('draft', 'scheduled', 'sending', 'paused', 'finished', 'cancelled')),
  paused_because text check (paused_because in ('person', 'failures')),
  version bigint not null default 0,
  scheduled_at timestamptz,
  expires_at timestamptz,
  -- whether the company's quiet hours hold for it
  obeys_quiet_hours boolean not null default true,
  ceiling_micros bigint not null default 0,
  created_by uuid references app_user (id) on delete set null,
  created_at timestamptz not null default now(),
  launched_by uuid references app_user (id) on delete set null,
  launched_at timestamptz,
  -- when it was launched or resumed last: failures are counted from here
  running_since timestamptz,
  finished_at timestamptz,
  updated_at timestamptz not null default now(),
  primary key (company_id, id),
  unique (company_id, external_id)
);
create index campaign_latest on campaign (company_id, created_at desc, id desc);

-- One row per campaign, channel and address, written before anything is sent. address: E.164; null: nobody could be written to, or
-- it was erased. body: the text as this person gets it, frozen at launch. claim and lease_until: whose it is at the moment; whoever comes
-- with another claim writes nothing.
create table delivery (
  company_id uuid not null,
  id uuid not null,
  campaign_id uuid not null,
  customer_id uuid,
  channel text not null check (channel in ('sms', 'viber', 'messenger')),
  address text,
  address_key text,
  country text,
  body text not null default '',
  -- the code in the address where its person says no; null: the text has no such link
  code text,
  parts bigint not null default 0,
  -- of one part: null: no price is known
  price_micros bigint,
  -- the delivery on another channel that has finally failed, after which this one was made
  first_id uuid,
  state text not null default 'planned'
    check (state in ('planned', 'claimed', 'calling', 'accepted', 'delivered', 'undelivered', 'failed', 'skipped', 'unknown')),
  -- why it was skipped or failed: a word of ours (skipped), or the provider's code and words
  reason text,
  error_code text,
  due_at timestamptz not null default now(),
  claim uuid,
  lease_until timestamptz,
  attempts bigint not null default 0,
  sender text,
  sid text,
  created_at timestamptz not null default now(),
  called_at timestamptz,
  accepted_at timestamptz,
  settled_at timestamptz,
  -- when the reconciler asked the provider last
  asked_at timestamptz,
  primary key (company_id, id),
  unique (company_id, campaign_id, channel, address),
  foreign key (company_id, campaign_id) references campaign (company_id, id) on delete cascade,
  foreign key (company_id, customer_id) references customer (company_id, id),
  foreign key (company_id, first_id) references delivery (company_id, id)
);
create index delivery_state on delivery (company_id, campaign_id, state);
create index delivery_due on delivery (company_id, campaign_id, due_at, id) where state in ('planned', 'claimed');
create unique index delivery_sid on delivery (company_id, sid) where sid is not null;
create unique index delivery_code on delivery (company_id, code) where code is not null;
create index delivery_address on delivery (company_id, address_key, called_at desc) where address_key is not null;
create index delivery_customer on delivery (company_id, customer_id, created_at desc, id desc) where customer_id is not null;
create index delivery_first on delivery (company_id, first_id) where first_id is not null;
-- what waits for news: lapsed calls, those nobody knows about, those without a last word
create index delivery_open on delivery (company_id, called_at) where state in ('calling', 'unknown', 'accepted');
-- what a month has cost
create index delivery_called on delivery (company_id, called_at) include (parts, price_micros) where called_at is not null;

-- The state machine: what has been called is never planned again, except where the provider certainly never took it (429, no
-- connection); and a last word stays the last word.
create function delivery_moves() returns trigger language plpgsql as $$
begin
  if not (case old.state
    when 'planned' then new.state in ('claimed', 'skipped')
    when 'claimed' then new.state in ('planned', 'calling', 'skipped')
    when 'calling' then new.state in ('planned', 'accepted', 'delivered', 'undelivered', 'failed', 'unknown')
    when 'unknown' then new.state in ('accepted', 'delivered', 'undelivered', 'failed')
    when 'accepted' then new.state in ('delivered', 'undelivered', 'failed')
    else false end)
  then
    raise exception 'a delivery does not go from % to %', old.state, new.state using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger delivery_moves before update of state on delivery
  for each row when (old.state is distinct from new.state) execute function delivery_moves();

-- A campaign that is over stays over; a fallback on another channel wakes a finished one.
create function campaign_moves() returns trigger language plpgsql as $$
begin
  if not (case old.state
    when 'draft' then new.state in ('scheduled', 'sending', 'cancelled')
    when 'scheduled' then new.state in ('sending', 'paused', 'cancelled')
    when 'sending' then new.state in ('paused', 'finished', 'cancelled')
    when 'paused' then new.state in ('scheduled', 'sending', 'cancelled')
    when 'finished' then new.state = 'sending'
    else false end)
  then
    raise exception 'a campaign does not go from % to %', old.state, new.state using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger campaign_moves before update of state on campaign
  for each row when (old.state is distinct from new.state) execute function campaign_moves();

------------------------------------------------------------------------------------------------------------------------
-- The wall
------------------------------------------------------------------------------------------------------------------------

do $$
declare
  name text;
begin
  foreach name in array array[
    'company_sender', 'consent', 'consent_record', 'suppression', 'inbound', 'campaign', 'delivery'
  ] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy company on %I to clientele_company using (company_id = current_company()) with check (company_id = current_company())', name);
  end loop;
  foreach name in array array['consent', 'consent_record', 'suppression', 'inbound', 'campaign', 'delivery'] loop
    execute format('grant select, insert, update, delete on %I to clientele_company', name);
  end loop;
  foreach name in array array['sender', 'company_sender', 'sender_pace', 'sms_price'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy portal on %I to clientele_portal using (true) with check (true)', name);
    execute format('grant select, insert, update, delete on %I to clientele_portal', name);
  end loop;
end $$;

-- A company sees the senders it was given, and what a part costs.
grant select on company_sender to clientele_company;
create policy company on sender for select to clientele_company
  using (exists (select from company_sender s where s.company_id = current_company() and s.sender_id = sender.id));
grant select on sender to clientele_company;
create policy company on sms_price for select to clientele_company using (true);
grant select on sms_price to clientele_company;
