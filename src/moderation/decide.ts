import * as audit from '../audit/audit.ts';
import { translator } from '../platform/i18n.ts';
import { enqueue } from '../queue/enqueue.ts';
import { closeRevision, publishRevision, removeReview } from '../reviews/reviews.ts';
import type { PortalDb } from '../tenancy/handles.ts';
import type { Services } from '../web/services.ts';
import type { Verdict } from './input.ts';
import { tell } from './outcome.ts';
import * as sql from './sql.ts';

export type Outcome =
  | { outcome: 'decided' }
  /** somebody was faster, or it was taken back: `case` says who, what and when */
  | { outcome: 'over'; case: sql.CaseRow }
  /** another moderator works on it */
  | { outcome: 'held'; case: sql.CaseRow }
  /** the moderator belongs to a company that it is about */
  | { outcome: 'own'; case: sql.CaseRow }
  | { outcome: 'missing' };

export interface By {
  userId: string;
  now: Date;
  publicUrl: string;
}

/**
 * Decides a case, with everything that follows from it, in the caller's transaction (P-88). Of any number of moderators at the same
 * instant one decides; the others are told who.
 */
export async function decide(db: PortalDb, caseId: string, given: Verdict, by: By): Promise<Outcome> {
  const { userId, now } = by;
  const [concerned] = await db.query<sql.Concerned>(sql.concerned([caseId]));
  if (!concerned) return { outcome: 'missing' };
  const verdict = { id: caseId, decision: given.decision, answer: answerTo(concerned, given), userId, now };
  if (given.decision === 'upheld') {
    await db.query(sql.lockAll(concerned.reviewId));
    await db.query(sql.lockAuthor(concerned.phoneKey, concerned.reviewId));
    await db.query(sql.lockFace(concerned.reviewId));
  }
  if ((await db.execute(sql.decide(verdict))) === 0) return whyNot(db, caseId, userId);
  if (!(await carryOut(db, concerned, verdict, by))) {
    await db.execute(sql.drop(caseId, now));
    return whyNot(db, caseId, userId);
  }
  const reason = given.decision === 'refused' ? given.reason : null;
  await conclude(db, { concerned, verdict, by, reason, removed: given.decision === 'upheld' });
  return { outcome: 'decided' };
}

interface Concluded {
  concerned: sql.Concerned;
  verdict: sql.Verdict;
  by: By;
  /** a code of `REFUSALS` */
  reason: string | null;
  removed: boolean;
}

/** Writes it down and tells whom it concerns. */
async function conclude(db: PortalDb, { concerned, verdict, by, reason, removed }: Concluded): Promise<void> {
  const { decision, answer } = verdict;
  await audit.write(db, {
    userId: by.userId,
    action: `${concerned.kind === 'revision' ? 'review' : concerned.kind}.${decision}` as audit.Deed['action'],
    subject: { review: concerned.reviewId, case: concerned.id, ...(reason ? { reason } : {}) },
    ...(concerned.companyId ? { companyId: concerned.companyId } : {}),
  });
  await tell(db, { concerned, decision, answer, removed, publicUrl: by.publicUrl });
}

/** The words of the reason in the language of whoever reads them, then the moderator's own. null: none. */
function answerTo({ writerLocale, authorLocale }: sql.Concerned, { decision, reason, words }: Verdict): string | null {
  const t = translator(writerLocale ?? authorLocale ?? 'en');
  const template = decision === 'refused' && reason !== 'other' ? t(`moderation.reason.${reason}.text`) : '';
  return [template, words].filter((part) => part !== '').join('\n\n') || null;
}

async function whyNot(db: PortalDb, caseId: string, userId: string): Promise<Outcome> {
  const [now] = await db.query<sql.CaseRow>(sql.find(caseId, userId));
  if (!now) return { outcome: 'missing' };
  if (now.decision) return { outcome: 'over', case: now };
  return { outcome: now.own ? 'own' : 'held', case: now };
}

/** false: what it was about was taken back meanwhile. */
async function carryOut(db: PortalDb, concerned: sql.Concerned, verdict: sql.Verdict, by: By): Promise<boolean> {
  const { kind, open, subjectId, reviewId } = concerned;
  if (!open) return false;
  if (kind === 'revision') return decideRevision(db, concerned, verdict);
  const { decision, answer, now } = verdict;
  if (kind === 'reply') {
    const state = decision === 'published' ? 'published' : 'refused';
    return (await db.execute(sql.decideReply(subjectId, state, answer, now))) > 0;
  }
  const state = decision === 'upheld' ? 'upheld' : 'rejected';
  if ((await db.execute(sql.decideDispute(subjectId, state, answer, now))) === 0) return false;
  if (state === 'upheld') await remove(db, reviewId, verdict, by);
  return true;
}

async function decideRevision(
  db: PortalDb,
  { subjectId, reviewId }: sql.Concerned,
  { decision, answer, now }: sql.Verdict,
): Promise<boolean> {
  if (decision !== 'published') {
    const state = decision === 'changes' ? 'changes' : 'refused';
    return (await closeRevision(db, subjectId, state, { answer: answer ?? '', now })) !== null;
  }
  const published = await publishRevision(db, subjectId, { now });
  if (published?.first) await enqueue(db, 'review.tell', { reviewId });
  return published !== null;
}

/** The review goes, and with it whatever still waits about it. */
async function remove(db: PortalDb, reviewId: string, verdict: sql.Verdict, by: By): Promise<void> {
  await removeReview(db, reviewId, { now: verdict.now });
  const others = await db.query<{ id: string }>(sql.upholdOthers(reviewId, verdict));
  await db.execute(sql.closeOthers(reviewId, verdict.now));
  for (const concerned of await concernedBy(db, others)) {
    await conclude(db, { concerned, verdict, by, reason: null, removed: false });
  }
}

/** A review was taken back by its author: nobody decides any more what waits about it, and whoever disputed it is told. */
export async function closeGone({ tenancy, clock, config }: Services, reviewId: string): Promise<void> {
  await tenancy.inPortal(async (db) => {
    await db.query(sql.lockAll(reviewId));
    const gone = await db.query<{ id: string }>(sql.closeGone(reviewId, clock()));
    const news = { decision: 'withdrawn', answer: null, removed: false, publicUrl: config.publicUrl } as const;
    for (const concerned of await concernedBy(db, gone)) await tell(db, { concerned, ...news });
  });
}

async function concernedBy(db: PortalDb, cases: readonly { id: string }[]): Promise<sql.Concerned[]> {
  return cases.length > 0 ? db.query<sql.Concerned>(sql.concerned(cases.map(({ id }) => id))) : [];
}
