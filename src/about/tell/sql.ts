import { type Sql, sql } from '../../platform/db.ts';

export interface News {
  phone_key: string;
  company_id: string;
}

// Nothing where the portal does not want it, where the person knows already, or where nobody may see the review.
export const news = (reviewId: string): Sql => sql`
  select r.phone_key, o.company_id from review r
  join own_review o on o.phone_key = r.phone_key and o.id = r.id
  where r.id = ${reviewId}::uuid and r.withdrawn_at is null
    and exists (select from portal_setting p where p.name = 'reviews.tellPerson' and p.value = 'true'::jsonb)
    and not exists (select from phone_sharing s where s.phone_key = r.phone_key and (s.told_at is not null or s.hidden_at is not null))`;

export const numberOf = (phoneKey: string): Sql => sql`
  select value from contact where company_id = current_company() and phone_key = ${phoneKey} and kind = 'phone' limit 1`;

// Of many jobs about one number one is answered a row; none, when its person has objected meanwhile.
export const claimTelling = (phoneKey: string, now: Date): Sql => sql`
  insert into phone_sharing as s (phone_key, told_at) values (${phoneKey}, ${now}::timestamptz)
  on conflict (phone_key) do update set told_at = excluded.told_at where s.told_at is null and s.hidden_at is null
  returning phone_key`;
