import { type Sql, sql } from '../../platform/db.ts';

export interface WaitingRow {
  id: string;
  reviewId: string;
  companyId: string;
  phoneKey: string;
}

// The author may take it back at this very moment: whoever holds the row of the review decides. Every key here begins with the
// company, and the case knows it.
export const lockWaiting = (revisionId: string): Sql => sql`
  select v.id, o.id as "reviewId", o.company_id as "companyId", o.phone_key as "phoneKey"
  from moderation_case m
  join review_revision v on v.company_id = m.company_id and v.id = m.subject_id
  join own_review o on o.company_id = v.company_id and o.id = v.review_id
  where m.subject_id = ${revisionId}::uuid and m.kind = 'revision' and v.state = 'pending' and o.state not in ('withdrawn', 'removed')
  for update of o, v`;

export const supersede = ({ companyId, reviewId }: WaitingRow): Sql => sql`
  update review_revision set state = 'superseded'
  where company_id = ${companyId}::uuid and review_id = ${reviewId}::uuid and state = 'published'`;

export const decideRevision = (
  { companyId, id }: WaitingRow,
  state: string,
  answer: string | null,
  now: Date,
): Sql => sql`
  update review_revision set state = ${state}, answer = ${answer}, decided_at = ${now}::timestamptz
  where company_id = ${companyId}::uuid and id = ${id}::uuid`;

// A text that is published stays what the review is, whatever becomes of its correction.
export const decideOwn = ({ companyId, reviewId }: WaitingRow, state: string): Sql => sql`
  update own_review set state = ${state}
  where company_id = ${companyId}::uuid and id = ${reviewId}::uuid and (${state} = 'published' or state in ('pending', 'refused', 'changes'))`;

// A correction changes the words, not the time the review is about. `first`: nothing of it was published before.
export const publish = ({ companyId, id }: WaitingRow, now: Date): Sql => sql`
  insert into review as r (id, phone_key, phone_hint, sentiment, reason, text, signed_as, known_as, dealt_at, published_at)
  select o.id, o.phone_key, o.phone_hint, v.sentiment, v.reason, v.text, case when not v.anonymous then c.name end, o.known_as,
         least(coalesce(d.last_at, v.created_at), v.created_at), ${now}::timestamptz
  from review_revision v
  join own_review o on o.company_id = v.company_id and o.id = v.review_id
  join company c on c.id = o.company_id
  left join dealing d on d.company_id = o.company_id and d.phone_key = o.phone_key
  where v.company_id = ${companyId}::uuid and v.id = ${id}::uuid
  on conflict (id) do update set
    sentiment = excluded.sentiment, reason = excluded.reason, text = excluded.text, signed_as = excluded.signed_as,
    known_as = excluded.known_as, corrected_at = excluded.published_at
  returning r.corrected_at is null as first`;

export const removeOwn = (reviewId: string): Sql => sql`
  update own_review set state = 'removed'
  where phone_key = (select phone_key from review where id = ${reviewId}::uuid) and id = ${reviewId}::uuid returning company_id as "companyId"`;

export const dropWaiting = (companyId: string, reviewId: string): Sql => sql`
  update review_revision set state = 'withdrawn'
  where company_id = ${companyId}::uuid and review_id = ${reviewId}::uuid and state = 'pending'`;

export const closeCases = (reviewId: string, now: Date): Sql => sql`
  update moderation_case set decision = 'withdrawn', decided_at = ${now}::timestamptz
  where review_id = ${reviewId}::uuid and kind = 'revision' and decision is null`;

export const unpublish = (reviewId: string, now: Date): Sql => sql`
  update review set withdrawn_at = coalesce(withdrawn_at, ${now}::timestamptz) where id = ${reviewId}::uuid`;

export interface AboutRow {
  id: string;
  phone_hint: string;
  sentiment: 'positive' | 'neutral' | 'negative';
  /** a code of `REASONS` */
  reason: string;
  text: string;
  /** null: the company did not sign */
  signed_as: string | null;
  published_at: Date;
  corrected_at: Date | null;
  /** the person's own answer, in whatever state */
  reply_id: string | null;
  reply_text: string | null;
  reply_state: 'pending' | 'published' | 'refused' | null;
  reply_answer: string | null;
  reply_at: Date | null;
  /** the person's own dispute, the latest one */
  dispute_id: string | null;
  dispute_text: string | null;
  dispute_state: 'open' | 'upheld' | 'rejected' | null;
  dispute_answer: string | null;
  dispute_at: Date | null;
}

export const about = (phoneKey: string): Sql => sql`
  select r.id, r.phone_hint, r.sentiment, r.reason, r.text, r.signed_as, r.published_at, r.corrected_at,
         p.id as reply_id, p.text as reply_text, p.state as reply_state, p.answer as reply_answer, p.created_at as reply_at,
         d.id as dispute_id, d.text as dispute_text, d.state as dispute_state, d.answer as dispute_answer, d.created_at as dispute_at
  from review r
  left join reply p on p.review_id = r.id
  left join lateral (
    select * from dispute d where d.review_id = r.id and d.company_id is null order by d.created_at desc, d.id desc limit 1
  ) d on true
  where r.phone_key = ${phoneKey} and r.withdrawn_at is null
  order by r.published_at desc, r.id desc`;

export interface NewCase {
  id: string;
  kind: 'revision' | 'reply' | 'dispute';
  subjectId: string;
  reviewId: string;
  phoneKey: string;
  companyId: string | null;
  userId: string | null;
  now: Date;
}

export const insertCase = ({ id, kind, subjectId, reviewId, phoneKey, companyId, userId, now }: NewCase): Sql => sql`
  insert into moderation_case (id, kind, subject_id, review_id, phone_key, company_id, user_id, created_at)
  values (${id}::uuid, ${kind}, ${subjectId}::uuid, ${reviewId}::uuid, ${phoneKey}, ${companyId}::uuid, ${userId}::uuid,
          ${now}::timestamptz)`;
