import { type Sql, sql } from '../../platform/db.ts';

const time = (at: Date) => sql`${at.toISOString()}::timestamptz`;

export type State = 'draft' | 'scheduled' | 'sending' | 'paused' | 'finished' | 'cancelled';

/** What the sending of a campaign goes by. */
export interface CampaignRow {
  id: string;
  name: string;
  state: State;
  sender: string | null;
  scheduled_at: Date | null;
  expires_at: Date | null;
  /** of the company, where they hold for this campaign; null: it may leave at any hour */
  quiet_hours: string | null;
  running_since: Date | null;
  /** the database is a restored one, and nobody has said yet that it may send */
  held: boolean;
}

export const campaign = (id: string): Sql => sql`
  select c.id, c.name, c.state, c.sender, c.scheduled_at, c.expires_at, c.running_since,
         exists (select from portal_setting where name = 'restored') as held,
         case when c.obeys_quiet_hours and c.kind in ('group', 'one') then k.quiet_hours end as quiet_hours
  from campaign c join company k on k.id = c.company_id
  where c.company_id = current_company() and c.id = ${id}::uuid`;

export const begin = (id: string, now: Date): Sql => sql`
  update campaign set state = 'sending', running_since = coalesce(running_since, ${time(now)}), updated_at = now()
  where company_id = current_company() and id = ${id}::uuid and state = 'scheduled'`;

export const lock = (id: string): Sql => sql`
  select id from campaign where company_id = current_company() and id = ${id}::uuid and state = 'sending' for no key update`;

export const finish = (id: string, now: Date): Sql => sql`
  update campaign set state = 'finished', finished_at = ${time(now)}, updated_at = now()
  where company_id = current_company() and id = ${id}::uuid and state = 'sending'
    and not exists (select from delivery d where d.company_id = current_company() and d.campaign_id = ${id}::uuid
                    and d.state in ('planned', 'claimed', 'calling'))`;

// Waits for whoever is calling at this moment: what is called after this was committed sees it.
// What goes to one person bears that person's name, and the log outlives them.
const named = sql`case when kind = 'group' then name end as name`;

export const pause = (id: string, because: 'person' | 'failures'): Sql => sql`
  update campaign set state = 'paused', paused_because = ${because}, updated_at = now()
  where company_id = current_company() and id = ${id}::uuid and state in ('scheduled', 'sending')
  returning ${named}`;

export const resume = (id: string, now: Date): Sql => sql`
  update campaign set state = case when scheduled_at > ${time(now)} then 'scheduled' else 'sending' end,
         paused_because = null, running_since = ${time(now)}, updated_at = now()
  where company_id = current_company() and id = ${id}::uuid and state = 'paused'
  returning ${named}`;

export const cancel = (id: string): Sql => sql`
  update campaign set state = 'cancelled', paused_because = null, finished_at = now(), updated_at = now()
  where company_id = current_company() and id = ${id}::uuid and state in ('scheduled', 'sending', 'paused')
  returning ${named}`;

export const calling = (id: string): Sql => sql`
  select count(*)::int as count from delivery
  where company_id = current_company() and campaign_id = ${id}::uuid and state = 'calling'`;

/** Campaigns that ought to have a job: those that run, and cancelled ones whose rest is not skipped yet. */
export const running = (): Sql => sql`
  select c.id from campaign c
  where c.company_id = current_company() and (c.state in ('scheduled', 'sending') or c.state = 'cancelled' and exists (
    select from delivery d where d.company_id = c.company_id and d.campaign_id = c.id and d.state in ('planned', 'claimed')))`;

/** Those that have one; of the portal. */
export const withJob = (): Sql => sql`
  select distinct payload ->> 'campaignId' as id from job where name = 'campaign.send' and due_at < 'infinity'`;

/**
 * Keeps the place of so many messages in the row of a sender, behind all that were promised before. Nothing where the first could leave
 * only later than `horizon` seconds from now.
 */
export const reserve = (sender: string, count: number, perSecond: number, horizon: number): Sql => sql`
  insert into sender_pace as p (sender, next_at) values (${sender}, clock_timestamp() + ${count / perSecond} * interval '1 second')
  on conflict (sender) do update
    set next_at = greatest(p.next_at, clock_timestamp()) + ${count / perSecond} * interval '1 second'
    where p.next_at <= clock_timestamp() + ${horizon} * interval '1 second'
      and (p.held_until is null or p.held_until <= clock_timestamp())
  returning (extract(epoch from p.next_at - clock_timestamp()) - ${count / perSecond})::float8 as wait`;

export const heldFor = (sender: string): Sql => sql`
  select extract(epoch from greatest(next_at, held_until) - clock_timestamp())::float8 as wait from sender_pace where sender = ${sender}`;

export const hold = (sender: string, seconds: number): Sql => sql`
  insert into sender_pace as p (sender, next_at, held_until) values (${sender}, ${inSeconds(seconds)}, ${inSeconds(seconds)})
  on conflict (sender) do update
    set next_at = greatest(p.next_at, excluded.next_at), held_until = greatest(p.held_until, excluded.held_until)`;

const inSeconds = (seconds: number) => sql`clock_timestamp() + ${seconds} * interval '1 second'`;

export const stillHeld = (sender: string): Sql => sql`
  select extract(epoch from held_until - clock_timestamp())::float8 as wait from sender_pace
  where sender = ${sender} and held_until > clock_timestamp()`;
