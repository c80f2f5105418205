import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '../../src/kernel/id.ts';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { makeApp, makeCompany, makeUser, signIn, type TestApp, type Visitor } from '../make.ts';
import { publishReview, writeDispute, writeReview } from './make.ts';

// Who belongs to a party neither decides nor reads what the other one says.

let portal: TestApp;
let [a, b, c]: Company[] = [];
let neutral: Visitor;
beforeAll(async () => {
  portal = await makeApp();
  [a, b, c] = [await makeCompany(portal), await makeCompany(portal), await makeCompany(portal)];
  neutral = await signIn(portal, await makeUser(portal, { moderator: true }));
});
afterAll(() => portal.close());

const moderatorOf = async (company: Company | undefined) => {
  if (!company) throw new Error('No company');
  const user = await makeUser(portal, { moderator: true, company });
  return { user, visitor: await signIn(portal, user) };
};

const decision = async (caseId: string) =>
  (
    await portal.database.prisma.$queryRaw<{ decision: string | null }[]>(
      sql`select decision from moderation_case where id = ${caseId}::uuid`,
    )
  )[0]?.decision ?? null;

const upheld = { decision: 'upheld', words: 'The parcels were taken.' };

describe('P-88 a dispute', () => {
  test('is not decided by a member of another company that disputes the same review', async () => {
    if (!a || !b || !c) throw new Error('No companies');
    const review = await publishReview(portal, a, { text: 'Took neither parcel.' });
    const [ofB, ofC] = [
      await writeDispute(portal, review, { company: b, text: 'B says it took them.' }),
      await writeDispute(portal, review, { company: c, text: 'C says so too.' }),
    ];
    const { user, visitor } = await moderatorOf(c);
    expect((await visitor.post(`/moderation/${ofB.caseId}/claim`)).status).toBe(409);
    expect((await visitor.post(`/moderation/${ofB.caseId}/decision`, upheld)).status).toBe(409);
    await visitor.post('/moderation/next?kind=dispute');
    const claimed = await portal.database.prisma.$queryRaw<object[]>(
      sql`select id from moderation_case where claimed_by = ${user.id}::uuid and review_id = ${review.reviewId}::uuid`,
    );
    expect([claimed, await decision(ofB.caseId), await decision(ofC.caseId)]).toEqual([[], null, null]);
    expect((await neutral.post(`/moderation/${ofB.caseId}/decision`, upheld)).status).toBe(303);
    expect([await decision(ofB.caseId), await decision(ofC.caseId)]).toEqual(['upheld', 'upheld']);
  });

  test('tells a moderator of either party how it stands, and no word of the other', async () => {
    if (!a || !b) throw new Error('No companies');
    const [phone, secret] = ['+380501119988', 'He paid us each time, see invoice 4711.'];
    const writer = await makeUser(portal, { company: b, name: 'Writer of B' });
    const review = await publishReview(portal, a, { phone, text: 'Anonymous praise by A', sentiment: 'positive' });
    const dispute = await writeDispute(portal, review, { company: b, user: writer, text: secret });
    const { visitor } = await moderatorOf(a);
    const { status, text } = await visitor.get(`/moderation/${dispute.caseId}`);
    expect([status, text.includes('a company you belong to')]).toEqual([200, true]);
    const hidden = [secret, b.name, writer.email, writer.name];
    for (const words of hidden) expect([words, text.includes(words)]).toEqual([words, false]);
    const queue = (await visitor.get('/moderation?kind=dispute&per=100')).text;
    expect(queue).toContain(dispute.caseId);
    for (const words of hidden) expect([words, queue.includes(words)]).toEqual([words, false]);
    // Nor beside another text about the same number.
    const third = await makeCompany(portal);
    const beside = await writeReview(portal, third, { phone, text: 'Another text' });
    const page = (await visitor.get(`/moderation/${beside.caseId}`)).text;
    expect(page).toContain(`/moderation/${dispute.caseId}`);
    for (const words of hidden) expect([words, page.includes(words)]).toEqual([words, false]);
    // Decided, it is no more theirs to read; to others everything is shown.
    expect((await neutral.get(`/moderation/${dispute.caseId}`)).text).toContain(secret);
    await neutral.post(`/moderation/${dispute.caseId}/decision`, upheld);
    expect((await visitor.get(`/moderation/${dispute.caseId}`)).text).not.toContain(secret);
    expect((await visitor.get('/moderation?state=decided&per=100')).text).not.toContain(secret);
  });

  test('that comes at the same instant is not upheld by a member of its company', async () => {
    if (!a || !b || !c) throw new Error('No companies');
    const review = await publishReview(portal, a, { text: newId() });
    const first = await writeDispute(portal, review, { company: b });
    const { visitor } = await moderatorOf(c);
    const [answer] = await Promise.all([
      visitor.post(`/moderation/${first.caseId}/decision`, upheld),
      writeDispute(portal, review, { company: c }).catch(() => null),
    ]);
    const open = await portal.database.prisma.$queryRaw<{ by: string }[]>(
      sql`select decided_by as by from moderation_case where review_id = ${review.reviewId}::uuid and company_id = ${c.id}::uuid and decision = 'upheld'`,
    );
    expect([[303, 409].includes(answer.status), open]).toEqual([true, []]);
  });
});
