import { type Sql, sql } from '../platform/db.ts';

// Of several processes that start at once, one makes companies and users.
export const lockDemo = (): Sql => sql`select pg_advisory_xact_lock(hashtextextended('demo', 0))::text`;

/** Customers that dealt here, the latest first, with one number of each. */
export const numbersByLatest = (): Sql => sql`
  select distinct on (c.latest_at, c.id) c.id as customer, k.value as phone
  from customer c
  join contact k on k.company_id = c.company_id and k.customer_id = c.id and k.kind = 'phone'
  join dealing d on d.company_id = k.company_id and d.phone_key = k.phone_key
  where c.company_id = current_company() and c.listed
  order by c.latest_at desc, c.id, k.position`;

export const decided = (caseId: string, now: Date): Sql => sql`
  update moderation_case set decision = 'published', decided_at = ${now}::timestamptz where id = ${caseId}::uuid`;

export const countUsers = (): Sql => sql`select count(*)::int as users from app_user`;

/**
 * A campaign as if it had been sent then: nine tenths have arrived, some phones were off, some numbers are gone. Step by step, because
 * the ledger lets no step be left out.
 */
export const pretendSent = (campaignId: string, at: Date): Sql[] => [
  sql`
  update delivery set state = 'claimed', created_at = ${at}::timestamptz
  where company_id = current_company() and campaign_id = ${campaignId}::uuid and state = 'planned'`,
  sql`
  update delivery d set state = 'calling', attempts = 1, due_at = ${at}::timestamptz,
    called_at = ${at}::timestamptz + o.n * interval '100 milliseconds'
  from (select id, row_number() over (order by id) as n from delivery
        where company_id = current_company() and campaign_id = ${campaignId}::uuid) o
  where d.company_id = current_company() and d.id = o.id and d.state = 'claimed'`,
  sql`
  update delivery d set sid = 'demo:' || d.id, accepted_at = called_at + interval '1 second', settled_at = called_at + interval '5 seconds',
    state = case when o.n % 23 in (4, 11) then 'undelivered' else 'delivered' end,
    error_code = case when o.n % 23 = 4 then '30003' when o.n % 23 = 11 then '30005' end
  from (select id, row_number() over (order by id) as n from delivery
        where company_id = current_company() and campaign_id = ${campaignId}::uuid) o
  where d.company_id = current_company() and d.id = o.id and d.state = 'calling'`,
  sql`
  update delivery set created_at = ${at}::timestamptz, settled_at = ${at}::timestamptz
  where company_id = current_company() and campaign_id = ${campaignId}::uuid and state = 'skipped'`,
  sql`
  update campaign set state = 'finished', created_at = ${at}::timestamptz - interval '1 hour', updated_at = ${at}::timestamptz,
    finished_at = ${at}::timestamptz + interval '2 minutes'
  where company_id = current_company() and id = ${campaignId}::uuid`,
];
