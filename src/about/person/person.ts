import * as audit from '../../audit/audit.ts';
import { newId } from '../../kernel/id.ts';
import { phoneHint } from '../../kernel/phone-key.ts';
import * as reviews from '../../reviews/reviews.ts';
import type { PortalDb } from '../../tenancy/handles.ts';
import type { Visit } from '../entry/visit.ts';
import * as requests from '../requests/requests.ts';
import * as sql from './sql.ts';

/** A person whose number is proved. */
export type Person = Pick<Visit, 'phone' | 'phoneKey' | 'expiresAt'>;

export interface Known {
  reviews: reviews.AboutReview[];
  looks: sql.LookRow[];
  /** the latest one */
  objection: sql.ObjectionRow | null;
  requests: requests.Latest;
}

/** Everything that is known under the number across companies, but for what they keep of their own. */
export async function known(db: PortalDb, phoneKey: string): Promise<Known> {
  const [objection = null] = await db.query<sql.ObjectionRow>(sql.lastObjection(phoneKey));
  return {
    reviews: await reviews.publishedAbout(db, phoneKey),
    looks: await db.query<sql.LookRow>(sql.looks(phoneKey)),
    objection,
    requests: await requests.latest(db, phoneKey),
  };
}

/** null: there is no such review about this number */
export async function review(db: PortalDb, { phoneKey }: Person, id: string): Promise<reviews.AboutReview | null> {
  return (await reviews.publishedAbout(db, phoneKey)).find((each) => each.id === id) ?? null;
}

interface Writing {
  reviewId: string;
  text: string;
  now: Date;
}

/** One answer to each review; one that was refused may be written anew, and one to words that were corrected since. */
export const mayReply = (review: reviews.AboutReview) =>
  review.reply_state === null ||
  review.reply_state === 'refused' ||
  (review.reply_state === 'published' && isToEarlierText(review));

/** The words that the person answered are not those of the review any more. */
export const isToEarlierText = ({ reply_at: at, corrected_at: corrected }: reviews.AboutReview) =>
  at !== null && corrected !== null && corrected > at;
export const mayDispute = ({ dispute_state }: reviews.AboutReview) => dispute_state !== 'open';

/** The answer goes to the moderators. false: it was answered already, or the review is gone. */
export async function reply(db: PortalDb, who: Person, writing: Writing): Promise<boolean> {
  const { phoneKey } = who;
  const { reviewId, text, now } = writing;
  await requests.lock(db, phoneKey);
  await db.execute(sql.setAside(reviewId, phoneKey));
  const [row] = await db.query<{ id: string }>(sql.insertReply(newId(), reviewId, phoneKey, text, now));
  if (row) await submit(db, who, writing, { kind: 'reply', subjectId: row.id });
  return row !== undefined;
}

/** That the review is not true goes to the moderators. false: they have one already, or the review is gone. */
export async function dispute(db: PortalDb, who: Person, writing: Writing): Promise<boolean> {
  const { phoneKey } = who;
  const { reviewId, text, now } = writing;
  await requests.lock(db, phoneKey);
  const [row] = await db.query<{ id: string }>(sql.insertDispute(newId(), reviewId, phoneKey, text, now));
  if (row) await submit(db, who, writing, { kind: 'dispute', subjectId: row.id });
  return row !== undefined;
}

const ACTIONS = { reply: 'person.replied', dispute: 'person.disputed' } as const;

async function submit(
  db: PortalDb,
  { phone, phoneKey }: Person,
  { reviewId, now }: Writing,
  { kind, subjectId }: { kind: keyof typeof ACTIONS; subjectId: string },
): Promise<void> {
  await reviews.submitCase(db, { kind, subjectId, reviewId, phoneKey, userId: null, now });
  const subject = { review: reviewId, hint: phoneHint(phone) };
  await audit.write(db, { userId: null, action: ACTIONS[kind], subject });
}

const DAY = 86_400_000;
const DAYS_BETWEEN = 90;

/**
 * From when the person may object (again). null: one is open, or was upheld for good. Every objection hides the reviews until it is
 * decided, so that one which was rejected cannot follow on the other.
 */
export function mayObjectFrom({ objection }: Pick<Known, 'objection'>, now: Date): Date | null {
  if (!objection) return now;
  if (objection.state !== 'rejected') return null;
  const from = new Date((objection.decided_at ?? objection.created_at).getTime() + DAYS_BETWEEN * DAY);
  return from < now ? now : from;
}

/** From this moment on no company sees a review about the number; an administrator decides. false: it may not be made now. */
export async function object(
  db: PortalDb,
  { phone, phoneKey }: Person,
  { text, now }: Omit<Writing, 'reviewId'>,
): Promise<boolean> {
  await requests.lock(db, phoneKey);
  const [objection = null] = await db.query<sql.ObjectionRow>(sql.lastObjection(phoneKey));
  if (mayObjectFrom({ objection }, now) !== now) return false;
  const id = newId();
  await db.execute(sql.insertObjection(id, phoneKey, phoneHint(phone), text, now));
  await db.execute(sql.hide(phoneKey, now));
  await audit.write(db, { userId: null, action: 'objection.made', subject: { objection: id, hint: phoneHint(phone) } });
  return true;
}
