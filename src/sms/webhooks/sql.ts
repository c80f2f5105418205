import { type Sql, sql } from '../../platform/db.ts';

export type Kind = 'stop' | 'start' | 'help' | 'message';

/** One row: it had not come before. */
export const note = (companyId: string, sid: string, kind: Kind): Sql => sql`
  insert into inbound (company_id, sid, kind) values (${companyId}::uuid, ${sid}, ${kind})
  on conflict do nothing returning sid`;

export const noted = (sid: string): Sql => sql`
  select 1 as one from inbound where company_id = current_company() and sid = ${sid}`;

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
