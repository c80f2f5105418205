import { empty, type Sql, sql } from '../platform/db.ts';

/** Where a page of orders ended: the moment with all its digits, and the id. */
export interface OrderMark {
  at: string;
  id: string;
}

// The moment is read as text, too: a JavaScript date would cut it to milliseconds, and the next page would miss an order.
export const orders = (companyId: string, customerId: string, after: OrderMark | null, limit: number): Sql => sql`
  select o.id, a.external_id, o.number, a.at, a.at::text as mark, o.status, o.total, o.currency,
         a.because_kind, a.because_value, a.because_rule
  from arrival a join orders o on o.company_id = a.company_id and o.id = a.id
  where a.company_id = ${companyId}::uuid and a.customer_id = ${customerId}::uuid and a.kind = 'order'
    ${after ? sql`and (a.at, a.id) < (${after.at}::timestamptz, ${after.id}::uuid)` : empty}
  order by a.at desc, a.id desc limit ${limit}`;
