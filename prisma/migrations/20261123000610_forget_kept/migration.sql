-- What was kept of texts to a number goes with the customer who is erased; letters to users are nobody's customer's.
create policy company_forget on outbox to clientele_company using (company_id = current_company() and channel <> 'email') with check (false);
grant select (company_id, channel, address), delete on outbox to clientele_company;
