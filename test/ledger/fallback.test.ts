import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as ledger from '../../src/ledger/ledger.ts';
import { sql } from '../../src/platform/db.ts';
import { makeApp, type TestApp } from '../make.ts';
import { accepted, campaignState, deliveries, now, phones, planTo, ring, type Shop, shopIn, take } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
  await portal.database.prisma.$executeRaw(sql`
    insert into sms_price (channel, country, price_micros, currency) values ('sms', 'UA', 800000, 'UAH') on conflict do nothing`);
});
afterAll(() => portal.close());

/** On Viber, at 0.50 each, with SMS at 0.80 for whoever is not reached. */
async function onViber(count: number): Promise<Shop> {
  const shop = await shopIn(portal, { channel: 'viber', fallback: 'sms' });
  await shop.inside((db) => planTo(db, shop.campaignId, phones(count), 'viber'));
  return shop;
}

const taken = async (shop: Shop, limit: number) => {
  const claim = await take(shop, limit);
  const ids = ((await ring(shop, claim)) ?? []).map(({ id }) => id);
  await shop.inside((db) => ledger.settle(db, claim.claim, accepted(ids), now()));
  return ids;
};

const tell = (shop: Shop, ids: readonly string[], state: ledger.Fate) =>
  shop.inside((db) =>
    ledger.hear(
      db,
      ids.map((id) => ({ id, sid: `SM${id}`, state, at: now() })),
    ),
  );

const bySms = async (shop: Shop) => (await deliveries(shop)).filter(({ channel }) => channel === 'sms');

const jobs = ({ company }: Shop) =>
  portal.database.prisma.$queryRaw<unknown[]>(
    sql`select id from job where company_id = ${company.id}::uuid and name = 'campaign.send'`,
  );

describe('S-05 what SMS after another channel may cost', () => {
  test('is held back for everybody who may still not be reached, also when the campaign is over', async () => {
    const shop = await onViber(4);
    const held = () => shop.inside((db) => ledger.reserved(db, now()));
    expect(await held()).toBe(4n * 500_000n + 4n * 800_000n);
    const ids = await taken(shop, 3);
    expect(await held()).toBe(500_000n + 4n * 800_000n);
    await tell(shop, ids.slice(0, 1), 'delivered');
    expect(await held()).toBe(500_000n + 3n * 800_000n);
    await taken(shop, 1);
    await shop.inside((db) =>
      db.execute(sql`update campaign set state = 'finished' where company_id = current_company()`),
    );
    expect(await held()).toBe(3n * 800_000n);
    await tell(shop, ids.slice(1, 2), 'undelivered');
    expect(await held()).toBe(3n * 800_000n);
  });

  test('is never spent unknown where a budget is set', async () => {
    const shop = await onViber(2);
    await shop.inside((db) => db.execute(sql`update delivery set country = 'PL' where company_id = current_company()`));
    const [one = '', two = ''] = await taken(shop, 2);
    await shop.inside((db) =>
      db.execute(sql`update campaign set state = 'finished' where company_id = current_company()`),
    );
    await portal.database.prisma.$executeRaw(
      sql`update company set sms_budget = 10000 where id = ${shop.company.id}::uuid`,
    );
    await tell(shop, [one], 'undelivered');
    expect(await bySms(shop)).toMatchObject([{ state: 'skipped', reason: 'noPrice', first_id: one }]);
    expect([await campaignState(shop), await jobs(shop)]).toEqual(['finished', []]);
    await portal.database.prisma.$executeRaw(
      sql`update company set sms_budget = null where id = ${shop.company.id}::uuid`,
    );
    await tell(shop, [two], 'undelivered');
    expect((await bySms(shop)).map(({ state }) => state).toSorted()).toEqual(['planned', 'skipped']);
    expect(await campaignState(shop)).toBe('sending');
  });
});

test('S-05 however many fail one by one, one job waits; none for a campaign that is paused', async () => {
  const shop = await onViber(12);
  const ids = await taken(shop, 12);
  for (const id of ids.slice(0, 6)) await tell(shop, [id], 'failed');
  expect(await jobs(shop)).toHaveLength(1);
  await shop.inside((db) => db.execute(sql`update campaign set state = 'paused' where company_id = current_company()`));
  await portal.database.prisma.$executeRaw(sql`delete from job where company_id = ${shop.company.id}::uuid`);
  for (const id of ids.slice(6)) await tell(shop, [id], 'failed');
  expect(await jobs(shop)).toHaveLength(0);
  expect(await bySms(shop)).toHaveLength(12);
});
