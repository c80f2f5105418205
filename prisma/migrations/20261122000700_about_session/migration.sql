-- A person on the customer's own page: first waiting for the code, then, for half an hour, proved. Only the hash of the cookie's
-- token is kept, and the number only under that token: who reads this table can neither go on as somebody nor read a number.
create table about_session (
  token_hash text primary key,
  phone_key text not null,
  sealed text not null,
  -- while the code is waited for
  code_id uuid references about_code (id) on delete cascade,
  proved_at timestamptz,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  check ((code_id is null) = (proved_at is not null))
);
create index about_session_code on about_session (code_id) where code_id is not null;

alter table about_session enable row level security;
alter table about_session force row level security;
create policy portal on about_session to clientele_portal using (true) with check (true);
grant select, insert, update, delete on about_session to clientele_portal;

create index objection_number on objection (phone_key, created_at desc, id desc);
