import { newId } from '../../kernel/id.ts';
import type { CompanyDb, PortalDb } from '../../tenancy/handles.ts';
import * as sql from './sql.ts';

export interface Published {
  reviewId: string;
  phoneKey: string;
  /** the author */
  companyId: string;
  /** nothing of this review was published before: it is no correction */
  first: boolean;
}

/**
 * Makes a waiting text the published one, for everybody who may read it; the one before it becomes history. null: it does not wait
 * any more (decided, or taken back by its author). Close the case in the same transaction, and before it: authors who take a
 * text back come by in that order.
 */
export async function publishRevision(
  db: PortalDb,
  revisionId: string,
  { now }: { now: Date },
): Promise<Published | null> {
  const [waiting] = await db.query<sql.WaitingRow>(sql.lockWaiting(revisionId));
  if (!waiting) return null;
  const { reviewId, companyId, phoneKey } = waiting;
  await db.execute(sql.supersede(waiting));
  await db.execute(sql.decideRevision(waiting, 'published', null, now));
  await db.execute(sql.decideOwn(waiting, 'published'));
  const [face] = await db.query<{ first: boolean }>(sql.publish(waiting, now));
  return { reviewId, companyId, phoneKey, first: face?.first ?? false };
}

/** A waiting text is not published; what was published before it stays. null: it does not wait any more. */
export async function closeRevision(
  db: PortalDb,
  revisionId: string,
  state: 'refused' | 'changes',
  { answer, now }: { answer: string; now: Date },
): Promise<Omit<Published, 'first'> | null> {
  const [waiting] = await db.query<sql.WaitingRow>(sql.lockWaiting(revisionId));
  if (!waiting) return null;
  const { reviewId, companyId, phoneKey } = waiting;
  await db.execute(sql.decideRevision(waiting, state, answer, now));
  await db.execute(sql.decideOwn(waiting, state));
  return { reviewId, companyId, phoneKey };
}

/** Takes a review away for good, with everything of it that still waits: a dispute about it was upheld. */
export async function removeReview(db: PortalDb, reviewId: string, { now }: { now: Date }): Promise<void> {
  await db.execute(sql.closeCases(reviewId, now));
  const [own] = await db.query<{ companyId: string }>(sql.removeOwn(reviewId));
  if (own) await db.execute(sql.dropWaiting(own.companyId, reviewId));
  await db.execute(sql.unpublish(reviewId, now));
}

/** What companies published about a number, newest first, with the person's own answers: for the person behind the number. */
export const publishedAbout = (db: PortalDb, phoneKey: string): Promise<sql.AboutRow[]> =>
  db.query<sql.AboutRow>(sql.about(phoneKey));

export type AboutReview = sql.AboutRow;

/**
 * Hands a text, an answer or a dispute to the moderators. `companyId`: whoever wrote the text or disputes (its own handle's
 * company, else it is refused); null: the person behind the number.
 */
export async function submitCase(
  db: CompanyDb | PortalDb,
  wanted: Omit<sql.NewCase, 'id' | 'companyId'> & { companyId?: string | null },
): Promise<string> {
  const id = newId();
  const companyId = 'company' in db ? db.company.id : (wanted.companyId ?? null);
  await db.execute(sql.insertCase({ ...wanted, id, companyId }));
  return id;
}
