import { type Sql, sql } from '../../platform/db.ts';
import type { Sentiment } from '../reasons.ts';

export interface NewOwn {
  companyId: string;
  id: string;
  phoneKey: string;
  phoneHint: string;
  knownAs: string[];
  now: Date;
}

/** No row: there is one about this number already. */
export const insertOwn = ({ companyId, id, phoneKey, phoneHint, knownAs, now }: NewOwn): Sql => sql`
  insert into own_review (company_id, id, phone_key, phone_hint, known_as, created_at)
  values (${companyId}::uuid, ${id}::uuid, ${phoneKey}, ${phoneHint}, ${knownAs}::text[], ${now}::timestamptz)
  on conflict (company_id, phone_key) where withdrawn_at is null and state <> 'removed' do nothing
  returning id`;

export interface NewRevision {
  companyId: string;
  id: string;
  reviewId: string;
  userId: string | null;
  sentiment: Sentiment;
  reason: string;
  text: string;
  anonymous: boolean;
  now: Date;
}

export const insertRevision = (revision: NewRevision): Sql => sql`
  insert into review_revision (company_id, id, review_id, user_id, sentiment, reason, text, anonymous, created_at)
  values (${revision.companyId}::uuid, ${revision.id}::uuid, ${revision.reviewId}::uuid, ${revision.userId}::uuid,
          ${revision.sentiment}, ${revision.reason}, ${revision.text}, ${revision.anonymous}, ${revision.now}::timestamptz)`;

// Cases come before the review in every transaction that touches both, the moderators' too: so none waits for one that waits for it.
export const closeCases = (companyId: string, reviewId: string, now: Date): Sql => sql`
  update moderation_case set decision = 'withdrawn', decided_at = ${now}::timestamptz
  where company_id = ${companyId}::uuid and review_id = ${reviewId}::uuid and kind = 'revision' and decision is null`;

/** Nobody decides about the review until the end of the transaction. No row: it was taken back, or removed. */
export const lockOwn = (companyId: string, id: string): Sql => sql`
  select o.state from own_review o
  where o.company_id = ${companyId}::uuid and o.id = ${id}::uuid and o.withdrawn_at is null and o.state <> 'removed' for update`;

export const dropWaiting = (companyId: string, reviewId: string, state: 'superseded' | 'withdrawn'): Sql => sql`
  update review_revision set state = ${state}
  where company_id = ${companyId}::uuid and review_id = ${reviewId}::uuid and state = 'pending'`;

export const corrected = (companyId: string, id: string, knownAs: string[]): Sql => sql`
  update own_review set state = case when state = 'published' then state else 'pending' end, known_as = ${knownAs}::text[]
  where company_id = ${companyId}::uuid and id = ${id}::uuid`;

export const withdrawn = (companyId: string, id: string, now: Date): Sql => sql`
  update own_review set state = 'withdrawn', withdrawn_at = ${now}::timestamptz where company_id = ${companyId}::uuid and id = ${id}::uuid`;

export const unpublished = (id: string, now: Date): Sql => sql`
  update review set withdrawn_at = ${now}::timestamptz where id = ${id}::uuid and withdrawn_at is null`;

export interface NewDispute {
  id: string;
  reviewId: string;
  companyId: string;
  userId: string | null;
  text: string;
  now: Date;
}

// The index lets one company have one open dispute about a review.
export const insertDispute = ({ id, reviewId, companyId, userId, text, now }: NewDispute): Sql => sql`
  insert into dispute (id, review_id, company_id, user_id, text, created_at)
  values (${id}::uuid, ${reviewId}::uuid, ${companyId}::uuid, ${userId}::uuid, ${text}, ${now}::timestamptz)
  on conflict do nothing`;
