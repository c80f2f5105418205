-- The doors in the wall around shared reviews, each as narrow as what goes through it.

-- What others wrote belongs to a paid plan (P-05). Without one a company goes on reading its own.
drop policy company on review;
create policy company on review for select to clientele_company using (
  (withdrawn_at is null
    and (select c.plan from company c where c.id = current_company()) = 'paid'
    and exists (select from dealing d where d.company_id = current_company() and d.phone_key = review.phone_key and d.counted_on is not null)
    and not exists (select from phone_sharing s where s.phone_key = review.phone_key and s.hidden_at is not null))
  or exists (select from own_review o where o.company_id = current_company() and o.id = review.id)
);

-- Who objects is told to companies that have to do with the number, and to nobody else.
drop policy hidden on phone_sharing;
create policy hidden on phone_sharing for select to clientele_company using (
  hidden_at is not null
  and (exists (select from dealing d where d.company_id = current_company() and d.phone_key = phone_sharing.phone_key)
    or exists (select from own_review o where o.company_id = current_company() and o.phone_key = phone_sharing.phone_key))
);

-- A company hands in a text or a dispute that is there, undecided, and takes back what waits. Nothing else.
drop policy company on moderation_case;
create policy company on moderation_case for insert to clientele_company with check (
  company_id = current_company() and decision is null
  and case kind
    when 'revision' then exists (
      select from own_review o join review_revision v on v.company_id = o.company_id and v.review_id = o.id
      where o.company_id = current_company() and o.id = moderation_case.review_id and o.phone_key = moderation_case.phone_key
        and v.id = moderation_case.subject_id)
    when 'dispute' then exists (
      select from dispute d join review r on r.id = d.review_id
      where d.company_id = current_company() and d.id = moderation_case.subject_id and r.id = moderation_case.review_id
        and r.phone_key = moderation_case.phone_key)
    else false
  end
);
drop policy company_withdraws on moderation_case;
create policy company_withdraws on moderation_case for update to clientele_company
  using (company_id = current_company() and decision is null)
  with check (company_id = current_company() and decision = 'withdrawn');
revoke insert on moderation_case from clientele_company;
grant insert (id, kind, subject_id, review_id, phone_key, company_id, user_id, created_at), select (phone_key)
  on moderation_case to clientele_company;

-- Nor does it answer its own dispute.
revoke insert on dispute from clientele_company;
grant insert (id, review_id, company_id, user_id, text, created_at) on dispute to clientele_company;

-- Who read what others wrote is written down for the person, not for the reader.
revoke update, delete on review_look from clientele_company;

-- withdrawn: the review was taken back before anybody decided.
alter table dispute drop constraint dispute_state_check,
  add constraint dispute_state_check check (state in ('open', 'upheld', 'rejected', 'withdrawn'));

-- What a company, or the person, said about a review last.
create index dispute_review on dispute (review_id, company_id, created_at desc);
