-- A STOP to the portal's own sender, which every company may use, also concerns companies that know the number only by a STOP of before;
-- and where nobody knows it, because its person was erased, it holds in all of them, by one statement.
create policy portal_key on suppression for select to clientele_portal using (true);
grant select (company_id, address_key) on suppression to clientele_portal;

create policy portal_stop on suppression for insert to clientele_portal with check (reason = 'stop');
grant insert (company_id, address_key, reason, hint) on suppression to clientele_portal;

create policy portal_stop on inbound for insert to clientele_portal with check (kind = 'stop');
grant insert (company_id, sid, kind) on inbound to clientele_portal;

create policy portal_sid on inbound for select to clientele_portal using (true);
grant select (company_id, sid) on inbound to clientele_portal;
