import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import {
  joinCompany,
  letters,
  makeApp,
  makeCompany,
  makeUser,
  signIn,
  type TestApp,
  type TestUser,
  type Visitor,
} from '../make.ts';
import { publishReview, writeDispute, writeReply, writeReview } from './make.ts';

let portal: TestApp;
let company: Company;
let author: TestUser;
let anna: Visitor;
let annas: TestUser;
let bohdan: Visitor;
beforeAll(async () => {
  portal = await makeApp();
  company = await makeCompany(portal, { name: 'Honey & Bees' });
  author = await makeUser(portal, { company });
  annas = await makeUser(portal, { moderator: true, name: 'Anna' });
  anna = await signIn(portal, annas);
  bohdan = await signIn(portal, await makeUser(portal, { moderator: true, name: 'Bohdan' }));
});
afterAll(() => portal.close());

const MINUTE = 60_000;

const one = async <Row>(statement: ReturnType<typeof sql>) =>
  (await portal.database.prisma.$queryRaw<Row[]>(statement))[0];
const caseOf = (id: string) =>
  one<{ decision: string | null; answer: string | null; claimed_by: string | null }>(
    sql`select decision, answer, claimed_by from moderation_case where id = ${id}::uuid`,
  );
const actions = async (id: string) =>
  (
    await portal.database.prisma.$queryRaw<{ action: string }[]>(
      sql`select action from audit_entry where subject ->> 'case' = ${id} order by at, id`,
    )
  ).map(({ action }) => action);
const noticesOf = (user: TestUser) =>
  portal.database.prisma.$queryRaw<{ kind: string; data: { path?: string } }[]>(
    sql`select kind, data from notice where user_id = ${user.id}::uuid order by created_at, id`,
  );
const decide = (visitor: Visitor, id: string, fields: Record<string, string>) =>
  visitor.post(`/moderation/${id}/decision`, fields);

describe('P-88 the queue', () => {
  test('is for moderators alone, and their first page', async () => {
    const owner = await signIn(portal, author);
    expect((await owner.get('/moderation')).status).toBe(403);
    expect((await owner.get('/customers')).text).not.toContain('href="/moderation"');
    expect((await anna.get('/')).headers.location).toBe('/moderation');
    expect((await anna.get('/moderation')).status).toBe(200);
  });

  test('shows what waits, oldest first, of one kind where that is wanted, with hints beside the text', async () => {
    const [first, second] = [new Date(Date.now() - 60 * MINUTE), new Date(Date.now() - 50 * MINUTE)];
    const young = await writeReview(portal, company, { at: second, text: 'Second: call 067 123 45 67' });
    const old = await writeReview(portal, company, { at: first, text: 'First of all' });
    const { caseId: reply } = await writeReply(portal, await publishReview(portal, company), 'Reply to that');
    const { text } = await anna.get('/moderation');
    const places = ['First of all', 'Second: call', 'Reply to that'].map((words) => text.indexOf(words));
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(places).not.toContain(-1);
    expect(text).toContain('Honey &amp; Bees');
    expect(text).toContain('Phone number');
    const replies = (await anna.get('/moderation?kind=reply')).text;
    expect([replies.includes('Reply to that'), replies.includes('First of all')]).toEqual([true, false]);
    for (const id of [young.caseId, old.caseId]) await decide(anna, id, { decision: 'published' });
    await decide(anna, reply, { decision: 'published' });
    const decided = (await anna.get('/moderation?state=decided')).text;
    expect(decided).toContain('Published: Anna');
    expect((await anna.get('/moderation')).text).not.toContain('First of all');
  });

  test('loses what its author takes back, and answers to a review that is gone', async () => {
    const taken = await writeReview(portal, company, { text: 'Taken back' });
    await portal.database.prisma.$executeRaw(
      sql`update moderation_case set decision = 'withdrawn', decided_at = now() where id = ${taken.caseId}::uuid`,
    );
    const published = await publishReview(portal, company);
    const { caseId } = await writeReply(portal, published, 'Reply to nothing');
    expect((await anna.get('/moderation')).text).toContain('Reply to nothing');
    await portal.database.prisma.$executeRaw(
      sql`update review set withdrawn_at = now() where id = ${published.reviewId}::uuid`,
    );
    const { text } = await anna.get('/moderation');
    expect([text.includes('Taken back'), text.includes('Reply to nothing')]).toEqual([false, false]);
    expect((await decide(anna, taken.caseId, { decision: 'published' })).status).toBe(409);
    expect((await decide(anna, caseId, { decision: 'published' })).status).toBe(409);
    expect((await anna.get(`/moderation/${taken.caseId}`)).text).toContain('Taken back');
  });

  test('has figures: what waits, the oldest, what was decided today and by whom, and the median time', async () => {
    const own = await makeApp();
    try {
      const shop = await makeCompany(own);
      const moderator = await signIn(own, await makeUser(own, { moderator: true, name: 'Vira' }));
      expect((await moderator.get('/moderation')).text).toContain('Nothing waits');
      // Three decisions after one, two and nine hours: the median is two.
      for (const hours of [1, 2, 9]) {
        const { caseId } = await writeReview(own, shop, { at: new Date(Date.now() - hours * 60 * MINUTE) });
        await moderator.post(`/moderation/${caseId}/decision`, { decision: 'published' });
      }
      await writeReview(own, shop, { at: new Date(Date.now() - 3 * 60 * MINUTE) });
      await writeReply(own, await publishReview(own, shop, { at: new Date(Date.now() - 40 * 24 * 60 * MINUTE) }));
      const { text } = await moderator.get('/moderation');
      for (const words of ['1 review, 1 reply', '3 hours ago', 'Vira: 3', '2 hours', '30 days'])
        expect(text).toContain(words);
      const admin = await signIn(own, await makeUser(own, { admin: true }));
      const page = await admin.get('/admin/moderation');
      expect([page.status, page.text.includes('Vira')]).toEqual([200, true]);
      expect((await moderator.get('/admin/moderation')).status).toBe(403);
    } finally {
      await own.close();
    }
  });
});

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

describe('P-88 a claim', () => {
  test('keeps others from deciding, is seen by them, and ends by hand or by lapse', async () => {
    const start = Date.now();
    portal.setNow(new Date(start));
    const { caseId } = await writeReview(portal, company, { user: author });
    await anna.post(`/moderation/${caseId}/claim`);
    expect((await anna.get('/moderation?state=mine')).text).toContain(caseId);
    const seen = (await bohdan.get(`/moderation/${caseId}`)).text;
    expect([seen.includes('Anna has this case'), seen.includes('data-decide')]).toEqual([true, false]);
    const typed = { decision: 'changes', words: 'When, and what?' };
    const refused = await decide(bohdan, caseId, typed);
    expect([refused.status, refused.text.includes('When, and what?')]).toEqual([409, true]);
    expect((await bohdan.post(`/moderation/${caseId}/claim`)).status).toBe(409);
    expect((await bohdan.post(`/moderation/${caseId}/release`)).status).toBe(409);
    // Nine minutes on, a claim renewed: at eleven it still stands.
    portal.setNow(new Date(start + 9 * MINUTE));
    await anna.post(`/moderation/${caseId}/claim`);
    portal.setNow(new Date(start + 11 * MINUTE));
    expect((await bohdan.post(`/moderation/${caseId}/claim`)).status).toBe(409);
    await anna.post(`/moderation/${caseId}/release`);
    expect((await bohdan.post(`/moderation/${caseId}/claim`)).status).toBe(303);
    portal.setNow(new Date(start + 22 * MINUTE));
    expect((await anna.post(`/moderation/${caseId}/claim`)).status).toBe(303);
    const late = await decide(bohdan, caseId, typed);
    expect([late.status, late.text.includes('Anna has this case')]).toEqual([409, true]);
    await decide(anna, caseId, typed);
    expect(await actions(caseId)).toEqual([
      'case.claimed',
      'case.released',
      'case.claimed',
      'case.claimed',
      'review.changes',
    ]);
    portal.setNow(null);
  });

  test('of the next one gives two moderators two cases, and nothing when nothing is left', async () => {
    const own = await makeApp();
    try {
      const shop = await makeCompany(own);
      const users = [await makeUser(own, { moderator: true }), await makeUser(own, { moderator: true })];
      const visitors = await Promise.all(users.map((user) => signIn(own, user)));
      await writeReview(own, shop);
      await writeReview(own, shop);
      const ways = await Promise.all(visitors.map((visitor) => visitor.post('/moderation/next')));
      const places = ways.map(({ headers }) => String(headers.location));
      expect(new Set(places).size).toBe(2);
      const left = await signIn(own, await makeUser(own, { moderator: true }));
      expect((await left.post('/moderation/next')).headers.location).toBe('/moderation');
      // Who has decided is led on: the other one is taken, so to the queue.
      const answer = await visitors[0]?.post(`${places[0]}/decision`, { decision: 'published' });
      expect(answer?.headers.location).toBe('/moderation');
    } finally {
      await own.close();
    }
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
