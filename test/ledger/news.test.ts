import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '../../src/kernel/id.ts';
import * as ledger from '../../src/ledger/ledger.ts';
import { sql } from '../../src/platform/db.ts';
import { makeApp, type TestApp } from '../make.ts';
import { keyOfPhone } from '../setup/phone-key.ts';
import {
  accepted,
  addCampaign,
  deliveries,
  letLeasesEnd,
  now,
  phone,
  phones,
  planned,
  planTo,
  ring,
  type Shop,
  shopIn,
  statesOf,
  take,
} from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

describe('P-02 what the provider tells', () => {
  const called = async (count = 1) => {
    const shop = await planned(portal, count);
    const claim = await take(shop);
    const calls = (await ring(shop, claim)) ?? [];
    return { shop, claim, ids: calls.map(({ id }) => id), id: calls[0]?.id ?? '' };
  };
  const hear = (shop: Shop, ...news: ledger.News[]) => shop.inside((db) => ledger.hear(db, news));

  test('before the create is answered settles the call, whose worker then comes too late', async () => {
    const { shop, claim, id } = await called();
    const heard = await hear(shop, { id, sid: 'SM1', state: 'delivered', at: now() });
    expect(heard).toMatchObject([{ id, from: 'calling', to: 'delivered' }]);
    await shop.inside(async (db) => expect(await ledger.settle(db, claim.claim, accepted([id]), now())).toBe(0));
    expect(await deliveries(shop)).toMatchObject([{ state: 'delivered', sid: 'SM1', claim: null }]);
  });

  test('twice or in any order only ever rises, and the last word stays', async () => {
    const { shop, id } = await called();
    expect(await hear(shop, { id, sid: 'SM2', state: 'accepted', at: now() })).toHaveLength(1);
    expect(await hear(shop, { id, sid: 'SM2', state: 'accepted', at: now() })).toHaveLength(0);
    expect(await hear(shop, { sid: 'SM2', state: 'undelivered', errorCode: '30003', at: now() })).toHaveLength(1);
    expect(await hear(shop, { sid: 'SM2', state: 'accepted', at: now() })).toHaveLength(0);
    expect(await hear(shop, { sid: 'SM2', state: 'delivered', at: now() })).toHaveLength(0);
    expect(await deliveries(shop)).toMatchObject([{ state: 'undelivered', error_code: '30003' }]);
  });

  test('all at once about many is taken once for each, the last word first', async () => {
    const { shop, ids } = await called(20);
    const news = ids.flatMap((id, n): ledger.News[] => [
      { id, sid: `SM-all-${n}`, state: 'delivered', at: now() },
      { id, sid: `SM-all-${n}`, state: 'accepted', at: now() },
    ]);
    expect(await hear(shop, ...news)).toHaveLength(20);
    expect(new Set(await statesOf(shop))).toEqual(new Set(['delivered']));
  });

  test('about a call that nobody knows about settles it', async () => {
    const { shop, id } = await called();
    await letLeasesEnd(shop);
    await shop.inside((db) => ledger.lapse(db));
    expect(await hear(shop, { id, sid: 'SM5', state: 'accepted', at: now() })).toMatchObject([{ from: 'unknown' }]);
    expect(await statesOf(shop)).toEqual(['accepted']);
  });

  test('of another message than the one we have, or of one that belongs to another row, is not believed', async () => {
    const { shop, ids } = await called(2);
    const [one = '', two = ''] = ids;
    await hear(shop, { id: one, sid: 'SM6', state: 'accepted', at: now() });
    expect(await hear(shop, { id: one, sid: 'SM7', state: 'delivered', at: now() })).toEqual([]);
    expect(await hear(shop, { id: two, sid: 'SM6', state: 'delivered', at: now() })).toEqual([]);
    expect((await statesOf(shop)).toSorted()).toEqual(['accepted', 'calling']);
  });

  test('about what was not called, or is not there, changes nothing', async () => {
    const shop = await planned(portal, 1);
    const [row] = await deliveries(shop);
    expect(await hear(shop, { id: row?.id ?? '', sid: 'SM8', state: 'delivered', at: now() })).toEqual([]);
    expect(await hear(shop, { id: newId(), sid: 'SM9', state: 'delivered', at: now() })).toEqual([]);
    expect(await hear(shop, { sid: 'SM-nobody', state: 'delivered', at: now() })).toEqual([]);
    expect(await statesOf(shop)).toEqual(['planned']);
  });
});

describe('S-05 where another channel has finally failed', () => {
  async function failedOnViber() {
    const shop = await shopIn(portal, { channel: 'viber', fallback: 'sms' });
    await portal.database.prisma.$executeRaw(sql`
      insert into sms_price (channel, country, price_micros, currency) values ('sms', 'UA', 800000, 'UAH') on conflict do nothing`);
    await shop.inside((db) => planTo(db, shop.campaignId, phones(2), 'viber'));
    const claim = await take(shop);
    const ids = ((await ring(shop, claim)) ?? []).map(({ id }) => id);
    return { shop, claim, ids };
  }

  test('the text goes on by SMS as a second row that names the first, once, and wakes its campaign', async () => {
    const { shop, claim, ids } = await failedOnViber();
    const [bad = '', good = ''] = ids;
    await shop.inside((db) => ledger.settle(db, claim.claim, accepted(ids), now()));
    await shop.inside((db) =>
      db.execute(sql`update campaign set state = 'finished' where company_id = current_company()`),
    );
    for (const _ of [1, 2]) {
      await shop.inside((db) => ledger.hear(db, [{ id: bad, sid: `SM${bad}`, state: 'undelivered', at: now() }]));
      await shop.inside((db) => ledger.hear(db, [{ id: good, sid: `SM${good}`, state: 'delivered', at: now() }]));
    }
    const sms = (await deliveries(shop)).filter(({ channel }) => channel === 'sms');
    expect(sms).toMatchObject([{ state: 'planned', first_id: bad }]);
    const [jobs] = await portal.database.prisma.$queryRaw<{ count: number }[]>(sql`
      select count(*)::int as count from job where company_id = ${shop.company.id}::uuid and name = 'campaign.send'`);
    expect(jobs?.count).toBe(1);
    const {
      deliveries: [second],
    } = await shop.inside((db) => ledger.list(db, shop.campaignId, { states: ['planned'], per: 5, before: null }));
    expect(second).toMatchObject({ parts: 1n, price_micros: 800_000n, channel: 'sms' });
  });

  test('a refused create falls back as well, what nobody knows about does not, nor does a cancelled campaign', async () => {
    const { shop, claim, ids } = await failedOnViber();
    const [refused = '', unknown = ''] = ids;
    await shop.inside((db) =>
      ledger.settle(
        db,
        claim.claim,
        [
          { id: refused, state: 'failed', reason: 'no such user', errorCode: '404' },
          { id: unknown, state: 'unknown', reason: 'cut' },
        ],
        now(),
      ),
    );
    expect((await deliveries(shop)).filter(({ channel }) => channel === 'sms')).toMatchObject([{ first_id: refused }]);
    await shop.inside((db) =>
      db.execute(sql`update campaign set state = 'cancelled' where company_id = current_company()`),
    );
    await shop.inside((db) => ledger.hear(db, [{ id: unknown, sid: 'SM-x', state: 'failed', at: now() }]));
    expect((await deliveries(shop)).filter(({ channel }) => channel === 'sms')).toHaveLength(1);
  });
});

describe('P-02 STOP', () => {
  test('skips what was not called, in every campaign, and counts what is being called', async () => {
    const shop = await planned(portal, 3);
    const other = { ...shop, campaignId: await addCampaign(portal, shop.company) };
    await shop.inside((db) => planTo(db, other.campaignId, phones(2)));
    await ring(shop, await take(shop, 100));
    await take(other, 1);
    const stop = (n: number) => shop.inside((db) => ledger.silence(db, keyOfPhone(phone(n))));
    expect(await stop(0)).toBe(1);
    expect(await stop(1)).toBe(1);
    expect((await deliveries(other)).map(({ state, reason }) => [state, reason])).toEqual([
      ['skipped', 'stop'],
      ['skipped', 'stop'],
    ]);
    await letLeasesEnd(shop);
    await shop.inside((db) => ledger.lapse(db));
    expect(await stop(0)).toBe(0);
  });
});
