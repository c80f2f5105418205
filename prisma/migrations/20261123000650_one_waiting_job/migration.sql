-- A campaign has one job that waits: whoever wants it earlier moves it, which takes seeing it. Of other jobs a company sees nothing.
create policy company_waiting on job for select to clientele_company
  using (company_id = current_company() and name = 'campaign.send');
create policy company_sooner on job for update to clientele_company
  using (company_id = current_company() and name = 'campaign.send');
grant select (id, company_id, name, payload, due_at, leased_until), update (due_at) on job to clientele_company;
create index job_company on job (company_id, name) where company_id is not null;

-- Counted by state again and again while rows move on: the counts are read from the index alone where the table is vacuumed often.
alter table delivery set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02,
                          autovacuum_analyze_scale_factor = 0.02);
