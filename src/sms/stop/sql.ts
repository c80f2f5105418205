import { type Sql, sql } from '../../platform/db.ts';

export interface LinkRow {
  address: string | null;
  addressKey: string | null;
  /** null: it gets messages */
  reason: 'stop' | 'page' | 'provider' | 'hand' | null;
  at: Date | null;
  /** whether something is being handed over for the number at this moment */
  leaving: boolean;
}

/** Whose number the code in an address of ours stands for, and whether it has said no. */
export const link = (code: string): Sql => sql`
  select d.address, d.address_key as "addressKey", s.reason, s.at,
         exists (select from delivery o where o.company_id = d.company_id and o.address_key = d.address_key and o.state = 'calling') as leaving
  from delivery d left join suppression s on s.company_id = d.company_id and s.address_key = d.address_key
  where d.company_id = current_company() and d.code = ${code}`;
