-- A tag that is used by very many goes in two steps. gone_at: nobody sees it any more, and its uses are being taken away, or handed
-- to into_id. Its folded name is free for another one from the first step on.
alter table tag
  add column gone_at timestamptz,
  add column into_id uuid,
  add foreign key (company_id, into_id) references tag (company_id, id);
create index tag_into on tag (company_id, into_id) where into_id is not null;

-- What it was about, also when its tag is gone.
alter table bulk add column tag_name text not null default '';

-- Who had given a tag that was taken away, and when: an undo gives it back as it was.
alter table bulk_change
  add column had_by uuid references app_user (id) on delete set null,
  add column had_at timestamptz;
create index bulk_change_user on bulk_change (had_by) where had_by is not null;
