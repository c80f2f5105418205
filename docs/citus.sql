-- How each table would stand on Citus; a test knows when one is missing here. See docs/scale.md.

-- On every node: what companies' rows point at, or their policies look into.
select create_reference_table('company');
select create_reference_table('app_user');
select create_reference_table('sender');
select create_reference_table('sms_price');
select create_reference_table('exchange_rate');
select create_reference_table('portal_setting');
select create_reference_table('phone_sharing');

-- By company, side by side, so that joins and foreign keys stay on one node.
select create_distributed_table('customer', 'company_id');
select create_distributed_table('activity_rollup', 'company_id', colocate_with => 'customer');
select create_distributed_table('arrival', 'company_id', colocate_with => 'customer');
select create_distributed_table('bulk', 'company_id', colocate_with => 'customer');
select create_distributed_table('bulk_change', 'company_id', colocate_with => 'customer');
select create_distributed_table('campaign', 'company_id', colocate_with => 'customer');
select create_distributed_table('company_sender', 'company_id', colocate_with => 'customer');
select create_distributed_table('consent', 'company_id', colocate_with => 'customer');
select create_distributed_table('consent_record', 'company_id', colocate_with => 'customer');
select create_distributed_table('contact', 'company_id', colocate_with => 'customer');
select create_distributed_table('customer_change', 'company_id', colocate_with => 'customer');
select create_distributed_table('customer_merge', 'company_id', colocate_with => 'customer');
select create_distributed_table('customer_search', 'company_id', colocate_with => 'customer');
select create_distributed_table('customer_tag', 'company_id', colocate_with => 'customer');
select create_distributed_table('dealing', 'company_id', colocate_with => 'customer');
select create_distributed_table('dealing_budget', 'company_id', colocate_with => 'customer');
select create_distributed_table('decision', 'company_id', colocate_with => 'customer');
select create_distributed_table('delivery', 'company_id', colocate_with => 'customer');
select create_distributed_table('duplicate', 'company_id', colocate_with => 'customer');
select create_distributed_table('duplicate_search', 'company_id', colocate_with => 'customer');
select create_distributed_table('erasure', 'company_id', colocate_with => 'customer');
select create_distributed_table('evidence', 'company_id', colocate_with => 'customer');
select create_distributed_table('export', 'company_id', colocate_with => 'customer');
select create_distributed_table('export_download', 'company_id', colocate_with => 'customer');
select create_distributed_table('feedback', 'company_id', colocate_with => 'customer');
select create_distributed_table('import', 'company_id', colocate_with => 'customer');
select create_distributed_table('import_row', 'company_id', colocate_with => 'customer');
select create_distributed_table('inbound', 'company_id', colocate_with => 'customer');
select create_distributed_table('invitation', 'company_id', colocate_with => 'customer');
select create_distributed_table('membership', 'company_id', colocate_with => 'customer');
select create_distributed_table('message', 'company_id', colocate_with => 'customer');
select create_distributed_table('notice', 'company_id', colocate_with => 'customer');
select create_distributed_table('order_item', 'company_id', colocate_with => 'customer');
select create_distributed_table('order_tag', 'company_id', colocate_with => 'customer');
select create_distributed_table('orders', 'company_id', colocate_with => 'customer');
select create_distributed_table('review_look', 'company_id', colocate_with => 'customer');
select create_distributed_table('segment', 'company_id', colocate_with => 'customer');
select create_distributed_table('shared_proposal', 'company_id', colocate_with => 'customer');
select create_distributed_table('suppression', 'company_id', colocate_with => 'customer');
select create_distributed_table('tag', 'company_id', colocate_with => 'customer');
select create_distributed_table('trash_contact', 'company_id', colocate_with => 'customer');

-- On the coordinator: what belongs to the portal, to a number, or to a user. own_review promises that an id is one company's among all.
-- local: about_code
-- local: about_session
-- local: api_key
-- local: audit_entry
-- local: dispute
-- local: job
-- local: job_done
-- local: journal_entry
-- local: journal_object
-- local: moderation_case
-- local: objection
-- local: outbox
-- local: own_review
-- local: password_reset
-- local: person_request
-- local: rate_limit
-- local: recovery_code
-- local: reply
-- local: review
-- local: review_revision
-- local: second_factor
-- local: sender_pace
-- local: session
-- local: sign_in
-- local: wall_finding
-- local: wall_run
-- local: wall_visit
