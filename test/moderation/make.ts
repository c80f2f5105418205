import { newId } from '../../src/kernel/id.ts';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { makeApp, makeCompany, makeUser, signIn, type TestApp, type TestUser, type Visitor } from '../make.ts';
import { keyOfPhone } from '../setup/phone-key.ts';

/** A portal in which a moderator, Anna, sits before what one company writes. */
export async function openDesk() {
  const portal = await makeApp();
  const company = await makeCompany(portal, { name: 'Honey & Bees' });
  const author = await makeUser(portal, { company });
  const annas = await makeUser(portal, { moderator: true, name: 'Anna' });
  return { portal, company, author, annas, anna: await signIn(portal, annas) };
}

export const decide = (visitor: Visitor, id: string, fields: Record<string, string>) =>
  visitor.post(`/moderation/${id}/decision`, fields);

/** What the audit says was done with a case, in that order. */
export async function actionsOn({ database }: TestApp, id: string): Promise<string[]> {
  const rows = await database.prisma.$queryRaw<{ action: string }[]>(
    sql`select action from audit_entry where subject ->> 'case' = ${id} order by at, id`,
  );
  return rows.map(({ action }) => action);
}

interface Wishes {
  phone?: string;
  user?: TestUser;
  text?: string;
  sentiment?: 'positive' | 'neutral' | 'negative';
  reason?: string;
  anonymous?: boolean;
  at?: Date;
}

export interface Written {
  caseId: string;
  reviewId: string;
  revisionId: string;
  phoneKey: string;
}

let count = 1_000_000;
const nextPhone = () => `+38067${++count}`;

/** A review that waits for a moderator, as the form of a company leaves it. */
export async function writeReview(portal: TestApp, company: Company, wishes: Wishes = {}): Promise<Written> {
  const [caseId, reviewId, revisionId, at] = [newId(), newId(), newId(), wishes.at ?? new Date()];
  const { phone = nextPhone(), user, sentiment = 'negative', text = 'Ordered twice and took nothing.' } = wishes;
  const reason =
    wishes.reason ?? { positive: 'good_buyer', neutral: 'demanding', negative: 'refused_parcel' }[sentiment];
  const phoneKey = keyOfPhone(phone);
  const [of, by] = [company.id, user?.id ?? null];
  for (const statement of [
    sql`insert into own_review (company_id, id, phone_key, phone_hint) values (${of}::uuid, ${reviewId}::uuid, ${phoneKey}, ${phone.slice(-2)})`,
    sql`insert into review_revision (company_id, id, review_id, user_id, sentiment, reason, text, anonymous, created_at)
        values (${of}::uuid, ${revisionId}::uuid, ${reviewId}::uuid, ${by}::uuid, ${sentiment}, ${reason}, ${text}, ${wishes.anonymous ?? false}, ${at}::timestamptz)`,
    sql`insert into moderation_case (id, kind, subject_id, review_id, phone_key, company_id, user_id, created_at)
        values (${caseId}::uuid, 'revision', ${revisionId}::uuid, ${reviewId}::uuid, ${phoneKey}, ${of}::uuid, ${by}::uuid, ${at}::timestamptz)`,
  ]) {
    await portal.database.prisma.$executeRaw(statement);
  }
  return { caseId, reviewId, revisionId, phoneKey };
}

/** So many at once, each about a number of its own. Answers the ids of their cases. */
export async function writeReviews(
  { database }: TestApp,
  company: Company,
  user: TestUser,
  many: number,
): Promise<string[]> {
  const cases = await database.prisma.$queryRaw<{ id: string }[]>(sql`
    with made as (
      select gen_random_uuid() as review, gen_random_uuid() as revision, gen_random_uuid() as waiting, 'number ' || n as phone, n
      from generate_series(1, ${many}::int) n
    ), own as (
      insert into own_review (company_id, id, phone_key, phone_hint) select ${company.id}::uuid, review, phone, '00' from made
    ), texts as (
      insert into review_revision (company_id, id, review_id, user_id, sentiment, reason, text)
      select ${company.id}::uuid, revision, review, ${user.id}::uuid, 'negative', 'unpaid', 'Did not pay for order ' || n from made
    )
    insert into moderation_case (id, kind, subject_id, review_id, phone_key, company_id, user_id)
    select waiting, 'revision', revision, review, phone, ${company.id}::uuid, ${user.id}::uuid from made returning id`);
  return cases.map(({ id }) => id);
}

/** The same, published already. */
export async function publishReview(portal: TestApp, company: Company, wishes: Wishes = {}): Promise<Written> {
  const written = await writeReview(portal, company, wishes);
  const { caseId, reviewId, revisionId, phoneKey } = written;
  const signed = wishes.anonymous ? null : company.name;
  for (const statement of [
    sql`insert into review (id, phone_key, phone_hint, sentiment, reason, text, signed_as, dealt_at, published_at)
        select ${reviewId}::uuid, ${phoneKey}, '00', sentiment, reason, text, ${signed}, now(), now()
        from review_revision where id = ${revisionId}::uuid`,
    sql`update own_review set state = 'published' where id = ${reviewId}::uuid`,
    sql`update review_revision set state = 'published' where id = ${revisionId}::uuid`,
    sql`update moderation_case set decision = 'published', decided_at = created_at where id = ${caseId}::uuid`,
  ]) {
    await portal.database.prisma.$executeRaw(statement);
  }
  return written;
}

/** The person behind the number answers a published review. */
export async function writeReply(
  portal: TestApp,
  { reviewId, phoneKey }: Written,
  text = 'I paid, and have the receipt.',
) {
  const [caseId, replyId] = [newId(), newId()];
  for (const statement of [
    sql`insert into reply (id, review_id, phone_key, text) values (${replyId}::uuid, ${reviewId}::uuid, ${phoneKey}, ${text})`,
    sql`insert into moderation_case (id, kind, subject_id, review_id, phone_key)
        values (${caseId}::uuid, 'reply', ${replyId}::uuid, ${reviewId}::uuid, ${phoneKey})`,
  ]) {
    await portal.database.prisma.$executeRaw(statement);
  }
  return { caseId, replyId };
}

/** Somebody disputes a published review: a company, or the person behind the number. */
export async function writeDispute(
  portal: TestApp,
  { reviewId, phoneKey }: Written,
  {
    company,
    user,
    text = 'This customer took every parcel.',
  }: { company?: Company; user?: TestUser; text?: string } = {},
) {
  const [caseId, disputeId, of, by] = [newId(), newId(), company?.id ?? null, user?.id ?? null];
  for (const statement of [
    sql`insert into dispute (id, review_id, company_id, user_id, text) values (${disputeId}::uuid, ${reviewId}::uuid, ${of}::uuid, ${by}::uuid, ${text})`,
    sql`insert into moderation_case (id, kind, subject_id, review_id, phone_key, company_id, user_id)
        values (${caseId}::uuid, 'dispute', ${disputeId}::uuid, ${reviewId}::uuid, ${phoneKey}, ${of}::uuid, ${by}::uuid)`,
  ]) {
    await portal.database.prisma.$executeRaw(statement);
  }
  return { caseId, disputeId };
}

/** The person behind a number objects to the sharing: nothing about it is shown until an administrator has decided. */
export async function makeObjection({ database }: TestApp, phone = nextPhone(), text = 'I never agreed to this.') {
  const [id, phoneKey] = [newId(), keyOfPhone(phone)];
  for (const statement of [
    sql`insert into objection (id, phone_key, phone_hint, text) values (${id}::uuid, ${phoneKey}, ${phone.slice(-2)}, ${text})`,
    sql`insert into phone_sharing (phone_key, hidden_at) values (${phoneKey}, now())
        on conflict (phone_key) do update set hidden_at = excluded.hidden_at`,
  ]) {
    await database.prisma.$executeRaw(statement);
  }
  return { id, phoneKey };
}
