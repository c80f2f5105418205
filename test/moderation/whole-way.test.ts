import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import {
  hiddenField,
  joinCompany,
  letters,
  makeApp,
  makeCompany,
  makeUser,
  memberOf,
  signIn,
  type TestApp,
  type TestUser,
  type Visitor,
} from '../make.ts';
import { nextPhone, ordered, type Seller, write } from '../reviews/make.ts';

let portal: TestApp;
let anna: Visitor;
beforeAll(async () => {
  portal = await makeApp();
  anna = await signIn(portal, await makeUser(portal, { moderator: true, name: 'Anna' }));
});
afterAll(() => portal.close());

/** A company whose owner wrote a review about a customer, and the case that waits for it. */
async function written(phone: string, said?: Record<string, string>) {
  const company = await makeCompany(portal);
  const user = await makeUser(portal, { company });
  const customer = await ordered(portal, company, { phones: [phone] });
  const seller: Seller = {
    company,
    owner: await signIn(portal, user),
    customer,
    tab: `/customers/${customer}/reviews`,
  };
  await write(seller, phone, said);
  const [waiting] = await portal.database.prisma.$queryRaw<{ id: string; review: string }[]>(
    sql`select id, review_id as review from moderation_case where company_id = ${company.id}::uuid and decision is null`,
  );
  return { ...seller, user, caseId: waiting?.id ?? '', reviewId: waiting?.review ?? '' };
}

describe('P-88 from the form of a company to everybody who may read it', () => {
  test('a review is in the queue at once, is read by others once it is published, and the letter leads to it', async () => {
    const phone = nextPhone();
    const one = await written(phone);
    const other = await makeCompany(portal);
    const reader = await memberOf(portal, other);
    const theirs = `/customers/${await ordered(portal, other, { phones: [phone] })}/reviews`;
    const words = 'took neither parcel';
    expect((await anna.get('/moderation')).text).toContain(words);
    expect((await reader.get(theirs)).text).not.toContain(words);
    await anna.post(`/moderation/${one.caseId}/decision`, { decision: 'published' });
    expect((await reader.get(theirs)).text).toContain(words);
    const link = linkIn((await letters(portal, one.user.email))[0]?.body);
    expect((await one.owner.get(link)).headers.location).toBe(one.tab);
    expect((await one.owner.get(one.tab)).text).toContain(words);
    // To members of other companies there is no such address, whoever they are.
    expect((await reader.get(link)).status).toBe(404);
    expect((await anna.get(link)).status).toBe(404);
    await leadsElsewhere(one.user, one.company.id, link);
  });

  test('whoever won a dispute is led to the customer, whose review is gone', async () => {
    const phone = nextPhone();
    const one = await written(phone);
    await anna.post(`/moderation/${one.caseId}/decision`, { decision: 'published' });
    const other = await makeCompany(portal);
    const user = await makeUser(portal, { company: other });
    const reader = await signIn(portal, user);
    const theirs = `/customers/${await ordered(portal, other, { phones: [phone] })}/reviews`;
    await reader.get(theirs);
    await reader.post(`${theirs}/${one.reviewId}/dispute`, { text: 'This buyer takes every parcel.' });
    const [waiting] = await portal.database.prisma.$queryRaw<{ id: string }[]>(
      sql`select id from moderation_case where company_id = ${other.id}::uuid and kind = 'dispute'`,
    );
    await anna.post(`/moderation/${waiting?.id}/decision`, { decision: 'upheld', words: 'The parcels were taken.' });
    const [letter] = await letters(portal, user.email);
    expect(letter?.subject).toBe('Your dispute was upheld');
    expect((await reader.get(linkIn(letter?.body))).headers.location).toBe(theirs);
    expect((await reader.get(theirs)).text).not.toContain('took neither parcel');
  });

  test('a refusal is read by its author with the moderator’s words, and what is handed in again waits again', async () => {
    const phone = nextPhone();
    const one = await written(phone);
    await anna.post(`/moderation/${one.caseId}/decision`, { decision: 'changes', words: 'Say when that was, please.' });
    expect((await one.owner.get(one.tab)).text).toContain('Say when that was, please.');
    const form = (await one.owner.get(`${one.tab}/${one.reviewId}/correction`)).text;
    const revision = hiddenField(form, 'revision') ?? '';
    const corrected = {
      revision,
      sentiment: 'negative',
      reason: 'refused_parcel',
      text: 'Took neither parcel in November.',
    };
    await one.owner.post(`${one.tab}/${one.reviewId}/correction`, corrected);
    expect((await anna.get('/moderation')).text).toContain('Took neither parcel in November.');
  });

  test('one that is taken back before it is decided leaves the queue, and whoever decides it then is told so', async () => {
    const one = await written(nextPhone(), {
      sentiment: 'negative',
      reason: 'unpaid',
      text: 'Never paid for order 77.',
    });
    await anna.get(`/moderation/${one.caseId}`);
    await one.owner.get(`${one.tab}/${one.reviewId}/withdrawal`);
    await one.owner.post(`${one.tab}/${one.reviewId}/withdrawal`);
    expect((await anna.get('/moderation')).text).not.toContain('Never paid for order 77.');
    const late = await anna.post(`/moderation/${one.caseId}/decision`, { decision: 'changes', words: 'Which order?' });
    expect([late.status, late.text.includes('Taken back'), late.text.includes('Which order?')]).toEqual([
      409,
      true,
      true,
    ]);
  });

  test('taken back and decided at the same instant, one of the two happened', async () => {
    for (let round = 0; round < 10; round++) {
      const one = await written(nextPhone());
      await one.owner.get(`${one.tab}/${one.reviewId}/withdrawal`);
      const [, decided] = await Promise.all([
        one.owner.post(`${one.tab}/${one.reviewId}/withdrawal`),
        anna.post(`/moderation/${one.caseId}/decision`, { decision: 'published' }),
      ]);
      const [row] = await portal.database.prisma.$queryRaw<{ decision: string; shown: boolean }[]>(sql`
        select m.decision, exists (select from review r where r.id = m.review_id and r.withdrawn_at is null) as shown
        from moderation_case m where m.id = ${one.caseId}::uuid`);
      // Published first and taken back at once is both; but never is it shown after it was taken back.
      expect(row?.shown).toBe(false);
      expect(row?.decision).toBe(decided?.status === 303 ? 'published' : 'withdrawn');
    }
  });
});

/** Who is in several companies and works in another one is asked to switch. */
async function leadsElsewhere(user: TestUser, companyId: string, link: string): Promise<void> {
  const second = await makeCompany(portal);
  await joinCompany(portal, user, second);
  const visitor = await signIn(portal, user);
  await visitor.get('/companies');
  await visitor.post(`/companies/${second.id}/current`);
  expect((await visitor.get(link)).headers.location).toBe('/companies');
  await visitor.get('/companies');
  await visitor.post(`/companies/${companyId}/current`);
  expect((await visitor.get(link)).headers.location).toMatch(/^\/customers\/.+\/reviews$/);
}

const linkIn = (body = ''): string => new URL(/https?:\S+/.exec(body)?.[0] ?? 'http://nowhere/').pathname;
