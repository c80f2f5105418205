-- The same for arrivals, which every order, message, feedback and evidence is checked against. A rival that is smaller than the
-- key still wins while it has one level less, so orders_number gets the id too: then no rival of either key is smaller.
alter table order_item drop constraint order_item_company_id_order_id_fkey;
alter table evidence drop constraint evidence_company_id_arrival_id_fkey;
alter table orders drop constraint orders_company_id_id_fkey;
alter table message drop constraint message_company_id_id_fkey;
alter table feedback drop constraint feedback_company_id_id_fkey;

drop index orders_number;
create index orders_number on orders (company_id, number, id);
alter table orders drop constraint orders_pkey;
alter table orders add primary key (company_id, id);
alter table arrival drop constraint arrival_pkey;
alter table arrival add primary key (company_id, id);

alter table order_item add foreign key (company_id, order_id) references orders (company_id, id) on delete cascade;
alter table evidence add foreign key (company_id, arrival_id) references arrival (company_id, id) on delete cascade;
alter table orders add foreign key (company_id, id) references arrival (company_id, id) on delete cascade;
alter table message add foreign key (company_id, id) references arrival (company_id, id) on delete cascade;
alter table feedback add foreign key (company_id, id) references arrival (company_id, id) on delete cascade;
