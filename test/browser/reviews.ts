import { newId } from '../../src/kernel/id.ts';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { makeCompany, type TestApp, type TestUser } from '../make.ts';
import { publishReview, writeReply } from '../moderation/make.ts';

const DAY = 86_400_000;

/**
 * Reviews about one number in every look: a recent one with a reply and a dispute of long ago, an old one, one of a former owner, and the
 * company's own with a correction that a moderator has sent back. Answers another's and the own one.
 */
export async function makeReviews(portal: TestApp, company: Company, owner: TestUser, phone: string) {
  const { prisma } = portal.database;
  const others = await Promise.all([1, 2, 3].map((n) => makeCompany(portal, { name: `Neighbour ${n}` })));
  const [recent, old, former] = await Promise.all(
    others.map((other) => publishReview(portal, other, { phone, text: 'Ordered twice and took nothing. '.repeat(8) })),
  );
  if (recent) await writeReply(portal, recent, 'I was in hospital then.');
  await prisma.$executeRaw(
    sql`update reply set state = 'published', decided_at = now() where review_id = ${recent?.reviewId}::uuid`,
  );
  await prisma.$executeRaw(sql`
    insert into dispute (id, review_id, company_id, user_id, text, state, answer, created_at)
    values (${newId()}::uuid, ${recent?.reviewId}::uuid, ${company.id}::uuid, ${owner.id}::uuid, 'Not so.', 'rejected', 'There are receipts.',
            now() - interval '100 days')`);
  const years = (n: number) => new Date(Date.now() - n * 365 * DAY - DAY).toISOString();
  await prisma.$executeRaw(
    sql`update review set published_at = ${years(1)}::timestamptz where id = ${old?.reviewId}::uuid`,
  );
  await prisma.$executeRaw(sql`
    update review set published_at = ${years(3)}::timestamptz, dealt_at = ${years(3)}::timestamptz where id = ${former?.reviewId}::uuid`);
  const own = await publishReview(portal, company, { phone, user: owner, sentiment: 'positive', anonymous: true });
  await prisma.$executeRaw(sql`
    insert into review_revision (company_id, id, review_id, user_id, sentiment, reason, text, state, answer, created_at)
    values (${company.id}::uuid, ${newId()}::uuid, ${own.reviewId}::uuid, ${owner.id}::uuid, 'negative', 'unpaid', 'Paid late, three times in a row.',
            'changes', 'Say when.', now() + interval '1 second')`);
  return { review: recent?.reviewId ?? '', ownReview: own.reviewId };
}
