/** One statement of the build. */
export interface Step {
  label: string;
  text: string;
  values?: unknown[];
}

// Everything is drawn from the customer's number, so that two builds of one size are alike.
export const prepare: Step = {
  label: 'schema of the build',
  text: `
    drop schema if exists bench cascade;
    create schema bench;
    create function bench.pick(n bigint, salt int, among int) returns int language sql immutable parallel safe
      return abs(hashint8extended(n, salt) % among)::int;
    create function bench.one_of(list text[], n bigint, salt int) returns text language sql immutable parallel safe
      return list[1 + bench.pick(n, salt, cardinality(list))];`,
};

export const companies = (main: string, others: string[]): Step => ({
  label: 'companies',
  text: `
    insert into company (id, slug, name, country, currency, timezone, locale, plan)
    select id, case when place = 1 then 'bench' else 'other-' || (place - 1) end,
           case when place = 1 then 'Bench' else 'Other ' || (place - 1) end, 'UA', 'UAH', 'Europe/Kyiv', 'en', 'paid'
    from unnest($1::uuid[]) with ordinality as c (id, place)`,
  values: [[main, ...others]],
});

export interface People {
  main: string;
  others: string[];
  customersOfMain: number;
  customersOfOthers: number;
  /** [female, male, last] of each script */
  latin: [readonly string[], readonly string[], readonly string[]];
  cyrillic: [readonly string[], readonly string[], readonly string[]];
  regions: readonly string[];
  mailWords: readonly string[];
}

/** First orders are spread evenly over two years; phones and e-mails are unique by the customer's number. */
export const people = (from: People): Step => ({
  label: 'customers, as they will be',
  text: `
    create unlogged table bench.person as
    with numbered as (
      select $1::uuid as company_id, n, n / $3::float8 as place from generate_series(1, $3::bigint) n
      union all
      select ($2::uuid[])[1 + n % cardinality($2::uuid[])], $3 + n, n / $4::float8 from generate_series(1, $4::bigint) n
    ), drawn as (
      select *, now() - interval '1 minute' - interval '730 days' * (1 - place) as first_at,
             case when bench.pick(n, 1, 20) = 0 then 3 when bench.pick(n, 1, 20) < 3 then 2 else 1 end as orders,
             bench.pick(n, 2, 2) = 0 as female, bench.pick(n, 3, 2) = 0 as latin
      from numbered
    )
    select company_id, n, uuidv7(first_at - now()) as id, first_at, orders,
           case when latin then bench.one_of(case when female then $5::text[] else $6::text[] end, n, 4) || ' ' || bench.one_of($7::text[], n, 5)
                else bench.one_of(case when female then $8::text[] else $9::text[] end, n, 4) || ' ' || bench.one_of($10::text[], n, 5) end as name,
           case when bench.pick(n, 6, 10) > 0 then case when female then 'female' else 'male' end end as gender,
           case when bench.pick(n, 7, 50) > 0 then bench.one_of($11::text[], n, 8) end as region,
           '+380' || bench.one_of('{50,63,66,67,68,73,93,95,96,97,98,99}', n, 9) || lpad((n * 1234577 % 10000000)::text, 7, '0') as phone,
           bench.one_of($12::text[], n, 10) || n || '@' || bench.one_of('{example.com,example.net,example.org,mail.example}', n, 11) as email
    from drawn order by first_at`,
  values: [
    from.main,
    from.others,
    from.customersOfMain,
    from.customersOfOthers,
    ...from.latin,
    ...from.cyrillic,
    from.regions,
    from.mailWords,
  ],
});

/** The first order makes the customer; further ones divide the time until now. */
export const placed: Step = {
  label: 'orders, as they will be',
  text: `
    create unlogged table bench.placed as
    select p.company_id, p.id as customer_id, uuidv7(at - now()) as id, p.n, k, at, p.name, p.gender, p.region, p.phone, p.email,
           (array['new','processing','paid','shipped','completed','completed','completed','cancelled','returned'])[1 + bench.pick(p.n * 4 + k, 12, 9)] as status,
           2 * (5000 + bench.pick(p.n * 4 + k, 13, 200000))::bigint as total
    from bench.person p, generate_series(1, p.orders) k,
         lateral (select p.first_at + (now() - interval '1 minute' - p.first_at) * (k - 1) / p.orders) as moment (at)
    order by at`,
};

/** Two lanes, for two connections: what stands in one lane is loaded in its order. Foreign keys do not look while it is loaded. */
export const lanes: [Step[], Step[]] = [
  [
    {
      label: 'arrivals',
      text: `
        insert into arrival (company_id, id, kind, external_id, at, customer_id, name, gender, region, given, search,
                             because_kind, because_value, because_rule, content_hash, created_at, updated_at)
        select company_id, id, 'order', 'B-' || n || '-' || k, at, customer_id, name, gender, region,
               jsonb_build_object('accountId', null, 'phones', jsonb_build_array('0' || substr(phone, 5)), 'emails', jsonb_build_array(email)),
               lower(name), 'phone', phone, case when k = 1 then 'new' else 'known' end, md5(n || '-' || k), at, at
        from bench.placed`,
    },
    {
      label: 'order items',
      text: `
        insert into order_item (company_id, order_id, line, sku, name, quantity, unit_price)
        select company_id, id, 1, 'SKU-' || n % 1000, 'Article ' || n % 1000, 2, total / 2 from bench.placed`,
    },
    {
      label: 'search texts',
      text: `
        insert into customer_search (company_id, customer_id, text)
        select company_id, id, ' ' || ltrim(phone, '+') || E'\\n ' || least(email, lower(name)) || E'\\n ' || greatest(email, lower(name))
        from bench.person`,
    },
  ],
  [
    {
      label: 'orders',
      text: `
        insert into orders (company_id, id, number, status, currency, total, items_total, paid_at, converted,
                            payment_method, delivery_method, delivery_address, source, items_count, first_item)
        select company_id, id, n || '-' || k, status, 'UAH', total, total, case when status in ('paid', 'shipped', 'completed') then at end,
               total, 'card', 'courier', 'Street ' || n % 300, 'site', 2, 'Article ' || n % 1000
        from bench.placed`,
    },
    {
      label: 'customers',
      text: `
        insert into customer (company_id, id, name, name_folded, gender, region, created_at, orders_count, activities_count,
                              sum_all, sum_paid, sum_cancelled, sum_open, first_activity_at, last_activity_at,
                              first_order_at, last_order_at, latest_at, updated_at, rollup_day, rollup_class)
        select p.company_id, p.id, p.name, lower(p.name), p.gender, p.region, p.first_at, f.count, f.count,
               f.sum_all, f.sum_paid, f.sum_cancelled, f.sum_all - f.sum_paid - f.sum_cancelled, f.first_at, f.last_at,
               f.first_at, f.last_at, f.last_at, f.last_at, (f.last_at at time zone 'Europe/Kyiv')::date,
               case when f.count = 1 then 'one' else 'more' end
        from bench.person p join (
          select customer_id, count(*) as count, min(at) as first_at, max(at) as last_at, sum(total) as sum_all,
                 coalesce(sum(total) filter (where status in ('paid', 'shipped', 'completed')), 0) as sum_paid,
                 coalesce(sum(total) filter (where status in ('cancelled', 'returned')), 0) as sum_cancelled
          from bench.placed group by customer_id
        ) f on f.customer_id = p.id
        order by p.first_at`,
    },
    {
      label: 'contacts',
      text: `
        insert into contact (company_id, kind, value, customer_id, origin_id, given, position, created_at, phone_key, mobile, country)
        select company_id, kind, value, id, id, given, 0, first_at,
               case when kind = 'phone' then encode(sha256(convert_to(value, 'UTF8')), 'base64') end,
               case when kind = 'phone' then true end, case when kind = 'phone' then 'UA' end from bench.person,
          lateral (values ('phone', phone, '0' || substr(phone, 5)), ('email', email, email)) as c (kind, value, given)`,
    },
    {
      label: 'evidence',
      text: `
        insert into evidence (company_id, arrival_id, kind, value, given)
        select company_id, id, kind, value, given from bench.placed,
          lateral (values ('phone', phone, '0' || substr(phone, 5)), ('email', email, email)) as c (kind, value, given)`,
    },
    {
      label: 'rollup',
      text: `
        insert into activity_rollup (company_id, day, class, customers)
        select company_id, rollup_day, rollup_class, count(*) from customer group by company_id, rollup_day, rollup_class
        order by company_id, rollup_day`,
    },
  ],
];

export const cleanUp: Step = { label: 'clean up', text: 'drop schema bench cascade' };

export const loaded = ['customer', 'contact', 'arrival', 'evidence', 'orders', 'order_item', 'customer_search'];

/** Every index of the loaded tables, as its definition says. */
export const indexes: Step = {
  label: 'indexes',
  text: `
    select tablename || ': ' || indexdef as definition from pg_indexes
    where schemaname = 'public' and tablename = any($1::text[]) order by 1`,
  values: [loaded],
};

/** How to drop each index of the loaded tables and make it again as it was. Keys that foreign keys point at stay. */
export const removable: Step = {
  label: 'removable indexes',
  text: `
    select i.indexrelid::regclass::text as name,
           case when k.oid is null then format('drop index %s', i.indexrelid::regclass)
                else format('alter table %s drop constraint %I', i.indrelid::regclass, k.conname) end as drop,
           case when k.oid is null then pg_get_indexdef(i.indexrelid)
                else format('alter table %s add constraint %I %s', i.indrelid::regclass, k.conname, pg_get_constraintdef(k.oid)) end as make
    from pg_index i left join pg_constraint k on k.conindid = i.indexrelid and k.contype in ('p', 'u')
    where i.indrelid = any($1::regclass[])
      and not exists (select from pg_constraint f where f.contype = 'f' and f.conindid = i.indexrelid)
    order by pg_relation_filenode(i.indexrelid)`,
  values: [loaded],
};
