import { query } from '../../bench/build/cluster.ts';

const COMPANY = '00000000-0000-7000-8000-000000000001';
const USER = '00000000-0000-7000-8000-000000000002';

/** Sets of rows for the tables of the very first migration: one company with so many customers, each with what a customer has. */
export async function fill(url: string, customers: number): Promise<void> {
  for (const statement of statements(customers)) await query(url, statement);
}

const id = (kind: number, n = 'n') =>
  `('${String(kind).padStart(8, '0')}-0000-7000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;

const statements = (customers: number): string[] => {
  const all = `from generate_series(1, ${customers}) n`;
  const some = (each: number) => `from generate_series(1, ${customers}, ${each}) n`;
  const at = "now() - (n % 700) * interval '1 day'";
  return [
    `insert into company (id, slug, name, country, currency, timezone) values ('${COMPANY}', 'big', 'Big', 'UA', 'UAH', 'Europe/Kyiv')`,
    `insert into app_user (id, email, name) values ('${USER}', 'owner@example.com', 'Owner')`,
    `insert into membership (company_id, user_id, role) values ('${COMPANY}', '${USER}', 'owner')`,
    `insert into customer (company_id, id, name, name_folded, region, orders_count, activities_count, sum_all, first_activity_at,
       last_activity_at, last_order_at, latest_at, rollup_day, rollup_class)
     select '${COMPANY}', ${id(1)}, 'Customer ' || n, 'customer ' || n, 'Region ' || n % 25, 1, 1, n, ${at}, ${at}, ${at}, ${at}, (${at})::date, 'one' ${all}`,
    `insert into contact (company_id, kind, value, customer_id, given)
     select '${COMPANY}', 'phone', '+38067' || lpad(n::text, 7, '0'), ${id(1)}, '067' || lpad(n::text, 7, '0') ${all}`,
    `insert into contact (company_id, kind, value, customer_id, given)
     select '${COMPANY}', 'email', 'c' || n || '@example.com', ${id(1)}, 'c' || n || '@example.com' ${all}`,
    `insert into arrival (company_id, id, kind, external_id, at, customer_id, name, search, because_kind, because_value, because_rule, content_hash)
     select '${COMPANY}', ${id(2)}, 'order', 'o-' || n, ${at}, ${id(1)}, 'Customer ' || n, 'customer ' || n, 'phone',
            '+38067' || lpad(n::text, 7, '0'), 'new', md5(n::text) ${all}`,
    `insert into evidence (company_id, arrival_id, kind, value, given)
     select '${COMPANY}', ${id(2)}, 'phone', '+38067' || lpad(n::text, 7, '0'), '067' ${all}`,
    `insert into orders (company_id, id, number, status, currency, total, converted, items_count, first_item)
     select '${COMPANY}', ${id(2)}, n::text, 'completed', 'UAH', n, n, 1, 'Tea' ${all}`,
    `insert into order_item (company_id, order_id, line, name, quantity, unit_price) select '${COMPANY}', ${id(2)}, 1, 'Tea', 1, n ${all}`,
    `insert into arrival (company_id, id, kind, external_id, at, customer_id, content_hash)
     select '${COMPANY}', ${id(3)}, 'message', 'm-' || n, ${at}, ${id(1)}, md5(n::text) ${some(10)}`,
    `insert into message (company_id, id, thread, direction, text) select '${COMPANY}', ${id(3)}, n::text, 'in', 'When does it come?' ${some(10)}`,
    `insert into arrival (company_id, id, kind, external_id, at, customer_id, content_hash)
     select '${COMPANY}', ${id(4)}, 'feedback', 'f-' || n, ${at}, ${id(1)}, md5(n::text) ${some(20)}`,
    `insert into feedback (company_id, id, rating, text) select '${COMPANY}', ${id(4)}, 5, 'Good' ${some(20)}`,
    `insert into customer_search (company_id, customer_id, text)
     select '${COMPANY}', ${id(1)}, ' customer ' || n || ' 38067' || lpad(n::text, 7, '0') ${all}`,
    `insert into activity_rollup (company_id, day, class, customers)
     select company_id, rollup_day, rollup_class, count(*) from customer group by 1, 2, 3`,
    `insert into audit_entry (id, company_id, user_id, action, subject)
     select ${id(5)}, '${COMPANY}', '${USER}', 'customer.deleted', jsonb_build_object('id', ${id(1)}) ${some(4)}`,
    `insert into outbox (id, channel, address, body, state) select ${id(6)}, 'email', 'c@example.com', 'Hello', 'sent' ${some(10)}`,
    `insert into notice (company_id, id, kind) select '${COMPANY}', ${id(7)}, 'export-done' ${some(100)}`,
    `insert into export (company_id, id, user_id, format, state) select '${COMPANY}', ${id(8)}, '${USER}', 'csv', 'done' ${some(100)}`,
    'analyze',
  ];
};

/**
 * What the version before reads and writes, of one customer and beside it; `n` is a number nobody had before. `released`: the version is
 * the one of the first release, not that of the first migration.
 */
export const reads = (): string[] => [
  ...TABLES.map((table) => `select * from ${table} ${ONE_PLACE}`),
  `select id, name from customer where company_id = '${COMPANY}' and merged_into is null order by latest_at desc, id desc limit 20`,
  `select value from contact where company_id = '${COMPANY}' and customer_id = ${id(1, '7')}`,
];

export const writes = (n: number, released: boolean): string[] => [
  `update customer set name = name, orders_count = orders_count where company_id = '${COMPANY}' and id = ${id(1, '7')}`,
  `update orders set status = status where company_id = '${COMPANY}' and id = ${id(2, '7')}`,
  `update company set name = name where id = '${COMPANY}'`,
  `update app_user set name = name where id = '${USER}'`,
  `insert into customer (company_id, id, name, name_folded) values ('${COMPANY}', ${id(11, String(n))}, 'New', 'new')`,
  `insert into contact (company_id, kind, value, customer_id, given${released ? ', origin_id' : ''})
   values ('${COMPANY}', 'email', 'n${n}@example.com', ${id(11, String(n))}, 'n'${released ? `, ${id(11, String(n))}` : ''})`,
  `insert into arrival (company_id, id, kind, external_id, at, customer_id, content_hash)
   values ('${COMPANY}', ${id(12, String(n))}, 'order', 'n-${n}', now(), ${id(11, String(n))}, 'x')`,
  `insert into evidence (company_id, arrival_id, kind, value, given) values ('${COMPANY}', ${id(12, String(n))}, 'email', 'n${n}@example.com', 'n')`,
  `insert into orders (company_id, id, number, status, currency, total) values ('${COMPANY}', ${id(12, String(n))}, 'n', 'new', 'UAH', 1)`,
  `insert into customer_search (company_id, customer_id, text) values ('${COMPANY}', ${id(11, String(n))}, ' new')`,
  `insert into audit_entry (id, company_id, action) values (${id(15, String(n))}, '${COMPANY}', 'x')`,
  `insert into outbox (id, channel, address, body) values (${id(16, String(n))}, 'email', 'n@example.com', 'x')`,
  `insert into notice (company_id, id, kind) values ('${COMPANY}', ${id(17, String(n))}, 'x')`,
  `insert into job (id, company_id, name) values (${id(18, String(n))}, '${COMPANY}', 'x')`,
];

// One page, wherever the rows are: to look for the first living one behind a million dead ones is no waiting.
const ONE_PLACE = "where ctid = '(0,1)'";

const TABLES = [
  ...[
    'company',
    'app_user',
    'membership',
    'customer',
    'contact',
    'arrival',
    'evidence',
    'orders',
    'order_item',
    'message',
  ],
  ...['feedback', 'customer_search', 'activity_rollup', 'audit_entry', 'outbox', 'notice', 'export', 'job', 'session'],
];

/** A long read, as an export is one: it holds every table until it is over. */
export const longRead = (): string => TABLES.map((table) => `select from ${table} ${ONE_PLACE}`).join('; ');
