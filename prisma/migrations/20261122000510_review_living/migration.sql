-- What was taken back is not even passed by: nobody can tell by the clock that it was there.
drop index review_number;
create index review_number on review (phone_key, published_at desc) where withdrawn_at is null;
