-- What the portal shows of itself in figures: how much there is in which state, never whose or what.

create policy portal_figures on import for select to clientele_portal using (true);
grant select (company_id, state) on import to clientele_portal;
create policy portal_figures on export for select to clientele_portal using (true);
grant select (company_id, state) on export to clientele_portal;
create policy portal_figures on campaign for select to clientele_portal using (true);
grant select (company_id, state) on campaign to clientele_portal;
-- Its rows are readable for the portal already; these two columns were not.
grant select (state, channel) on delivery to clientele_portal;
