import { empty, type Sql, sql } from '../platform/db.ts';
import type { Locale } from '../tenancy/company.ts';

export const KINDS = ['revision', 'reply', 'dispute'] as const;
export type Kind = (typeof KINDS)[number];
export type Decision = 'published' | 'refused' | 'changes' | 'upheld' | 'rejected';
export type Ending = Decision | 'withdrawn';

export interface CaseRow {
  id: string;
  kind: Kind;
  subjectId: string;
  reviewId: string;
  phoneKey: string;
  phoneHint: string | null;
  createdAt: Date;
  /** whoever wrote it, or disputes: null for the person behind the number */
  companyId: string | null;
  userId: string | null;
  /** of what waits; null: it was erased meanwhile */
  text: string | null;
  sentiment: string | null;
  reason: string | null;
  anonymous: boolean | null;
  /** the company whose review it is about */
  author: string | null;
  authorId: string | null;
  /** the company that disputes */
  party: string | null;
  writer: string | null;
  writerEmail: string | null;
  claimedBy: string | null;
  claimer: string | null;
  claimedUntil: Date | null;
  decision: Ending | null;
  answer: string | null;
  decidedBy: string | null;
  decider: string | null;
  decidedAt: Date | null;
  /** the reader belongs to a company that it is about */
  own: boolean;
  /** it waits still, and so does what it is about: a review that was taken back needs no answer any more */
  open: boolean;
}

// The number's index leads to the review's author; both keys of its own would begin with the company, which is not known here.
const joined = sql`
  from moderation_case m
  left join own_review o on o.phone_key = m.phone_key and o.id = m.review_id
  left join company author on author.id = o.company_id
  left join review_revision v on m.kind = 'revision' and v.company_id = m.company_id and v.id = m.subject_id
  left join reply y on m.kind = 'reply' and y.id = m.subject_id
  left join dispute d on m.kind = 'dispute' and d.id = m.subject_id
  left join company party on party.id = d.company_id
  left join app_user writer on writer.id = m.user_id
  left join app_user claimer on claimer.id = m.claimed_by
  left join app_user decider on decider.id = m.decided_by`;

/** It waits, and so does what it is about: an answer to a review that was taken back needs none. */
export const open = sql`(m.decision is null and (m.kind = 'revision'
  or exists (select from review w where w.id = m.review_id and w.withdrawn_at is null)))`;

/** Whether the user belongs to the company that wrote the review, or to one that disputes it: what upholds one dispute upholds all. */
const own = (userId: string) => sql`exists (
  select from membership b where b.user_id = ${userId}::uuid and (b.company_id = m.company_id
    or b.company_id = (select a.company_id from own_review a where a.phone_key = m.phone_key and a.id = m.review_id)
    or m.kind = 'dispute' and b.company_id in (
      select n.company_id from moderation_case n where n.review_id = m.review_id and n.kind = 'dispute')))`;

const columns = (userId: string) => sql`
  m.id, m.kind, m.subject_id as "subjectId", m.review_id as "reviewId", m.phone_key as "phoneKey",
  o.phone_hint as "phoneHint", m.created_at as "createdAt", m.company_id as "companyId", m.user_id as "userId",
  coalesce(v.text, y.text, d.text) as text, v.sentiment, v.reason, v.anonymous,
  author.name as author, author.id as "authorId", party.name as party, writer.name as writer, writer.email as "writerEmail",
  m.claimed_by as "claimedBy", claimer.name as claimer, m.claimed_until as "claimedUntil",
  m.decision, m.answer, m.decided_by as "decidedBy", decider.name as decider, m.decided_at as "decidedAt",
  ${own(userId)} as own, ${open} as open`;

export const find = (id: string, userId: string): Sql => sql`
  select ${columns(userId)} ${joined} where m.id = ${id}::uuid`;

/** Other texts about the same number, newest first. */
export const ofNumber = (phoneKey: string, but: string, userId: string, limit: number): Sql => sql`
  select ${columns(userId)} ${joined} where m.phone_key = ${phoneKey} and m.id <> ${but}::uuid
  order by m.created_at desc, m.id desc limit ${limit}`;

export interface Wanted {
  state: 'waiting' | 'mine' | 'decided';
  kind: Kind | null;
  userId: string;
  now: Date;
}

const condition = ({ state, kind, userId, now }: Wanted) => sql`
  ${state === 'decided' ? sql`m.decision <> 'withdrawn'` : open}
  ${state === 'mine' ? sql`and m.claimed_by = ${userId}::uuid and m.claimed_until > ${now}::timestamptz` : empty}
  ${kind ? sql`and m.kind = ${kind}` : empty}`;

export const list = (wanted: Wanted, limit: number, offset: number): Sql => sql`
  select ${columns(wanted.userId)} ${joined} where ${condition(wanted)}
  order by ${wanted.state === 'decided' ? sql`m.decided_at desc, m.id desc` : sql`m.created_at, m.id`}
  limit ${limit} offset ${offset}`;

export const count = (wanted: Wanted): Sql => sql`
  select count(*)::int as total from moderation_case m where ${condition(wanted)}`;

export interface Place {
  /** the ones that stand before it */
  before: number;
  total: number;
  previous: string | null;
  next: string | null;
}

/** Where a case stands in the queue: also one that has left it stands between its neighbours. */
export const place = (id: string, wanted: Wanted): Sql => sql`
  with queue as (select m.created_at, m.id from moderation_case m where ${condition(wanted)})
  select (select count(*)::int from queue q where (q.created_at, q.id) < (h.created_at, h.id)) as before,
         (select count(*)::int from queue) as total,
         (select q.id from queue q where (q.created_at, q.id) < (h.created_at, h.id) order by q.created_at desc, q.id desc limit 1) as previous,
         (select q.id from queue q where (q.created_at, q.id) > (h.created_at, h.id) order by q.created_at, q.id limit 1) as next
  from moderation_case h where h.id = ${id}::uuid`;

const free = (userId: string, now: Date) => sql`
  (m.claimed_by is null or m.claimed_by = ${userId}::uuid or m.claimed_until <= ${now}::timestamptz)`;

/** Takes it, or takes it for longer. `fresh`: it was not this moderator's already. Nothing comes back where somebody else has it. */
export const claim = (id: string, userId: string, now: Date, until: Date): Sql => sql`
  with held as (
    select m.id, m.claimed_by is distinct from ${userId}::uuid or m.claimed_until <= ${now}::timestamptz as fresh
    from moderation_case m where m.id = ${id}::uuid and ${open} and ${free(userId, now)} and not ${own(userId)}
    for update of m
  )
  update moderation_case m set claimed_by = ${userId}::uuid, claimed_until = ${until}::timestamptz from held
  where m.id = held.id returning held.fresh`;

// Two who ask at once get two different ones: who finds the oldest being taken takes the one behind it.
export const claimNext = (wanted: Wanted, until: Date): Sql => sql`
  with next as (
    select m.id, m.claimed_by is distinct from ${wanted.userId}::uuid or m.claimed_until <= ${wanted.now}::timestamptz as fresh
    from moderation_case m
    where ${condition(wanted)} and ${free(wanted.userId, wanted.now)} and not ${own(wanted.userId)}
    order by m.created_at, m.id limit 1 for update of m skip locked
  )
  update moderation_case m set claimed_by = ${wanted.userId}::uuid, claimed_until = ${until}::timestamptz from next
  where m.id = next.id returning next.id, next.fresh`;

export const release = (id: string, userId: string): Sql => sql`
  update moderation_case set claimed_by = null, claimed_until = null
  where id = ${id}::uuid and claimed_by = ${userId}::uuid and decision is null`;

export interface Verdict {
  id: string;
  decision: Decision;
  answer: string | null;
  userId: string;
  now: Date;
}

/** Who removes a review closes all that waits about it: the cases are taken in one order, so that no two wait for each other. */
export const lockAll = (reviewId: string): Sql => sql`
  select id from moderation_case where review_id = ${reviewId}::uuid and decision is null order by id for update`;

// From here on nobody disputes the review, or takes it back, before this is over: who does so is a party, and was counted, or comes too late.
// The author's row comes first, as with authors who take a text back.
export const lockAuthor = (phoneKey: string, reviewId: string): Sql => sql`
  select id from own_review where phone_key = ${phoneKey} and id = ${reviewId}::uuid for update`;

export const lockFace = (reviewId: string): Sql => sql`select id from review where id = ${reviewId}::uuid for update`;

/** The one statement that decides: of any number at the same instant it touches the row for the first alone. */
export const decide = ({ id, decision, answer, userId, now }: Verdict): Sql => sql`
  update moderation_case m
  set decision = ${decision}, answer = ${answer}, decided_by = ${userId}::uuid, decided_at = ${now}::timestamptz
  where m.id = ${id}::uuid and m.decision is null and ${free(userId, now)} and not ${own(userId)}`;

/** What it was about is gone: nobody has to decide it any more. */
export const drop = (id: string, now: Date): Sql => sql`
  update moderation_case set decision = 'withdrawn', answer = null, decided_by = null, decided_at = ${now}::timestamptz
  where id = ${id}::uuid`;

/** What is decided, whom that concerns, and in which language: who wrote it, if still there, and the company whose review it is about. */
export interface Concerned {
  id: string;
  kind: Kind;
  subjectId: string;
  reviewId: string;
  phoneKey: string;
  companyId: string | null;
  open: boolean;
  writerId: string | null;
  writerEmail: string | null;
  writerLocale: Locale | null;
  writerCompany: string | null;
  writerCompanyId: string | null;
  authorId: string | null;
  author: string | null;
  authorLocale: Locale | null;
  phoneHint: string | null;
  /** who wrote the published text */
  signerId: string | null;
  signerEmail: string | null;
  signerLocale: Locale | null;
}

// Who has left the company, or is kept out, gets no letter any more.
export const concerned = (ids: readonly string[]): Sql => sql`
  select m.id, m.kind, m.subject_id as "subjectId", m.review_id as "reviewId", m.phone_key as "phoneKey", m.company_id as "companyId",
         ${open} as open,
         w.id as "writerId", w.email as "writerEmail", w.locale as "writerLocale",
         c.name as "writerCompany", c.id as "writerCompanyId",
         o.company_id as "authorId", a.name as author, a.locale as "authorLocale", o.phone_hint as "phoneHint",
         s.id as "signerId", s.email as "signerEmail", s.locale as "signerLocale"
  from moderation_case m
  left join company c on c.id = m.company_id
  left join membership mw on mw.company_id = m.company_id and mw.user_id = m.user_id
  left join app_user w on w.id = mw.user_id and w.disabled_at is null
  left join own_review o on o.phone_key = m.phone_key and o.id = m.review_id
  left join company a on a.id = o.company_id
  left join lateral (
    select v.user_id from review_revision v
    where v.company_id = o.company_id and v.review_id = o.id order by v.created_at desc, v.id desc limit 1
  ) last on true
  left join membership ms on ms.company_id = o.company_id and ms.user_id = last.user_id
  left join app_user s on s.id = ms.user_id and s.disabled_at is null
  where m.id = any(${[...ids]}::uuid[]) order by m.id`;

export const membersBut = (companyId: string, userId: string | null): Sql => sql`
  select user_id as "userId" from membership
  where company_id = ${companyId}::uuid and user_id is distinct from ${userId}::uuid order by user_id`;

export const decideReply = (
  id: string,
  decision: 'published' | 'refused',
  answer: string | null,
  now: Date,
): Sql => sql`
  update reply set state = ${decision}, answer = ${answer}, decided_at = ${now}::timestamptz where id = ${id}::uuid and state = 'pending'`;

export const decideDispute = (
  id: string,
  decision: 'upheld' | 'rejected',
  answer: string | null,
  now: Date,
): Sql => sql`
  update dispute set state = ${decision}, answer = ${answer}, decided_at = ${now}::timestamptz where id = ${id}::uuid and state = 'open'`;

/** A review that was removed is disputed no more: whoever else did so was right as well. */
export const upholdOthers = (reviewId: string, { answer, userId, now }: Verdict): Sql => sql`
  with cases as (
    update moderation_case
    set decision = 'upheld', answer = ${answer}, decided_by = ${userId}::uuid, decided_at = ${now}::timestamptz
    where review_id = ${reviewId}::uuid and kind = 'dispute' and decision is null returning id, subject_id
  ), disputes as (
    update dispute d set state = 'upheld', answer = ${answer}, decided_at = ${now}::timestamptz
    from cases where d.id = cases.subject_id and d.state = 'open'
  )
  select id from cases`;

/** The review was taken back by its author: there is nothing left to decide. Answers the cases of the disputes that waited. */
export const closeGone = (reviewId: string, now: Date): Sql => sql`
  with gone as (
    select w.id from review w where w.id = ${reviewId}::uuid and w.withdrawn_at is not null
  ), cases as (
    update moderation_case m set decision = 'withdrawn', decided_at = ${now}::timestamptz
    from gone where m.review_id = gone.id and m.decision is null
  ), disputes as (
    update dispute d set state = 'withdrawn', decided_at = ${now}::timestamptz
    from gone where d.review_id = gone.id and d.state = 'open' returning d.id
  )
  select m.id from disputes d join moderation_case m on m.kind = 'dispute' and m.subject_id = d.id`;

export const closeOthers = (reviewId: string, now: Date): Sql => sql`
  update moderation_case set decision = 'withdrawn', decided_at = ${now}::timestamptz
  where review_id = ${reviewId}::uuid and decision is null`;
