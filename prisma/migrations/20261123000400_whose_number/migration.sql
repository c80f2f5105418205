-- An inbound SMS names a number and a sender, and no company. The portal finds out which companies it concerns by the number's key
-- alone: it sees neither numbers, nor texts, nor customers.
create policy portal_key on contact for select to clientele_portal using (true);
grant select (company_id, phone_key) on contact to clientele_portal;

create policy portal_key on delivery for select to clientele_portal using (true);
grant select (company_id, address_key, sender, called_at, sid) on delivery to clientele_portal;
