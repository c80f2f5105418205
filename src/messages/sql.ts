import { type Sql, sql } from '../platform/db.ts';

/** A conversation, with the last that was said in it. */
export interface ThreadRow {
  thread: string;
  last_at: Date;
  messages: bigint;
  channel: string | null;
  direction: 'in' | 'out';
  text: string;
  order_id: string | null;
  order_number: string | null;
}

/** The threads in which a customer wrote, as `threads_count` counts them, the one with the latest message first. */
export const threads = (customerId: string, limit: number, offset: number): Sql => sql`
  with threads as (
    select m.thread, max(a.at) as last_at, count(*) as messages,
           (array_agg(a.id order by a.at desc, a.id desc))[1] as last_id, max(m.order_external_id) as order_external_id
    from arrival a join message m on m.company_id = a.company_id and m.id = a.id
    where a.company_id = current_company() and a.customer_id = ${customerId}::uuid and a.kind = 'message'
    group by m.thread
    having bool_or(m.direction = 'in')
  ), page as (
    select * from threads order by last_at desc, last_id desc limit ${limit} offset ${offset}
  )
  select p.thread, p.last_at, p.messages, m.channel, m.direction, left(m.text, 300) as text, o.id as order_id,
         o.number as order_number
  from page p
  join message m on m.company_id = current_company() and m.id = p.last_id
  left join arrival oa on oa.company_id = m.company_id and oa.kind = 'order' and oa.external_id = p.order_external_id
  left join orders o on o.company_id = oa.company_id and o.id = oa.id
  order by p.last_at desc, p.last_id desc`;

export interface MessageRow {
  id: string;
  at: Date;
  direction: 'in' | 'out';
  channel: string | null;
  text: string;
  name: string | null;
  order_id: string | null;
  order_number: string | null;
  /** the campaign that carried it, and what has become of it; null: it was not sent from here */
  campaign_id: string | null;
  delivery_state: string | null;
  /** messages of the thread in all */
  total: bigint;
}

/** One thread of a customer, the newest message first. */
export const thread = (customerId: string, name: string, limit: number, offset: number): Sql => sql`
  select a.id, a.at, m.direction, m.channel, m.text, a.name, o.id as order_id, o.number as order_number, d.campaign_id, d.state as delivery_state,
         count(*) over () as total
  from message m
  join arrival a on a.company_id = m.company_id and a.id = m.id
  left join arrival oa on oa.company_id = m.company_id and oa.kind = 'order' and oa.external_id = m.order_external_id
  left join orders o on o.company_id = oa.company_id and o.id = oa.id
  left join campaign g on m.direction = 'out' and g.company_id = a.company_id and g.external_id = a.external_id and g.kind = 'reply'
  left join delivery d on d.company_id = g.company_id and d.campaign_id = g.id and d.first_id is null
  where m.company_id = current_company() and m.thread = ${name} and a.customer_id = ${customerId}::uuid
  order by a.at desc, a.id desc limit ${limit} offset ${offset}`;
