import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { decide, type Outcome } from '../../src/moderation/decide.ts';
import { type Database, openDatabase, sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { openTenancy, type Tenancy } from '../../src/tenancy/tenancy.ts';
import { makeApp, makeCompany, makeUser, signIn, type TestApp, type TestUser } from '../make.ts';
import { keyOfPhone } from '../setup/phone-key.ts';
import { publishReview, writeDispute, writeReview, writeReviews } from './make.ts';

// A thousand pairs on a machine that is busy with other things.
jest.setTimeout(240_000);

const PAIRS = 1000;
const AT_ONCE = 8;

let portal: TestApp;
let wide: Database;
let tenancy: Tenancy;
let company: Company;
let author: TestUser;
let moderators: [TestUser, TestUser];
beforeAll(async () => {
  portal = await makeApp();
  company = await makeCompany(portal);
  author = await makeUser(portal, { company });
  moderators = [
    await makeUser(portal, { moderator: true, name: 'Anna' }),
    await makeUser(portal, { moderator: true, name: 'Bohdan' }),
  ];
  // Every one of the pairs on connections of its own: each moderator's transaction is open before either decides.
  wide = openDatabase(portal.services.config.databaseUrl ?? '', 2 * AT_ONCE);
  tenancy = openTenancy(wide, () => {}, keyOfPhone);
});
afterAll(async () => {
  await wide.close();
  await portal.close();
});

const VERDICTS = [
  { decision: 'published', reason: '', words: '' },
  { decision: 'refused', reason: 'no_facts', words: 'What was ordered?' },
] as const;

describe('P-88 two moderators on one review at the same instant', () => {
  test(`${PAIRS} pairs: ${PAIRS} decisions, none doubled, none lost, the other is told who decided`, async () => {
    const queue = (await writeReviews(portal, company, author, PAIRS)).map((caseId, n) => ({ caseId, n }));
    const outcomes: [Outcome, Outcome][] = [];
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let next = queue.shift(); next; next = queue.shift()) outcomes[next.n] = await pair(next.caseId, next.n);
      }),
    );

    const winners = outcomes.map((both) => both.findIndex(({ outcome }) => outcome === 'decided'));
    expect(outcomes.filter((both) => both.filter(({ outcome }) => outcome === 'decided').length !== 1)).toEqual([]);
    // Neither is faster because of the place it stands at.
    expect([...new Set(winners)].sort()).toEqual([0, 1]);
    const told = outcomes.map((both, n) => {
      const [winner, loser] = [winners[n] ?? -1, both[1 - (winners[n] ?? 0)]];
      return (
        loser?.outcome === 'over' &&
        loser.case.decider === moderators[winner]?.name &&
        loser.case.decision === verdictOf(winner, n).decision
      );
    });
    expect(told.filter((each) => !each)).toEqual([]);

    const rows = await portal.database.prisma.$queryRaw<
      { n: number; decided: number; faces: number; letters: number; deeds: number }[]
    >(sql`
      select count(*)::int as n, count(m.decision)::int as decided, (select count(*)::int from review) as faces,
             (select count(*)::int from outbox) as letters,
             (select count(*)::int from audit_entry where action in ('review.published', 'review.refused')) as deeds
      from moderation_case m`);
    const published = winners.filter((winner, n) => verdictOf(winner, n).decision === 'published').length;
    expect(rows[0]).toEqual({ n: PAIRS, decided: PAIRS, faces: published, letters: PAIRS, deeds: PAIRS });
    // What the case says, the text says, and the review, and the log.
    const torn = await portal.database.prisma.$queryRaw(sql`
      select m.id from moderation_case m
      join review_revision v on v.id = m.subject_id join own_review o on o.id = m.review_id
      left join review r on r.id = m.review_id
      left join audit_entry a on a.subject ->> 'case' = m.id::text and a.user_id = m.decided_by and a.action = 'review.' || m.decision
      where v.state <> m.decision or o.state <> m.decision or (r.id is not null) <> (m.decision = 'published') or a.id is null`);
    expect(torn).toEqual([]);
  });

  test('two disputes about one review, upheld at the same instant: the review goes once, both are told, nobody waits for ever', async () => {
    for (let round = 0; round < 20; round++) {
      const published = await publishReview(portal, company, { user: author });
      const cases = [
        await writeDispute(portal, published),
        await writeDispute(portal, published, { company: await makeCompany(portal) }),
      ];
      const verdict = { decision: 'upheld', reason: '', words: 'Right' } as const;
      const outcomes = await Promise.all(
        cases.map(({ caseId }, n) =>
          tenancy.inPortal((db) =>
            decide(db, caseId, verdict, {
              userId: moderators[n]?.id ?? '',
              now: new Date(),
              publicUrl: 'http://localhost:3000',
            }),
          ),
        ),
      );
      expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['decided', 'over']);
      const states = await portal.database.prisma.$queryRaw<object[]>(sql`
        select m.decision, d.state from moderation_case m join dispute d on d.id = m.subject_id
        where m.review_id = ${published.reviewId}::uuid`);
      expect(states).toEqual([
        { decision: 'upheld', state: 'upheld' },
        { decision: 'upheld', state: 'upheld' },
      ]);
    }
  });

  test('at the same form: one goes on to the next case, the other sees who decided, and what was typed is there still', async () => {
    const visitors = [await signIn(portal, moderators[0]), await signIn(portal, moderators[1])] as const;
    for (let round = 0; round < 10; round++) {
      const { caseId } = await writeReview(portal, company, { user: author, text: `Round ${round}` });
      const typed = { decision: 'refused', reason: 'no_facts', words: `Words <b>${round}</b> & “more”` };
      const answers = await Promise.all(
        visitors.map((visitor) => visitor.post(`/moderation/${caseId}/decision`, typed)),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
      const winner = answers.findIndex(({ status }) => status === 303);
      const { text } = answers[1 - winner] ?? { text: '' };
      expect(text).toContain(`Refused: ${moderators[winner]?.name}`);
      expect(text).toContain(`Words &lt;b&gt;${round}&lt;/b&gt; &amp; “more”`);
      expect(text).not.toContain('data-decide');
    }
  });
});

const verdictOf = (moderator: number, n: number) => VERDICTS[(moderator + n) % 2 === 0 ? 0 : 1];

/** Both have looked, both decide differently, neither waits for the other. */
async function pair(caseId: string, n: number): Promise<[Outcome, Outcome]> {
  let ready = 0;
  let go: () => void = () => {};
  const both = new Promise<void>((done) => {
    go = done;
  });
  const side = (moderator: 0 | 1) =>
    tenancy.inPortal(async (db) => {
      await db.query(sql`select 1 from moderation_case where id = ${caseId}::uuid`);
      if (++ready === 2) go();
      await both;
      const by = { userId: moderators[moderator].id, now: new Date(), publicUrl: 'http://localhost:3000' };
      return decide(db, caseId, verdictOf(moderator, n), by);
    });
  // Now one, now the other is asked first.
  const sides = n % 2 === 0 ? [side(0), side(1)] : [side(1), side(0)];
  const [first, second] = (await Promise.all(sides)) as [Outcome, Outcome];
  return n % 2 === 0 ? [first, second] : [second, first];
}
