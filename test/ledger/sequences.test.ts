import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as ledger from '../../src/ledger/ledger.ts';
import { sql } from '../../src/platform/db.ts';
import { makeApp, makeUser, type TestApp } from '../make.ts';
import { addCampaign, deliveries, phones, planTo, type Shop, shopIn } from './make.ts';
import { type Deed, type Work, World } from './world.ts';

let portal: TestApp;
let first: Shop;
let userId: string;
beforeAll(async () => {
  portal = await makeApp();
  first = await shopIn(portal);
  userId = (await makeUser(portal, { company: first.company })).id;
});
afterAll(() => portal.close());

const NUMBERS = 6;
const WORKERS = 2;

const worker = fc.nat(WORKERS - 1);
const number = fc.nat(NUMBERS - 1);
const states = fc.constantFrom('accepted' as const, 'delivered' as const, 'undelivered' as const, 'failed' as const);

const each = (...wanted: Deed['deed'][]) => wanted.map((deed) => ({ deed }) as Deed);
const by = (...wanted: Work[]) => worker.map((at) => wanted.map((deed): Deed => ({ deed, worker: at })));

// What mostly happens one after the other, and now and then any of it alone.
const deeds: fc.Arbitrary<Deed[]> = fc.oneof(
  { weight: 5, arbitrary: by('claim', 'call', 'create') },
  { weight: 4, arbitrary: by('claim', 'call') },
  { weight: 5, arbitrary: fc.constantFrom<Work>('settle', 'refuse', 'cut').chain((end) => by('create', end)) },
  { weight: 4, arbitrary: fc.constantFrom<Work>('claim', 'call', 'create', 'settle').chain((deed) => by(deed)) },
  { weight: 4, arbitrary: fc.constantFrom(each('leases', 'lapse'), each('leases'), each('lapse')) },
  {
    weight: 3,
    arbitrary: fc.tuple(number, states).map(([at, state]): Deed[] => [{ deed: 'hear', number: at, state }]),
  },
  { weight: 2, arbitrary: number.map((at): Deed[] => [{ deed: 'stop', number: at }]) },
  { weight: 3, arbitrary: fc.constantFrom(each('pause'), each('resume'), each('pause', 'resume')) },
  { weight: 1, arbitrary: fc.constantFrom(each('pause'), each('cancel')) },
);

const RANK: Record<ledger.State, number> = {
  planned: 0,
  claimed: 0,
  calling: 1,
  unknown: 2,
  accepted: 3,
  delivered: 4,
  undelivered: 4,
  failed: 4,
  skipped: 4,
};

test('P-02 whatever happens in whatever order: nobody is called twice, and a state only rises', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deeds, { minLength: 5, maxLength: 25 }), async (sequence) => {
      const campaignId = await addCampaign(portal, first.company);
      const shop = { ...first, campaignId };
      await portal.database.prisma.$executeRaw(sql`delete from suppression`);
      await shop.inside((db) => planTo(db, campaignId, phones(NUMBERS)));
      const world = new World(shop, userId, WORKERS);
      let before = new Map((await deliveries(shop)).map((row) => [row.id, row]));
      for (const deed of sequence.flat()) {
        await world.do(deed);
        const rows = await deliveries(shop);
        expect(new Set(world.journal).size).toBe(world.journal.length);
        for (const row of rows) {
          const was = before.get(row.id)?.state ?? 'planned';
          // Only what the provider certainly never took goes back.
          const fell = RANK[row.state] < RANK[was];
          if (fell) expect([was, world.journal.includes(row.address ?? '')]).toEqual(['calling', false]);
        }
        const tally = Object.fromEntries(ledger.STATES.map((s) => [s, rows.filter(({ state }) => state === s).length]));
        expect(await shop.inside((db) => ledger.counts(db, campaignId))).toEqual(tally);
        before = new Map(rows.map((row) => [row.id, row]));
      }
    }),
    { numRuns: 30 },
  );
}, 120_000);
