import { type Sql, sql } from '../../platform/db.ts';
import type { Kind } from '../sql.ts';

export interface RecordRow {
  waiting: number;
  published: number;
  refused: number;
  changes: number;
  withdrawn: number;
}

const counts = sql`
  count(*) filter (where decision is null)::int as waiting,
  count(*) filter (where decision = 'published')::int as published,
  count(*) filter (where decision = 'refused')::int as refused,
  count(*) filter (where decision = 'changes')::int as changes,
  count(*) filter (where decision = 'withdrawn')::int as withdrawn`;

export interface CompanyRecordRow extends RecordRow {
  name: string;
  /** reviews that went because a dispute about them was upheld */
  removed: number;
}

/** In the order of the ids. */
export const ofCompanies = (ids: readonly string[]): Sql => sql`
  select c.name, handed.*,
         (select count(*)::int from own_review o where o.company_id = c.id and o.state = 'removed') as removed
  from unnest(${[...ids]}::uuid[]) with ordinality as wanted (id, place)
  join company c on c.id = wanted.id
  cross join lateral (
    select ${counts} from moderation_case where kind = 'revision' and company_id = c.id
  ) handed
  order by wanted.place`;

export const ofUser = (userId: string): Sql => sql`
  select ${counts} from moderation_case where kind = 'revision' and user_id = ${userId}::uuid`;

/** How many texts the same author handed in within a day before, this one counted; of a person: about the same number. */
export const flood = (companyId: string | null, phoneKey: string, at: Date): Sql => sql`
  select count(*)::int as count from moderation_case
  where ${companyId ? sql`company_id = ${companyId}::uuid` : sql`company_id is null and phone_key = ${phoneKey}`}
    and created_at > ${at}::timestamptz - interval '1 day' and created_at <= ${at}::timestamptz`;

export interface TwinRow {
  id: string;
  kind: Kind;
  createdAt: Date;
  company: string | null;
  decision: string | null;
  total: number;
}

// Each table has an index on the key of its texts: the same words are found among millions.
export const twins = (text: string, subjectId: string, limit: number): Sql => sql`
  with same as (
    select id from review_revision where text_key(text) = text_key(${text})
    union all select id from reply where text_key(text) = text_key(${text})
    union all select id from dispute where text_key(text) = text_key(${text})
  )
  select m.id, m.kind, m.created_at as "createdAt", c.name as company, m.decision, count(*) over ()::int as total
  from same s join moderation_case m on m.subject_id = s.id left join company c on c.id = m.company_id
  where s.id <> ${subjectId}::uuid order by m.created_at desc, m.id desc limit ${limit}`;

export interface FaceRow {
  sentiment: string;
  reason: string;
  text: string;
  signedAs: string | null;
  publishedAt: Date;
  correctedAt: Date | null;
  withdrawnAt: Date | null;
  replyText: string | null;
  replyState: string | null;
}

/** What everybody who may read it reads now. */
export const face = (reviewId: string): Sql => sql`
  select r.sentiment, r.reason, r.text, r.signed_as as "signedAs", r.published_at as "publishedAt",
         r.corrected_at as "correctedAt", r.withdrawn_at as "withdrawnAt", p.text as "replyText", p.state as "replyState"
  from review r left join reply p on p.review_id = r.id where r.id = ${reviewId}::uuid`;

export const hidden = (phoneKey: string): Sql => sql`
  select true as hidden from phone_sharing where phone_key = ${phoneKey} and hidden_at is not null`;
