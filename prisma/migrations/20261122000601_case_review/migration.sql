-- When a review goes, whatever waits about it is closed.
create index moderation_case_review on moderation_case (review_id);
