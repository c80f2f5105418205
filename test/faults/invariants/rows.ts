/** One question to the whole database, as the superuser; `count` of what may not be. */
export interface Rule {
  /** of the list of invariants: I1 … I10 */
  id: string;
  says: string;
  text: string;
}

// Nobody works while this is asked: whatever is due was done before. What still says that it is under way, and that no job which is
// still to come would take up again, is stuck.
const hasJob = (name: string, field: string, of: string) => `
  exists (select from job j where j.name = any(string_to_array('${name}', ',')) and j.payload ->> '${field}' = ${of} and j.due_at < 'infinity')`;

export const RULES: readonly Rule[] = [
  {
    id: 'I1',
    says: 'orders, messages or feedback of which half is there',
    text: `
      select count(*)::int as count from arrival a
      left join orders o on a.kind = 'order' and o.company_id = a.company_id and o.id = a.id
      left join message m on a.kind = 'message' and m.company_id = a.company_id and m.id = a.id
      left join feedback f on a.kind = 'feedback' and f.company_id = a.company_id and f.id = a.id
      where (a.kind = 'order' and o.id is null) or (a.kind = 'message' and m.id is null) or (a.kind = 'feedback' and f.id is null)`,
  },
  {
    id: 'I1',
    says: 'orders without all of their items',
    text: `
      select count(*)::int as count from orders o left join lateral (
        select round(coalesce(sum(i.quantity), 0)) as n from order_item i where i.company_id = o.company_id and i.order_id = o.id) i on true
      where o.items_count <> i.n`,
  },
  {
    id: 'I4',
    says: 'deliveries that wait for nobody',
    text: `
      select count(*)::int as count from delivery d join campaign c on c.company_id = d.company_id and c.id = d.campaign_id
      where (d.state in ('claimed', 'calling') and d.lease_until < now() - interval '1 minute'
             or d.state in ('planned', 'claimed', 'calling') and c.state in ('finished', 'cancelled')
             or d.state in ('planned', 'claimed', 'calling') and c.state = 'sending')
        and not ${hasJob('campaign.send', 'campaignId', 'c.id::text')}`,
  },
  {
    id: 'I4',
    says: 'campaigns that are on their way with nobody',
    text: `
      select count(*)::int as count from campaign c
      where c.state in ('sending', 'scheduled') and not ${hasJob('campaign.send', 'campaignId', 'c.id::text')}`,
  },
  {
    id: 'I4',
    says: 'exports that are never made',
    text: `
      select count(*)::int as count from export e
      where e.state in ('queued', 'running') and not ${hasJob('export.run', 'exportId', 'e.id::text')}`,
  },
  {
    id: 'I4',
    says: 'imports that never go on',
    text: `
      select count(*)::int as count from import i
      where i.state in ('checking', 'queued', 'running') and not ${hasJob('import.check,import.run', 'importId', 'i.id::text')}`,
  },
  {
    id: 'I4',
    says: 'bulk changes that never go on',
    text: `
      select count(*)::int as count from bulk b
      where b.state in ('queued', 'running', 'undoing') and not ${hasJob('bulk.run,bulk.undo', 'bulkId', 'b.id::text')}`,
  },
  {
    id: 'I4',
    says: 'letters that nobody sends',
    text: `
      select count(*)::int as count from outbox o
      where o.state = 'waiting' and not exists (
        select from job j where j.payload ->> 'letterId' = o.id::text or j.payload ->> 'smsId' = o.id::text)`,
  },
  {
    id: 'I5',
    says: 'finished imports whose counts are not those of their rows',
    text: `
      select count(*)::int as count from import i
      where i.state = 'done' and i.rows_total is distinct from (
        select count(*) from import_row r where r.company_id = i.company_id and r.import_id = i.id and r.outcome is not null)
        or i.state = 'done' and exists (
          select from (select r.outcome, count(*) as n from import_row r
                       where r.company_id = i.company_id and r.import_id = i.id group by r.outcome) counted
          where (i.counts ->> counted.outcome)::bigint is distinct from counted.n)`,
  },
  {
    id: 'I5',
    says: 'finished exports that do not hold all their rows',
    text: `select count(*)::int as count from export where state = 'done' and rows_done is distinct from rows_total`,
  },
  {
    id: 'I8',
    says: 'customers whose totals are not those of their orders',
    text: `
      select count(*)::int as count from (
        select c.company_id, c.id, c.orders_count, c.sum_all from customer c where c.merged_into is null) c
      full join (
        select a.company_id, a.customer_id, count(*) as n, coalesce(sum(o.converted), 0) as total
        from arrival a join orders o on o.company_id = a.company_id and o.id = a.id
        where a.customer_id is not null group by a.company_id, a.customer_id) o
      on o.company_id = c.company_id and o.customer_id = c.id
      where coalesce(c.orders_count, 0) <> coalesce(o.n, 0) or coalesce(c.sum_all, 0) <> coalesce(o.total, 0)`,
  },
  {
    id: 'I10',
    says: 'decisions of moderators that the audit log does not know, or knows twice',
    text: `
      select count(*)::int as count from moderation_case m
      where m.decision is not null and m.decided_by is not null and 1 <> (
        select count(*) from audit_entry e where e.subject ->> 'case' = m.id::text and e.user_id = m.decided_by
          and e.action = case m.kind when 'revision' then 'review' else m.kind end || '.' || m.decision)`,
  },
  {
    id: 'I10',
    says: 'consents that no record tells',
    text: `
      select count(*)::int as count from consent c where not exists (
        select from consent_record r where r.company_id = c.company_id and r.channel = c.channel and r.address_key = c.address_key
          and r.granted = c.granted and r.at = c.at)`,
  },
  {
    id: 'I10',
    says: 'companies with more numbers silenced than the audit log tells',
    // Those that the watch over the walls makes up are nobody's.
    text: `
      select count(*)::int as count from (
        select s.company_id, count(*) as n from suppression s join company c on c.id = s.company_id where not c.watch group by s.company_id) s
      where s.n > (select count(*) from audit_entry e where e.company_id = s.company_id and e.action in ('number.silenced', 'person.erased', 'customer.erased'))`,
  },
];
