import { type Sql, sql } from '../platform/db.ts';

export interface FeedbackRow {
  id: string;
  at: Date;
  /** 1 to 5 */
  rating: bigint;
  text: string;
  name: string | null;
}

/** What a customer wrote about the company, newest first. */
export const ofCustomer = (customerId: string, limit: number, offset: number): Sql => sql`
  select a.id, a.at, f.rating, f.text, a.name
  from arrival a join feedback f on f.company_id = a.company_id and f.id = a.id
  where a.company_id = current_company() and a.customer_id = ${customerId}::uuid and a.kind = 'feedback'
  order by a.at desc, a.id desc limit ${limit} offset ${offset}`;
