-- Numbers that an earlier version stored, of which nobody has looked yet whether they may take SMS. It is empty, but for a while after
-- an update.
create index contact_unread on contact (company_id) where kind = 'phone' and mobile is null;
