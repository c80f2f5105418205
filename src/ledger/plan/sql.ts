import { type Sql, sql } from '../../platform/db.ts';

export interface PlannedRow {
  reason: string | null;
  count: number;
  parts: bigint;
  micros: bigint;
}

export const plan = (campaignId: string, audience: Sql): Sql => sql`
  with made as (
    insert into delivery (company_id, id, campaign_id, customer_id, channel, address, address_key, country, body, code, parts,
                          price_micros, state, reason, due_at, settled_at)
    select current_company(), new_id(), ${campaignId}::uuid, a.customer_id, a.channel, a.address, a.address_key, a.country, a.body,
           a.code, a.parts, a.price_micros, case when a.reason is null then 'planned' else 'skipped' end, a.reason, a.due_at,
           case when a.reason is not null then now() end
    from (${audience}) a
    returning reason, parts, price_micros
  )
  select reason, count(*)::int as count, coalesce(sum(parts), 0)::bigint as parts,
         coalesce(sum(parts * price_micros), 0)::bigint as micros
  from made group by reason`;
