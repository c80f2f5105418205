-- Who did what and when stays as it was written down: no page and no job changes or takes away a row. Only what was said of its subject can be
-- blanked, because an erasure must reach the names in it. A company or a user that goes takes along what points to it: that the database does itself.
revoke update, delete on audit_entry from clientele_portal;
grant update (subject) on audit_entry to clientele_portal;
