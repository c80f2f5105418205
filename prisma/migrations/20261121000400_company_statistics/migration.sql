-- Statistics of company_id tell PostgreSQL that a company which was not there at the last ANALYZE has no rows at all. Then reading all
-- rows of that company looks as cheap as reading one, and it does so once for each order of a batch: a young company's ingest would
-- slow down with every call. Without any statistics a company is taken for a two-hundredth of the table, whichever it is. The tables
-- here are only asked for a few rows by their keys, so the right number matters little; customer, which lists filter and sort, keeps its own.
do $$
declare
  name text;
begin
  foreach name in array array['arrival', 'evidence', 'orders', 'order_item', 'message', 'feedback', 'contact'] loop
    execute format('alter table %I alter column company_id set statistics 0', name);
  end loop;
end $$;
