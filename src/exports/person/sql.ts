import { type Sql, sql } from '../../platform/db.ts';

// Each answers rows of one column, ready to be printed. A customer is all that were ever merged into it.
const family = (id: string): Sql => sql`
  select f.id from customer f where f.company_id = current_company() and (f.id = ${id}::uuid or f.merged_into = ${id}::uuid)`;

export const listed = (id: string): Sql => sql`
  select name from customer where company_id = current_company() and id = ${id}::uuid and listed`;

const customer = (id: string): Sql => sql`
  select to_jsonb(c) - array['company_id', 'name_folded', 'rollup_day', 'rollup_class', 'trash', 'listed', 'version', 'latest_at'] as json
  from customer c where c.company_id = current_company() and c.id in (${family(id)}) order by c.merged_into nulls first, c.id`;

const contacts = (id: string): Sql => sql`
  select to_jsonb(k) - array['company_id', 'phone_key'] as json from contact k
  where k.company_id = current_company() and k.customer_id = ${id}::uuid order by k.kind, k.position, k.value`;

const tags = (id: string): Sql => sql`
  select jsonb_build_object('tag', t.name, 'at', g.at, 'by', u.name) as json
  from customer_tag g join tag t on t.company_id = g.company_id and t.id = g.tag_id left join app_user u on u.id = g.user_id
  where g.company_id = current_company() and g.customer_id in (${family(id)}) and t.gone_at is null order by g.at, t.name`;

// What the person said of itself with each, and why it belongs here.
const said = sql`
  to_jsonb(a) - array['company_id', 'customer_id', 'search', 'content_hash'] || jsonb_build_object('contacts', (
    select coalesce(jsonb_agg(jsonb_build_object('kind', e.kind, 'value', e.value, 'given', e.given) order by e.kind, e.value), '[]')
    from evidence e where e.company_id = a.company_id and e.arrival_id = a.id))`;

// Money as people write it: minor units by the exponent are the caller's business.
const orders = (id: string): Sql => sql`
  select ${said} || to_jsonb(o) - array['company_id'] || jsonb_build_object(
    'items', (select coalesce(jsonb_agg(to_jsonb(i) - array['company_id', 'order_id'] order by i.line), '[]')
              from order_item i where i.company_id = o.company_id and i.order_id = o.id),
    'tags', (select coalesce(jsonb_agg(t.name order by t.name), '[]') from order_tag g
             join tag t on t.company_id = g.company_id and t.id = g.tag_id where g.company_id = o.company_id and g.order_id = o.id)) as json
  from arrival a join orders o on o.company_id = a.company_id and o.id = a.id
  where a.company_id = current_company() and a.customer_id = ${id}::uuid order by a.at, a.id`;

const messages = (id: string): Sql => sql`
  select ${said} || to_jsonb(m) - array['company_id'] as json from arrival a join message m on m.company_id = a.company_id and m.id = a.id
  where a.company_id = current_company() and a.customer_id = ${id}::uuid order by a.at, a.id`;

const feedback = (id: string): Sql => sql`
  select ${said} || to_jsonb(f) - array['company_id'] as json from arrival a join feedback f on f.company_id = a.company_id and f.id = a.id
  where a.company_id = current_company() and a.customer_id = ${id}::uuid order by a.at, a.id`;

const imported = (id: string): Sql => sql`
  select jsonb_build_object('file', i.file_name, 'at', i.created_at, 'line', r.line, 'cells', r.cells, 'outcome', r.outcome) as json
  from import_row r join import i on i.company_id = r.company_id and i.id = r.import_id
  where r.company_id = current_company() and r.customer_id in (${family(id)}) order by i.created_at, r.line`;

const keys = (id: string): Sql => sql`
  select k.phone_key from contact k where k.company_id = current_company() and k.customer_id = ${id}::uuid and k.phone_key is not null`;

/** `emails`: the portal's keys of the customer's addresses. */
const consents = (id: string, emails: readonly string[]): Sql => sql`
  select jsonb_build_object('channel', r.channel, 'granted', r.granted, 'at', r.at, 'source', r.source, 'wording', r.wording,
    'recorded_at', r.recorded_at, 'recorded_by', u.name, 'ending', right(k.value, 4)) as json
  from consent_record r left join app_user u on u.id = r.recorded_by
  left join contact k on k.company_id = r.company_id and k.phone_key = r.address_key and k.customer_id = ${id}::uuid
  where r.company_id = current_company() and (r.address_key in (${keys(id)}) or r.address_key = any(${[...emails]}::text[]))
  order by r.at, r.id`;

const silenced = (id: string): Sql => sql`
  select jsonb_build_object('reason', s.reason, 'ending', s.hint, 'since', s.at) as json from suppression s
  where s.company_id = current_company() and s.address_key in (${keys(id)}) order by s.at`;

const sent = (id: string): Sql => sql`
  select jsonb_build_object('campaign', c.name, 'channel', d.channel, 'to', d.address, 'text', d.body, 'state', d.state, 'reason', d.reason,
    'planned_at', d.created_at, 'sent_at', d.called_at, 'settled_at', d.settled_at) as json
  from delivery d join campaign c on c.company_id = d.company_id and c.id = d.campaign_id
  where d.company_id = current_company() and (d.customer_id in (${family(id)}) or d.address_key in (${keys(id)}))
  order by d.created_at, d.id`;

// What this company wrote; what others did is theirs, and the person reads it at /about-me.
const reviews = (id: string): Sql => sql`
  select jsonb_build_object('ending', o.phone_hint, 'state', v.state, 'sentiment', v.sentiment, 'reason', v.reason, 'text', v.text,
    'signed', not v.anonymous, 'written_at', v.created_at, 'answer', v.answer, 'withdrawn_at', o.withdrawn_at) as json
  from own_review o join review_revision v on v.company_id = o.company_id and v.review_id = o.id
  where o.company_id = current_company() and o.phone_key in (${keys(id)}) order by v.created_at, v.id`;

const history = (id: string): Sql => sql`
  select jsonb_build_object('action', h.action, 'changes', h.changes, 'at', h.at, 'by', u.name) as json
  from customer_change h left join app_user u on u.id = h.user_id
  where h.company_id = current_company() and h.customer_id in (${family(id)}) order by h.at, h.id`;

const merges = (id: string): Sql => sql`
  select to_jsonb(m) - array['company_id', 'decided_by'] || jsonb_build_object('by', u.name) as json
  from customer_merge m left join app_user u on u.id = m.decided_by
  where m.company_id = current_company() and (m.survivor_id in (${family(id)}) or m.merged_id in (${family(id)})) order by m.at, m.id`;

const decisions = (id: string): Sql => sql`
  select to_jsonb(d) - array['company_id', 'decided_by', 'undone_by', 'fingerprint', 'step_id'] || jsonb_build_object('by', u.name) as json
  from decision d left join app_user u on u.id = d.decided_by
  where d.company_id = current_company() and (d.customer_id in (${family(id)}) or d.other_id in (${family(id)})) order by d.at, d.id`;

const questions = (id: string): Sql => sql`
  select to_jsonb(d) - array['company_id', 'decided_by'] as json from duplicate d
  where d.company_id = current_company() and (d.customer_id in (${family(id)}) or d.other_id in (${family(id)})) order by d.created_at, d.id`;

const bulks = (id: string): Sql => sql`
  select jsonb_build_object('action', b.action, 'tag', b.tag_name, 'at', b.created_at, 'by', u.name) as json
  from bulk b left join app_user u on u.id = b.user_id
  where b.company_id = current_company() and b.id in (
    select g.bulk_id from bulk_change g where g.company_id = current_company() and g.customer_id in (${family(id)})
    union select g.bulk_id from customer_tag g where g.company_id = current_company() and g.customer_id in (${family(id)}))
  order by b.created_at, b.id`;

// Which rows a file had is not kept: these were made of lists while the customer was here.
const exported = (id: string): Sql => sql`
  select jsonb_build_object('format', e.format, 'filter', e.filter, 'at', e.created_at, 'by', u.name, 'rows', e.rows_total) as json
  from export e left join app_user u on u.id = e.user_id
  where e.company_id = current_company() and e.finished_at is not null and e.state in ('done', 'revoked', 'expired')
    and (e.customer_id in (${family(id)}) or (e.customer_id is null and e.created_at >= (
      select min(c.created_at) from customer c where c.company_id = current_company() and c.id in (${family(id)}))))
  order by e.created_at, e.id`;

const logged = (id: string): Sql => sql`
  select jsonb_build_object('action', a.action, 'subject', a.subject, 'at', a.at, 'by', u.name) as json
  from audit_entry a left join app_user u on u.id = a.user_id
  where a.company_id = current_company() and a.subject ->> 'id' in (select f.id::text from (${family(id)}) f) order by a.at, a.id`;

/** Everything, in the order in which it is printed. */
export const sections = (id: string, emailKeys: readonly string[]): readonly (readonly [string, Sql])[] => [
  ['customer', customer(id)],
  ['contacts', contacts(id)],
  ['tags', tags(id)],
  ['orders', orders(id)],
  ['messages', messages(id)],
  ['feedback', feedback(id)],
  ['imported', imported(id)],
  ['consents', consents(id, emailKeys)],
  ['silenced', silenced(id)],
  ['sent', sent(id)],
  ['reviews', reviews(id)],
  ['history', history(id)],
  ['merges', merges(id)],
  ['decisions', decisions(id)],
  ['questions', questions(id)],
  ['bulks', bulks(id)],
  ['exported', exported(id)],
  ['logged', logged(id)],
];

export const emails = (id: string): Sql => sql`
  select k.value from contact k where k.company_id = current_company() and k.customer_id = ${id}::uuid and k.kind = 'email'`;
