import { type Cluster, query } from './cluster.ts';

/**
 * What a company has beside customers and orders, as far as the pages show it: talks, feedback, tags, campaigns, imports, questions,
 * decisions, notices, the log. As much as its customers make likely; a database that has it already is left alone.
 */
export async function furnish({ superuserUrl }: Cluster, main: string, customers: number): Promise<void> {
  const ask = <Row extends Record<string, unknown>>(text: string, values: unknown[]) =>
    query<Row>(superuserUrl, text, values);
  const [there] = await ask<{ n: string }>('select count(*) as n from campaign where company_id = $1', [main]);
  if (there?.n !== '0') return;
  for (const text of STEPS) await ask(text, text.includes('$2') ? [main, customers] : [main]);
  await ask(`vacuum analyze ${FILLED.join(', ')}`, []);
}

const FILLED = [
  'arrival',
  'message',
  'feedback',
  'tag',
  'customer_tag',
  'segment',
  'campaign',
  'delivery',
  'suppression',
].concat(
  ['import', 'export', 'bulk', 'duplicate', 'decision', 'notice', 'audit_entry', 'customer_change', 'moderation_case'],
  ['own_review', 'review_revision', 'consent'],
);

// One customer in so many, drawn by a hash of the id: old and new ones alike.
const one = (of: number) => `c.company_id = $1 and abs(hashtext(c.id::text)) % ${of} = 0`;
const owner = `(select user_id from membership where company_id = $1 and role = 'owner' order by created_at limit 1)`;

const arrived = (kind: string, of: number) => `
  insert into arrival (company_id, id, kind, external_id, at, customer_id, name, given, search, content_hash, created_at, updated_at)
  select c.company_id, md5('${kind}' || c.id)::uuid, '${kind}', '${kind}-' || c.id, c.latest_at, c.id, c.name, '{}', '', md5(c.id::text), c.latest_at, c.latest_at
  from customer c where ${one(of)}`;

const STEPS: readonly string[] = [
  arrived('message', 10),
  `insert into message (company_id, id, thread, direction, channel, text)
   select company_id, id, external_id, 'in', 'site', 'When does it come? It was promised for Monday.' from arrival
   where company_id = $1 and kind = 'message'`,
  arrived('feedback', 20),
  `insert into feedback (company_id, id, rating, text)
   select company_id, id, 1 + abs(hashtext(id::text)) % 5, 'Came in time, as described.' from arrival
   where company_id = $1 and kind = 'feedback'`,
  `insert into tag (company_id, id, name, name_folded)
   select $1, gen_random_uuid(), 'Label ' || n, 'label ' || n from generate_series(1, 50) n`,
  `insert into customer_tag (company_id, customer_id, tag_id)
   select c.company_id, c.id, t.id from customer c
   join (select id, row_number() over (order by name) as n from tag where company_id = $1) t on t.n = 1 + abs(hashtext(c.id::text)) % 50
   where c.company_id = $1 and abs(hashtext(c.id::text)) % 3 = 0 on conflict do nothing`,
  `insert into segment (company_id, id, name, filter, position)
   select $1, gen_random_uuid(), 'Filter ' || n, 'where=orders:gte:' || (n + 1), 100 + n from generate_series(1, 5) n`,
  `insert into campaign (company_id, id, name, body, state, created_at, launched_at, finished_at)
   select $1, gen_random_uuid(), 'Campaign ' || n, 'Hello', 'finished', now() - n * interval '1 day', now() - n * interval '1 day', now() - n * interval '1 day'
   from generate_series(1, 100) n`,
  `insert into delivery (company_id, id, campaign_id, customer_id, channel, address, address_key, country, body, parts, state, due_at, called_at, accepted_at, settled_at, sid)
   select k.company_id, gen_random_uuid(), g.id, k.customer_id, 'sms', k.value, k.phone_key, 'UA', 'Hello', 1, 'delivered', now(), now(), now(), now(), 'SM' || md5(k.value)
   from contact k join customer c on c.company_id = k.company_id and c.id = k.customer_id
   join (select id from campaign where company_id = $1 order by created_at desc limit 1) g on true
   where ${one(10)} and k.kind = 'phone'`,
  `insert into suppression (company_id, address_key, reason, hint, at)
   select k.company_id, k.phone_key, 'stop', right(k.value, 2), c.latest_at from contact k join customer c on c.company_id = k.company_id and c.id = k.customer_id
   where ${one(100)} and k.kind = 'phone' on conflict do nothing`,
  `insert into consent (company_id, channel, address_key, granted, at, source)
   select k.company_id, 'sms', k.phone_key, true, c.latest_at, 'site' from contact k join customer c on c.company_id = k.company_id and c.id = k.customer_id
   where ${one(20)} and k.kind = 'phone' on conflict do nothing`,
  `insert into import (company_id, id, user_id, file_name, format, size, sha256, state, rows_total, rows_done, created_at, finished_at)
   select $1, gen_random_uuid(), ${owner}, 'table-' || n || '.csv', 'csv', 1000, md5(n::text), 'done', 10, 10, now() - n * interval '1 hour', now()
   from generate_series(1, 100) n`,
  `insert into export (company_id, id, user_id, format, state, rows_total, rows_done, size, created_at, finished_at, expires_at)
   select $1, gen_random_uuid(), ${owner}, 'xlsx', 'expired', 10, 10, 1000, now() - n * interval '1 day', now() - n * interval '1 day', now()
   from generate_series(1, 100) n`,
  `insert into bulk (company_id, id, user_id, action, tag_name, asked_at, state, total, seen, changed, created_at, finished_at)
   select $1, gen_random_uuid(), ${owner}, 'untag', 'Label', now(), 'undone', 10, 10, 10, now() - n * interval '1 hour', now() from generate_series(1, 100) n`,
  `insert into duplicate (company_id, id, customer_id, other_id, state, reason, created_at)
   select a.company_id, gen_random_uuid(), a.id, a.other, 'open', 'name', now()
   from (select c.company_id, c.id, lead(c.id) over (order by c.id) as other from customer c where ${one(1000)}) a where a.other is not null`,
  `insert into decision (company_id, id, kind, step_id, customer_id, other_id, decided_by, at)
   select a.company_id, gen_random_uuid(), 'apart', gen_random_uuid(), a.id, a.other, ${owner}, now()
   from (select c.company_id, c.id, lead(c.id) over (order by c.id) as other from customer c where ${one(2000)}) a where a.other is not null`,
  `insert into notice (company_id, id, kind, created_at, read_at)
   select $1, gen_random_uuid(), 'export-failed', now() - n * interval '1 hour', now() from generate_series(1, 200) n`,
  `insert into audit_entry (id, company_id, user_id, action, subject, at)
   select gen_random_uuid(), $1, ${owner}, 'export.created', '{}', now() - n * interval '1 minute' from generate_series(1, greatest(1000, $2::bigint / 10)) n`,
  `insert into customer_change (company_id, id, customer_id, user_id, action, at)
   select c.company_id, gen_random_uuid(), c.id, ${owner}, 'edited', c.latest_at from customer c where ${one(5)}`,
  `with written as (
     insert into own_review (company_id, id, phone_key, phone_hint, created_at)
     select o.id, gen_random_uuid(), k.phone_key, right(k.value, 2), now() from contact k
     join customer c on c.company_id = k.company_id and c.id = k.customer_id, (select id from company where id <> $1 order by slug limit 1) o
     where ${one(1000)} and k.kind = 'phone' returning company_id, id, phone_key
   ), revised as (
     insert into review_revision (company_id, id, review_id, sentiment, reason, text)
     select company_id, gen_random_uuid(), id, 'negative', 'refused_parcel', 'Ordered twice and took nothing.' from written returning company_id, id, review_id
   )
   insert into moderation_case (id, kind, subject_id, review_id, phone_key, company_id, created_at)
   select gen_random_uuid(), 'revision', r.id, w.id, w.phone_key, w.company_id, now() from written w join revised r on r.review_id = w.id`,
];
