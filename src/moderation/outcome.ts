import * as notices from '../notices/notices.ts';
import * as outbox from '../outbox/outbox.ts';
import { translator } from '../platform/i18n.ts';
import type { Locale } from '../tenancy/company.ts';
import type { PortalDb } from '../tenancy/handles.ts';
import * as sql from './sql.ts';

export interface News {
  concerned: sql.Concerned;
  decision: sql.Ending;
  /** null: the moderator said nothing */
  answer: string | null;
  /** the author is told that the review is gone; false: told already */
  removed: boolean;
  publicUrl: string;
}

/** Tells what became of a text (P-88): a letter to who wrote it, a notice to the others of the company. A person looks it up. */
export async function tell(db: PortalDb, news: News): Promise<void> {
  const { concerned, decision, removed } = news;
  if (concerned.kind === 'revision') return tellCompany(db, news, writer(concerned), `review-${decision}`);
  if (concerned.kind === 'reply') {
    if (decision === 'published') await notify(db, news, concerned.authorId, null, 'review-answered');
    return;
  }
  await tellCompany(db, news, writer(concerned), `dispute-${decision}`);
  if (removed) await tellCompany(db, news, signer(concerned), 'review-removed');
}

interface Recipient {
  companyId: string | null;
  company: string | null;
  userId: string | null;
  email: string | null;
  locale: Locale | null;
}

const writer = (of: sql.Concerned): Recipient => ({
  companyId: of.writerCompanyId,
  company: of.writerCompany,
  userId: of.writerId,
  email: of.writerEmail,
  locale: of.writerLocale,
});

const signer = (of: sql.Concerned): Recipient => ({
  companyId: of.authorId,
  company: of.author,
  userId: of.signerId,
  email: of.signerEmail,
  locale: of.signerLocale,
});

async function tellCompany(db: PortalDb, news: News, to: Recipient, what: string): Promise<void> {
  await notify(db, news, to.companyId, to.userId, what);
  if (to.email === null || to.locale === null) return;
  const t = translator(to.locale);
  const values = { hint: news.concerned.phoneHint ?? '', company: to.company ?? '' };
  const said = news.answer ? [t('moderation.letter.answer'), news.answer] : [];
  const path = pathOf(news, to.companyId);
  await outbox.post(db, {
    to: to.email,
    subject: t(`moderation.letter.${what}.subject`, values),
    text: [t(`moderation.letter.${what}.text`, values), ...said, ...(path ? [`${news.publicUrl}${path}`] : [])].join(
      '\n\n',
    ),
  });
}

async function notify(
  db: PortalDb,
  news: News,
  companyId: string | null,
  but: string | null,
  kind: string,
): Promise<void> {
  if (companyId === null) return;
  const members = await db.query<{ userId: string }>(sql.membersBut(companyId, but));
  const path = pathOf(news, companyId);
  const data = { hint: news.concerned.phoneHint ?? '', ...(path ? { path } : {}) };
  await notices.postTo(
    db,
    companyId,
    members.map(({ userId }) => userId),
    { kind, data },
  );
}

/** Of a review that is gone it leads to the customer whom it was about. */
const pathOf = ({ concerned }: News, companyId: string | null): string | null =>
  companyId ? `/companies/${companyId}/reviews/${concerned.reviewId}` : null;
