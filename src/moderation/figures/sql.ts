import { type Sql, sql } from '../../platform/db.ts';
import type { Kind } from '../sql.ts';
import { open } from '../sql.ts';

export interface WaitingRow {
  kind: Kind;
  count: number;
  oldest: Date;
}

export const waiting = (): Sql => sql`
  select m.kind, count(*)::int as count, min(m.created_at) as oldest from moderation_case m where ${open}
  group by m.kind`;

/** Decisions of people: what was taken back, nobody decided. */
const decided = (since: Date) => sql`
  from moderation_case m left join app_user u on u.id = m.decided_by
  where m.decision is not null and m.decision <> 'withdrawn' and m.decided_at >= ${since}::timestamptz`;

const median = sql`
  percentile_cont(0.5) within group (order by extract(epoch from m.decided_at - m.created_at))::float8 as median`;

export interface DeciderRow {
  /** null: a user who is gone */
  name: string | null;
  count: number;
}

export const byWhom = (since: Date): Sql => sql`
  select u.name, count(*)::int as count ${decided(since)} group by u.id, u.name order by count(*) desc, u.name, u.id`;

export interface MedianRow {
  /** seconds; null: nothing was decided */
  median: number | null;
  count: number;
}

export const medianTime = (since: Date): Sql => sql`select ${median}, count(*)::int as count ${decided(since)}`;

export interface ModeratorRow extends DeciderRow, MedianRow {
  yes: number;
  no: number;
  changes: number;
  latest: Date;
}

export const moderators = (since: Date): Sql => sql`
  select u.name, count(*)::int as count, max(m.decided_at) as latest, ${median},
         count(*) filter (where m.decision in ('published', 'upheld'))::int as yes,
         count(*) filter (where m.decision in ('refused', 'rejected'))::int as no,
         count(*) filter (where m.decision = 'changes')::int as changes
  ${decided(since)} group by u.id, u.name order by count(*) desc, u.name, u.id`;
