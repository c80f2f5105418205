import { type Sql, sql } from '../../platform/db.ts';

/** The number of a customer that is known under this key. */
export const numberOf = (customerId: string, addressKey: string): Sql => sql`
  select value from contact
  where company_id = current_company() and customer_id = ${customerId}::uuid and kind = 'phone' and phone_key = ${addressKey} limit 1`;

/** Whether the customer has written in this conversation. */
export const wroteIn = (customerId: string, thread: string): Sql => sql`
  select 1 as one from message m join arrival a on a.company_id = m.company_id and a.id = m.id
  where m.company_id = current_company() and m.thread = ${thread} and m.direction = 'in' and a.customer_id = ${customerId}::uuid limit 1`;

export const name = (campaignId: string, externalId: string): Sql => sql`
  update campaign set external_id = ${externalId} where company_id = current_company() and id = ${campaignId}::uuid`;

/** As it leaves, once its fields are filled in. */
export const textOf = (campaignId: string): Sql => sql`
  select body from delivery where company_id = current_company() and campaign_id = ${campaignId}::uuid`;
