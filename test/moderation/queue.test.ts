import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { makeApp, makeCompany, makeUser, signIn, type TestApp, type TestUser, type Visitor } from '../make.ts';
import { actionsOn, decide, openDesk, publishReview, writeReply, writeReview } from './make.ts';

let portal: TestApp;
let company: Company;
let author: TestUser;
let anna: Visitor;
let bohdan: Visitor;
beforeAll(async () => {
  ({ portal, company, author, anna } = await openDesk());
  bohdan = await signIn(portal, await makeUser(portal, { moderator: true, name: 'Bohdan' }));
});
afterAll(() => portal.close());

const MINUTE = 60_000;

const actions = (id: string) => actionsOn(portal, id);

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
