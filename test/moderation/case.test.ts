import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import {
  joinCompany,
  letters,
  makeCompany,
  makeUser,
  signIn,
  type TestApp,
  type TestUser,
  type Visitor,
} from '../make.ts';
import { actionsOn, decide, openDesk, publishReview, writeDispute, writeReply, writeReview } from './make.ts';

let portal: TestApp;
let company: Company;
let author: TestUser;
let anna: Visitor;
let annas: TestUser;
beforeAll(async () => {
  ({ portal, company, author, annas, anna } = await openDesk());
});
afterAll(() => portal.close());

const one = async <Row>(statement: ReturnType<typeof sql>) =>
  (await portal.database.prisma.$queryRaw<Row[]>(statement))[0];
const caseOf = (id: string) =>
  one<{ decision: string | null; answer: string | null; claimed_by: string | null }>(
    sql`select decision, answer, claimed_by from moderation_case where id = ${id}::uuid`,
  );
const actions = (id: string) => actionsOn(portal, id);
const noticesOf = (user: TestUser) =>
  portal.database.prisma.$queryRaw<{ kind: string; data: { path?: string } }[]>(
    sql`select kind, data from notice where user_id = ${user.id}::uuid order by created_at, id`,
  );

describe('P-88 a case', () => {
  test('shows the text with what is marked in it, the rules, the author, and what else is known of author and number', async () => {
    const phone = '+380501112233';
    const words = 'Ordered three lamps and took none of them';
    const earlier = await writeReview(portal, company, { phone: '+380501112244', user: author, text: words });
    await decide(anna, earlier.caseId, { decision: 'refused', reason: 'no_facts' });
    const other = await makeCompany(portal, { name: 'Other Shop' });
    const published = await publishReview(portal, other, { phone, sentiment: 'positive', text: 'Paid at once.' });
    await writeReply(portal, published, 'Thank you.');
    const text = `${words.toUpperCase()}!`;
    const { caseId } = await writeReview(portal, company, {
      phone,
      user: author,
      sentiment: 'neutral',
      anonymous: true,
      text,
    });
    const page = (await anna.get(`/moderation/${caseId}`)).text;
    for (const part of [
      text,
      '•••33',
      'Honey &amp; Bees',
      'only moderators see who wrote it',
      author.email,
      'The same text came 1 more time',
      'Other Shop',
      'Paid at once.',
      'Thank you.',
      'A bad review states the reason and the facts.',
    ]) {
      expect(page).toContain(part);
    }
    const link = await writeReview(portal, company, { text: 'see https://example.com/lamp' });
    expect((await anna.get(`/moderation/${link.caseId}`)).text).toContain(
      '<mark title="Link">https://example.com/lamp</mark>',
    );
  });

  test('says when one author floods', async () => {
    const busy = await makeCompany(portal);
    let last = '';
    for (let n = 0; n < 10; n++) last = (await writeReview(portal, busy, { text: `Number ${n}` })).caseId;
    expect((await anna.get(`/moderation/${last}`)).text).toContain('10 texts of this company within a day.');
  });

  test('is published with a letter to its author, a notice to the others, and the way there in both', async () => {
    const colleague = await makeUser(portal, { company, role: 'viewer' });
    const { caseId, reviewId } = await writeReview(portal, company, { user: author, text: 'Took the parcel.' });
    const before = (await letters(portal, author.email)).length;
    expect((await decide(anna, caseId, { decision: 'published' })).status).toBe(303);
    const [letter, ...rest] = await letters(portal, author.email);
    expect(rest).toHaveLength(before);
    expect(letter?.subject).toBe('Your review about a customer was published');
    const way = `/companies/${company.id}/reviews/${reviewId}`;
    expect(letter?.body).toContain(`http://localhost:3000${way}`);
    expect(await noticesOf(colleague)).toEqual([
      { kind: 'review-published', data: expect.objectContaining({ path: way }) },
    ]);
    expect((await noticesOf(author)).filter(({ data }) => data.path === way)).toEqual([]);
    expect(await one(sql`select text, signed_as from review where id = ${reviewId}::uuid`)).toEqual({
      text: 'Took the parcel.',
      signed_as: company.name,
    });
    expect(await actions(caseId)).toEqual(['review.published']);
  });

  test('is refused with a reason in the author’s language and own words, and not without', async () => {
    const reader = await makeUser(portal, { company, locale: 'uk' });
    const { caseId, revisionId } = await writeReview(portal, company, { user: reader });
    const hostile = '<script>alert(1)</script> {{company}} $t(web.product) "quoted"';
    for (const fields of [{}, { words: hostile }, { reason: 'nonsense' }, { reason: 'other' }]) {
      const { status, text } = await decide(anna, caseId, { decision: 'refused', ...fields });
      expect([fields, status]).toEqual([fields, 422]);
      expect(text).toContain('aria-invalid="true"');
    }
    expect((await decide(anna, caseId, { decision: 'refused', words: hostile })).text).toContain(
      '&lt;script&gt;alert(1)',
    );
    expect((await decide(anna, caseId, { decision: 'banned' })).status).toBe(422);
    expect((await decide(anna, caseId, { decision: 'refused', words: 'x'.repeat(1001) })).status).toBe(422);
    await decide(anna, caseId, { decision: 'refused', reason: 'personal', words: hostile });
    const [letter] = await letters(portal, reader.email);
    expect(letter?.subject).toBe('Ваш відгук про покупця не опубліковано');
    expect(letter?.body).toContain('персональні дані');
    expect(letter?.body).toContain(hostile);
    const revision = await one<{ state: string; answer: string }>(
      sql`select state, answer from review_revision where id = ${revisionId}::uuid`,
    );
    expect(revision?.state).toBe('refused');
    expect(revision?.answer).toContain(hostile);
    expect(await actions(caseId)).toEqual(expect.arrayContaining(['review.refused']));
  });

  test('goes back to its author for a change, with words', async () => {
    const { caseId, revisionId } = await writeReview(portal, company, { user: author });
    expect((await decide(anna, caseId, { decision: 'changes' })).status).toBe(422);
    const lines = `${'x'.repeat(498)}\r\n`.repeat(2);
    expect((await decide(anna, caseId, { decision: 'changes', words: `${lines}${lines}` })).status).toBe(422);
    expect((await decide(anna, caseId, { decision: 'nothing', words: lines })).text).not.toContain('At most');
    await decide(anna, caseId, { decision: 'changes', words: 'When was it?' });
    expect(await one(sql`select state, answer from review_revision where id = ${revisionId}::uuid`)).toEqual({
      state: 'changes',
      answer: 'When was it?',
    });
    expect((await letters(portal, author.email))[0]?.body).toContain('When was it?');
  });

  test('that corrects a published one leaves that in place until it is published itself', async () => {
    const published = await publishReview(portal, company, { user: author, text: 'The first words.' });
    const correction = await correct(published.reviewId, published.phoneKey, 'Better words.');
    const page = (await anna.get(`/moderation/${correction}`)).text;
    expect(page).toContain('until this correction is decided');
    expect(page).toContain('The first words.');
    await decide(anna, correction, { decision: 'refused', reason: 'subjective' });
    const text = () => one<{ text: string }>(sql`select text from review where id = ${published.reviewId}::uuid`);
    expect((await text())?.text).toBe('The first words.');
    await decide(anna, await correct(published.reviewId, published.phoneKey, 'The best words.'), {
      decision: 'published',
    });
    expect((await text())?.text).toBe('The best words.');
  });

  test('of a person is published with a notice to the company, or refused', async () => {
    const member = await makeUser(portal, { company, role: 'viewer' });
    const { caseId, replyId } = await writeReply(portal, await publishReview(portal, company));
    await decide(anna, caseId, { decision: 'published' });
    expect(await one(sql`select state from reply where id = ${replyId}::uuid`)).toEqual({ state: 'published' });
    expect((await noticesOf(member)).map(({ kind }) => kind)).toEqual(['review-answered']);
    const rude = await writeReply(portal, await publishReview(portal, company), 'You idiots');
    expect((await decide(anna, rude.caseId, { decision: 'changes', words: 'x' })).status).toBe(422);
    await decide(anna, rude.caseId, { decision: 'refused', reason: 'language' });
    expect(await one(sql`select state, answer from reply where id = ${rude.replyId}::uuid`)).toEqual({
      state: 'refused',
      answer: 'The text holds insults or obscene words.',
    });
    expect(await actions(rude.caseId)).toEqual(['case.claimed', 'reply.refused']);
  });

  test('about a disputed review: upheld it goes for good and all who are concerned learn it; rejected it stays', async () => {
    const other = await makeCompany(portal);
    const disputer = await makeUser(portal, { company: other });
    const published = await publishReview(portal, company, { user: author });
    const byPerson = await writeDispute(portal, published, { text: 'It was not me' });
    const waiting = await writeReply(portal, published);
    const { caseId, disputeId } = await writeDispute(portal, published, { company: other, user: disputer });
    expect((await decide(anna, caseId, { decision: 'upheld' })).status).toBe(422);
    await decide(anna, caseId, { decision: 'upheld', words: 'The receipts prove it.' });
    expect(await one(sql`select state, answer from dispute where id = ${disputeId}::uuid`)).toEqual({
      state: 'upheld',
      answer: 'The receipts prove it.',
    });
    expect(await one(sql`select state from own_review where id = ${published.reviewId}::uuid`)).toEqual({
      state: 'removed',
    });
    expect(
      await one(sql`select withdrawn_at is not null as gone from review where id = ${published.reviewId}::uuid`),
    ).toEqual({ gone: true });
    expect((await letters(portal, disputer.email))[0]?.subject).toBe('Your dispute was upheld');
    expect((await letters(portal, author.email))[0]?.subject).toBe('Your review about a customer was removed');
    // Whatever else waited about it is over as well.
    expect((await caseOf(byPerson.caseId))?.decision).toBe('upheld');
    expect(await one(sql`select state from dispute where id = ${byPerson.disputeId}::uuid`)).toEqual({
      state: 'upheld',
    });
    expect((await caseOf(waiting.caseId))?.decision).toBe('withdrawn');

    const stays = await publishReview(portal, company, { user: author });
    const second = await writeDispute(portal, stays, { company: other, user: disputer });
    await decide(anna, second.caseId, { decision: 'rejected', words: 'The parcel came back.' });
    expect(await one(sql`select withdrawn_at from review where id = ${stays.reviewId}::uuid`)).toEqual({
      withdrawn_at: null,
    });
    expect((await letters(portal, disputer.email))[0]?.body).toContain('The parcel came back.');
    expect(await actions(second.caseId)).toContain('dispute.rejected');
  });

  test('about one’s own company is explained and cannot be taken or decided', async () => {
    const member = await makeUser(portal, { moderator: true, company });
    const partial = await signIn(portal, member);
    const other = await makeCompany(portal);
    const { caseId } = await writeReview(portal, company, { user: author });
    const dispute = await writeDispute(portal, await publishReview(portal, other), { company });
    const reply = await writeReply(portal, await publishReview(portal, company));
    const disputed = await writeDispute(portal, await publishReview(portal, company), { company: other });
    for (const id of [caseId, dispute.caseId, reply.caseId, disputed.caseId]) {
      const { text } = await partial.get(`/moderation/${id}`);
      expect([text.includes('a company you belong to'), text.includes('data-decide')]).toEqual([true, false]);
      expect((await partial.post(`/moderation/${id}/claim`)).status).toBe(409);
      const verdict = id === caseId ? { decision: 'published' } : { decision: 'rejected', words: 'No' };
      const answer = await decide(partial, id, id === reply.caseId ? { decision: 'published' } : verdict);
      expect([answer.status, (await caseOf(id))?.decision]).toEqual([409, null]);
    }
    // Nor is one of them the next.
    await partial.post('/moderation/next');
    expect(
      await one(
        sql`select count(*)::int as n from moderation_case where claimed_by = ${member.id}::uuid and id in (${caseId}::uuid, ${dispute.caseId}::uuid, ${reply.caseId}::uuid, ${disputed.caseId}::uuid)`,
      ),
    ).toEqual({ n: 0 });
    await joinCompany(portal, annas, await makeCompany(portal));
    expect((await decide(anna, caseId, { decision: 'published' })).status).toBe(303);
  });

  test('that nobody wrote, or with no id, is not there', async () => {
    expect((await anna.get('/moderation/0198a000-0000-7000-8000-000000000000')).status).toBe(404);
    expect((await decide(anna, '0198a000-0000-7000-8000-000000000000', { decision: 'published' })).status).toBe(404);
    expect((await anna.get('/moderation/nonsense')).status).toBe(404);
  });
});

/** The author hands in other words for what is published. */
async function correct(reviewId: string, phoneKey: string, text: string): Promise<string> {
  const written = await writeReview(portal, company, { user: author, text });
  await portal.database.prisma.$executeRaw(
    sql`update review_revision set review_id = ${reviewId}::uuid where id = ${written.revisionId}::uuid`,
  );
  await portal.database.prisma.$executeRaw(
    sql`update moderation_case set review_id = ${reviewId}::uuid, phone_key = ${phoneKey} where id = ${written.caseId}::uuid`,
  );
  return written.caseId;
}
