import { type Sql, sql } from '../../platform/db.ts';

/** The customer whose number a review is about: as far as the company may see the review, or had to do with it before it was gone. */
export const customerOf = (companyId: string, reviewId: string): Sql => sql`
  select k.customer_id as id from contact k
  where k.company_id = ${companyId}::uuid and k.phone_key = coalesce(
    (select o.phone_key from own_review o where o.company_id = ${companyId}::uuid and o.id = ${reviewId}::uuid),
    (select r.phone_key from review r where r.id = ${reviewId}::uuid),
    (select m.phone_key from moderation_case m where m.company_id = ${companyId}::uuid and m.review_id = ${reviewId}::uuid limit 1))
  order by k.customer_id limit 1`;
