import * as audit from '../../audit/audit.ts';
import { newId } from '../../kernel/id.ts';
import { phoneHint } from '../../kernel/phone-key.ts';
import { enqueue } from '../../queue/enqueue.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import { FieldError } from '../../web/form.ts';
import { submitCase } from '../published/published.ts';
import { knownAsOf, mayDispute, numbersOf, type OwnRow, ownOf, type SeenRow } from '../tab/tab.ts';
import type { Correction, NewReview } from './input.ts';
import * as sql from './sql.ts';

/** Who writes, and when. */
export interface Author {
  /** null: nobody who can sign in, as in the demo */
  userId: string | null;
  now: Date;
}

/**
 * A first review about one of the customer's numbers, handed to the moderators (P-80). Throws FieldError for a number that is not
 * the customer's, with which the company never dealt, or about which it has written already.
 */
export async function write(
  db: CompanyDb,
  customerId: string,
  said: NewReview,
  { userId, now }: Author,
): Promise<HandedIn> {
  const number = (await numbersOf(db, customerId)).find(({ phone }) => phone === said.phone);
  if (!number) throw new FieldError('phone', 'web.form.choose');
  if (!number.dealt) throw new FieldError('phone', 'reviews.error.noDealing');
  const [id, phoneKey] = [newId(), number.key];
  const knownAs = await knownAsOf(db, phoneKey);
  const own = { companyId: db.company.id, id, phoneKey, phoneHint: phoneHint(number.phone), knownAs, now };
  const [made] = await db.query(sql.insertOwn(own));
  if (!made) throw new FieldError('phone', 'reviews.error.already');
  const handed = await handIn(db, { id, phoneKey }, said, { userId, now });
  await audit.write(db, { userId, action: 'review.written', subject: { review: id } });
  return handed;
}

/** What a moderator decides on. */
export interface HandedIn {
  revisionId: string;
  caseId: string;
}

/**
 * A new text for one's own review: it is moderated again, and what is published stays until then. Throws FieldError where
 * somebody else of the company wrote another text since the form was opened, or the review is gone.
 */
export async function correct(
  db: CompanyDb,
  { id, phone_key: phoneKey }: OwnRow,
  said: Correction,
  { userId, now }: Author,
): Promise<void> {
  const company = db.company.id;
  await db.execute(sql.closeCases(company, id, now));
  const [held] = await db.query(sql.lockOwn(company, id));
  const latest = held ? await ownOf(db, id) : null;
  if (!latest) throw new FieldError('revision', 'reviews.error.gone');
  if (latest.revision_id !== said.revision) throw new FieldError('revision', 'reviews.error.changed');
  await db.execute(sql.dropWaiting(company, id, 'superseded'));
  await db.execute(sql.corrected(company, id, await knownAsOf(db, phoneKey)));
  await handIn(db, { id, phoneKey }, said, { userId, now });
  await audit.write(db, { userId, action: 'review.corrected', subject: { review: id } });
}

type Said = Pick<NewReview, 'sentiment' | 'reason' | 'text' | 'anonymous'>;

async function handIn(
  db: CompanyDb,
  review: { id: string; phoneKey: string },
  said: Said,
  { userId, now }: Author,
): Promise<HandedIn> {
  const { sentiment, reason, text, anonymous } = said;
  const [id, reviewId, companyId] = [newId(), review.id, db.company.id];
  await db.execute(sql.insertRevision({ companyId, id, reviewId, userId, sentiment, reason, text, anonymous, now }));
  const handed = { kind: 'revision', subjectId: id, reviewId, phoneKey: review.phoneKey, userId, now } as const;
  return { revisionId: id, caseId: await submitCase(db, handed) };
}

/** Takes one's own review back, published or not, for good; who disputes it is told by a job of the portal. false: somebody did so already. */
export async function withdraw(db: CompanyDb, id: string, { userId, now }: Author): Promise<boolean> {
  const company = db.company.id;
  await db.execute(sql.closeCases(company, id, now));
  const [held] = await db.query(sql.lockOwn(company, id));
  if (!held) return false;
  await db.execute(sql.dropWaiting(company, id, 'withdrawn'));
  if ((await db.execute(sql.unpublished(id, now))) > 0) await enqueue(db, 'review.gone', { reviewId: id });
  await db.execute(sql.withdrawn(company, id, now));
  await audit.write(db, { userId, action: 'review.withdrawn', subject: { review: id } });
  return true;
}

/** Says of another company's review that it is not true; a moderator decides. Throws FieldError where it was said of this text already. */
export async function disputeReview(
  db: CompanyDb,
  review: SeenRow,
  text: string,
  { userId, now }: Author,
): Promise<void> {
  const [id, reviewId, companyId] = [newId(), review.id, db.company.id];
  if (!mayDispute(review, now)) throw new FieldError('text', 'reviews.error.disputed');
  const made = await db.execute(sql.insertDispute({ id, reviewId, companyId, userId, text, now }));
  if (made === 0) throw new FieldError('text', 'reviews.error.disputed');
  await submitCase(db, { kind: 'dispute', subjectId: id, reviewId, phoneKey: review.phone_key, userId, now });
  await audit.write(db, { userId, action: 'review.disputed', subject: { review: reviewId } });
}
