import { type Sql, sql } from '../../platform/db.ts';
import type { Effort } from './settings.ts';

export interface OpenRow {
  id: string;
  channel: 'sms' | 'viber' | 'messenger';
  address: string;
  body: string;
  sender: string | null;
  sid: string | null;
  called_at: Date;
}

const time = (at: Date): Sql => sql`${at.toISOString()}::timestamptz`;
const seconds = (count: number): Sql => sql`${count} * interval '1 second'`;

// Oldest first; what was asked has to wait as long again as it has waited already.
const open = (
  channels: readonly string[],
  now: Date,
  { pauseSeconds, giveUpSeconds, most }: Effort,
  which: Sql,
): Sql => sql`
  select id, channel, address, body, sender, sid, called_at from delivery
  where company_id = current_company() and channel = any(${[...channels]}::text[]) and address is not null and ${which}
    and called_at > ${time(now)} - ${seconds(giveUpSeconds)}
    and (asked_at is null or ${time(now)} - asked_at >= greatest(${seconds(pauseSeconds)}, asked_at - called_at))
  order by called_at, id limit ${most}`;

/** Of which it is not known whether the provider took them. */
export const unknown = (channels: readonly string[], now: Date, effort: Effort): Sql =>
  open(channels, now, effort, sql`state = 'unknown' and called_at <= ${time(now)} - ${seconds(effort.unknownSeconds)}`);

/** Which the provider took, and of which it has not told the end. What was kept for the outbox page has none. */
export const silent = (channels: readonly string[], now: Date, effort: Effort): Sql =>
  open(
    channels,
    now,
    effort,
    sql`state = 'accepted' and sid not like 'outbox:%' and called_at <= ${time(now)} - ${seconds(effort.silentSeconds)}`,
  );

export const asked = (ids: readonly string[], now: Date): Sql => sql`
  update delivery set asked_at = ${time(now)} where company_id = current_company() and id = any(${[...ids]}::uuid[])`;

/** Which of these ids of the provider belong to a delivery already, of whatever company. Of the portal. */
export const taken = (sids: readonly string[]): Sql => sql`
  select d.sid from company c
  cross join lateral (select d.sid from delivery d where d.company_id = c.id and d.sid = any(${[...sids]}::text[])) d`;
