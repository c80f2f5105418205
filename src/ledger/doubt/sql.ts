import { type Sql, sql } from '../../platform/db.ts';

const at = (moment: Date): Sql => sql`${moment.toISOString()}::timestamptz`;

export const lapseAll = (restoredAt: Date): Sql => sql`
  update delivery set state = 'unknown', claim = null, lease_until = null, reason = 'restored'
  where company_id = current_company() and state = 'calling' and called_at < ${at(restoredAt)}`;

export const releaseHeld = (restoredAt: Date): Sql => sql`
  update delivery set state = 'planned', claim = null, lease_until = null
  where company_id = current_company() and state = 'claimed' and created_at < ${at(restoredAt)}`;

// So far away that nobody claims it: those who look for what is due need not know of doubts.
const FAR = sql`'9999-01-01T00:00:00Z'::timestamptz`;

export const doubt = (restoredAt: Date): Sql => sql`
  update delivery set doubt_due_at = due_at, due_at = ${FAR}
  where company_id = current_company() and state = 'planned' and doubt_due_at is null and created_at < ${at(restoredAt)}`;

export const doubtful = (most: number): Sql => sql`
  select id, campaign_id as "campaignId", channel, address, body, created_at as "createdAt" from delivery
  where company_id = current_company() and doubt_due_at is not null and state = 'planned' and address is not null
  order by created_at, id limit ${most}`;

export const count = (): Sql => sql`
  select count(*)::int as count from delivery
  where company_id = current_company() and doubt_due_at is not null and state = 'planned' and address is not null`;

/** Every step that the table allows, one after the other. */
export function calledBefore(called: readonly { id: string; at: Date }[]): readonly Sql[] {
  const ids = called.map(({ id }) => id);
  const which = (state: string) =>
    sql`where d.company_id = current_company() and d.id = any(${ids}::uuid[]) and d.state = ${state}`;
  return [
    sql`update delivery d set state = 'claimed', due_at = coalesce(d.doubt_due_at, d.due_at), doubt_due_at = null ${which('planned')}`,
    sql`update delivery d set state = 'calling', called_at = c.at, attempts = d.attempts + 1
        from unnest(${ids}::uuid[], ${called.map((each) => each.at.toISOString())}::timestamptz[]) as c (id, at)
        ${which('claimed')} and c.id = d.id`,
    sql`update delivery d set state = 'unknown', reason = 'restored' ${which('calling')}`,
  ];
}

export const clear = (ids: readonly string[]): Sql => sql`
  update delivery d set due_at = doubt_due_at, doubt_due_at = null
  where d.company_id = current_company() and d.id = any(${[...ids]}::uuid[]) and d.state = 'planned' and d.doubt_due_at is not null
  returning d.campaign_id as id`;
