import { type Sql, sql } from '../../platform/db.ts';

export type Kind = 'stop' | 'start' | 'help' | 'message';

/** One row: it had not come before. */
export const note = (companyId: string, sid: string, kind: Kind): Sql => sql`
  insert into inbound (company_id, sid, kind) values (${companyId}::uuid, ${sid}, ${kind})
  on conflict do nothing returning sid`;

export const noted = (sid: string): Sql => sql`
  select 1 as one from inbound where company_id = current_company() and sid = ${sid}`;

/** In every company, but those where it had come before: by one statement, for there may be thousands. */
export const stopEverywhere = (sid: string, addressKey: string, hint: string): Sql => sql`
  with told as (
    insert into inbound (company_id, sid, kind) select c.id, ${sid}, 'stop' from company c order by c.id
    on conflict do nothing returning company_id
  )
  insert into suppression (company_id, address_key, reason, hint)
  select t.company_id, ${addressKey}, 'stop', ${hint} from told t order by t.company_id on conflict do nothing`;

/** Whether its person has said no, and not taken it back. */
export const silenced = (addressKey: string): Sql => sql`
  select 1 as one from suppression where company_id = current_company() and address_key = ${addressKey} and reason <> 'hand'`;

export interface KnownRow {
  id: string;
  channel: 'sms' | 'viber' | 'messenger';
  state: string;
}

export const known = (ids: readonly string[]): Sql => sql`
  select id, channel, state from delivery where company_id = current_company() and id = any(${[...ids]}::uuid[])`;
