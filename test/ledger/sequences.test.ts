import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as ledger from '../../src/ledger/ledger.ts';
import { sql } from '../../src/platform/db.ts';
import { makeApp, makeUser, type TestApp } from '../make.ts';
import { addCampaign, deliveries, phones, planTo, type Shop, shopIn } from './make.ts';
import { type Deed, World } from './world.ts';

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
const WORKERS = 3;

const worker = fc.nat(WORKERS - 1);
const number = fc.nat(NUMBERS - 1);
const work = fc.record({
  deed: fc.constantFrom('claim', 'call', 'create', 'settle', 'refuse', 'cut'),
  worker,
});
const deeds: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 12, arbitrary: work },
  {
    weight: 4,
    arbitrary: fc.record({
      deed: fc.constant('hear' as const),
      number,
      state: fc.constantFrom('accepted', 'delivered', 'undelivered', 'failed'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ deed: fc.constant('stop' as const), number }) },
  { weight: 4, arbitrary: fc.record({ deed: fc.constantFrom('lapse', 'leases', 'pause', 'resume') }) },
  { weight: 1, arbitrary: fc.record({ deed: fc.constant('cancel' as const) }) },
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
    fc.asyncProperty(fc.array(deeds, { minLength: 8, maxLength: 40 }), async (sequence) => {
      const campaignId = await addCampaign(portal, first.company);
      const shop = { ...first, campaignId };
      await portal.database.prisma.$executeRaw(sql`delete from suppression`);
      await shop.inside((db) => planTo(db, campaignId, phones(NUMBERS)));
      const world = new World(shop, userId, WORKERS);
      let before = new Map((await deliveries(shop)).map((row) => [row.id, row]));
      for (const deed of sequence) {
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
    { numRuns: 25 },
  );
}, 120_000);
