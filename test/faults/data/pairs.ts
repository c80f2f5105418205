import { makeCompany, makeUser, signIn, type TestApp, type Visitor } from '../../make.ts';
import { writeReviews } from '../../moderation/make.ts';
import { type Outcome, plain } from '../report.ts';
import type { Stage } from '../stage.ts';
import { abreast, quantile } from './abreast.ts';
import { inPortal } from './portal.ts';

const AT_ONCE = 4;
const NAMES = ['Anna', 'Bohdan'] as const;

/** F14: both have the case open, both decide, differently, in the same moment. */
export const pairs = (stage: Stage): Promise<Outcome[]> => inPortal(stage, (portal) => decideAll(stage, portal));

async function decideAll({ options, random }: Stage, portal: TestApp): Promise<Outcome[]> {
  const company = await makeCompany(portal);
  const author = await makeUser(portal, { company });
  const users = await Promise.all(NAMES.map((name) => makeUser(portal, { moderator: true, name })));
  const visitors = await Promise.all(users.map((user) => signIn(portal, user)));
  const cases = await writeReviews(portal, company, author, options.pairs);
  const decided: Decided[] = [];
  await abreast(AT_ONCE, cases, async (id) => {
    decided.push(await pair(visitors, id, random() < 0.5));
  });
  const stored = await lookAt(portal, cases);
  const winners = decided.map(({ statuses }) => statuses.filter((status) => status === 303).length);
  const strange = decided.filter(({ statuses }) => statuses.toSorted().join() !== '303,409').length;
  const untold = decided.filter(({ told }) => !told).length;
  return [
    plain({
      injected: decided.length,
      operations: decided.length * 2,
      lost: winners.filter((count) => count === 0).length,
      doubled: winners.filter((count) => count > 1).length,
      misses: [
        strange > 0 && `${strange} pairs were not answered 303 and 409`,
        untold > 0 && `${untold} losers were not told who and what`,
        stored.decided !== cases.length && `${cases.length - stored.decided} cases undecided`,
        stored.audited !== cases.length && `${stored.audited} audit rows`,
        stored.letters !== cases.length && `${stored.letters} letters to the author`,
        stored.torn > 0 && `${stored.torn} cases whose text or review says something else`,
      ],
      note: `${wins(decided, 0)} won by one, ${wins(decided, 1)} by the other; audit rows ${stored.audited}; answered in ${spread(decided)}`,
    }),
  ];
}

interface Decided {
  id: string;
  statuses: number[];
  /** the other one is told who decided and what, or who has it */
  told: boolean;
  milliseconds: number;
}

const TYPED = [
  { decision: 'published', reason: '', words: '' },
  { decision: 'refused', reason: 'no_facts', words: 'What was ordered?' },
] as const;

async function pair(visitors: readonly Visitor[], id: string, turned: boolean): Promise<Decided> {
  const start = performance.now();
  const typed = turned ? TYPED.toReversed() : TYPED;
  const send = (n: 0 | 1) => visitors[n]?.post(`/moderation/${id}/decision`, { ...typed[n] });
  // Now one, now the other is the first to reach the door.
  const [first, second] = turned ? [send(1), send(0)] : [send(0), send(1)];
  const answers = turned ? [await second, await first] : [await first, await second];
  const milliseconds = performance.now() - start;
  const statuses = answers.map((answer) => answer?.status ?? 0);
  const winner = statuses.indexOf(303);
  const word = typed[winner]?.decision === 'published' ? 'Published' : 'Refused';
  const text = answers[1 - winner]?.text ?? '';
  // Whoever decides is led to the next case, and has it from then on.
  const told = text.includes(`${word}: ${NAMES[winner]}`) || text.includes(`${NAMES[winner]} has this case`);
  return { id, statuses, told, milliseconds };
}

async function lookAt({ database }: TestApp, cases: readonly string[]) {
  const { rows } = await database.pool.query<{ decided: number; audited: number; letters: number; torn: number }>(
    `select count(m.decision)::int as decided,
            (select count(*)::int from audit_entry e where e.action in ('review.published', 'review.refused')
               and e.subject ->> 'case' = any($2::text[])) as audited,
            (select count(*)::int from outbox o where o.address = any(select u.email from app_user u join moderation_case c on c.user_id = u.id
               where c.id = any($1::uuid[]))) as letters,
            count(*) filter (where v.state <> m.decision or o.state <> m.decision or (r.id is not null) <> (m.decision = 'published'))::int as torn
     from moderation_case m join review_revision v on v.id = m.subject_id join own_review o on o.id = m.review_id
     left join review r on r.id = m.review_id
     where m.id = any($1::uuid[])`,
    [cases, cases],
  );
  return rows[0] ?? { decided: 0, audited: 0, letters: 0, torn: 0 };
}

const wins = (decided: readonly Decided[], who: number) =>
  decided.filter(({ statuses }) => statuses[who] === 303).length;

const spread = (decided: readonly Decided[]) => {
  const times = decided.map(({ milliseconds }) => milliseconds);
  return `${quantile(times, 0.5).toFixed(0)} ms, p95 ${quantile(times, 0.95).toFixed(0)} ms`;
};
