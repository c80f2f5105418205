-- What moderators look up beside a text: what its author wrote before, and whether the same words came before, from anybody.

create index moderation_case_author on moderation_case (company_id, created_at desc) where company_id is not null;
create index moderation_case_writer on moderation_case (user_id, created_at desc) where user_id is not null;

-- The same text whatever its case, its signs and its blanks. The collation is named, so that letters are letters on every server.
create function text_key(given text) returns text language sql immutable strict parallel safe
  return md5(regexp_replace(lower(normalize(given, nfkc) collate "und-x-icu"), '[^[:alnum:]]+', '', 'g'));

-- Asked by the portal alone, across companies.
create index review_revision_text on review_revision (text_key(text));
create index reply_text on reply (text_key(text));
create index dispute_text on dispute (text_key(text));

-- What was decided is told in the cabinet, in the transaction that decides. To read a notice the portal has no right.
create policy portal_tells on notice for insert to clientele_portal with check (true);
grant insert on notice to clientele_portal;
