import { type Sql, sql } from '../../platform/db.ts';

export interface ObjectionRow {
  state: 'open' | 'upheld' | 'rejected';
  text: string;
  answer: string | null;
  created_at: Date;
  decided_at: Date | null;
}

export const lastObjection = (phoneKey: string): Sql => sql`
  select state, text, answer, created_at, decided_at from objection where phone_key = ${phoneKey}
  order by created_at desc, id desc limit 1`;

export interface LookRow {
  company: string;
  at: Date;
}

// The author of a review has no need to look; who is listed read what others wrote.
export const looks = (phoneKey: string): Sql => sql`
  select c.name as company, l.at from review_look l join company c on c.id = l.company_id
  where l.phone_key = ${phoneKey} order by l.at desc, c.name`;

export const insertObjection = (id: string, phoneKey: string, hint: string, text: string, now: Date): Sql => sql`
  insert into objection (id, phone_key, phone_hint, text, created_at)
  values (${id}::uuid, ${phoneKey}, ${hint}, ${text}, ${now}::timestamptz)`;

export const hide = (phoneKey: string, now: Date): Sql => sql`
  insert into phone_sharing as s (phone_key, hidden_at) values (${phoneKey}, ${now}::timestamptz)
  on conflict (phone_key) do update set hidden_at = coalesce(s.hidden_at, excluded.hidden_at)`;

// One answer to each review. An earlier one that may be written anew stays with the case that decided it.
export const setAside = (reviewId: string, phoneKey: string): Sql => sql`
  update reply p set review_id = null from review r
  where r.id = ${reviewId}::uuid and r.phone_key = ${phoneKey} and r.withdrawn_at is null and p.review_id = r.id
    and (p.state = 'refused' or (p.state = 'published' and r.corrected_at > p.created_at))`;

export const insertReply = (id: string, reviewId: string, phoneKey: string, text: string, now: Date): Sql => sql`
  insert into reply (id, review_id, phone_key, text, created_at)
  select ${id}::uuid, r.id, r.phone_key, ${text}, ${now}::timestamptz from review r
  where r.id = ${reviewId}::uuid and r.phone_key = ${phoneKey} and r.withdrawn_at is null
  on conflict (review_id) do nothing
  returning id`;

export const insertDispute = (id: string, reviewId: string, phoneKey: string, text: string, now: Date): Sql => sql`
  insert into dispute (id, review_id, text, created_at)
  select ${id}::uuid, r.id, ${text}, ${now}::timestamptz from review r
  where r.id = ${reviewId}::uuid and r.phone_key = ${phoneKey} and r.withdrawn_at is null
    and not exists (select from dispute d where d.review_id = r.id and d.company_id is null and d.state = 'open')
  returning id`;
