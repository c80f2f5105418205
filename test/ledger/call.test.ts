import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as consents from '../../src/consents/consents.ts';
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

test('what a provider says of a number that was erased during the call is not kept', async () => {
  const shop = await shopIn(portal);
  await shop.inside((db) => planTo(db, shop.campaignId, phones(2)));
  const claim = await take(shop);
  await ring(shop, claim);
  const [called = '', heard = ''] = claim.rows.map(({ id }) => id);
  for (const number of phones(2)) await shop.inside((db) => ledger.forgetNumber(db, keyOfPhone(number)));
  const reason = `The number ${phone(0)} is not reachable`;
  await shop.inside((db) =>
    ledger.settle(db, claim.claim, [{ id: called, state: 'failed', reason, errorCode: '30003' }], now()),
  );
  await shop.inside((db) =>
    ledger.hear(db, [{ id: heard, sid: 'SMerased', state: 'undelivered', reason, errorCode: '30003', at: now() }]),
  );
  expect((await deliveries(shop)).map(({ state, reason }) => [state, reason]).sort()).toEqual([
    ['failed', null],
    ['undelivered', null],
  ]);
});

describe('P-02 two workers', () => {
  test('at once never take the same row, and none is left out', async () => {
    const shop = await planned(portal, 300);
    const claims = await Promise.all(Array.from({ length: 8 }, () => take(shop, 50)));
    const ids = claims.flatMap(({ rows }) => rows.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    const rest = await take(shop, 300);
    expect(ids.length + rest.rows.length).toBe(300);
  });

  test('that come with an old claim change nothing', async () => {
    const shop = await planned(portal, 3);
    const old = await take(shop);
    await letLeasesEnd(shop);
    const mine = await take(shop);
    expect(mine.rows).toHaveLength(3);
    expect(await ring(shop, old)).toEqual([]);
    const calls = (await ring(shop, mine)) ?? [];
    expect(calls).toHaveLength(3);
    const ids = calls.map(({ id }) => id);
    await shop.inside(async (db) => {
      expect(await ledger.settle(db, old.claim, accepted(ids), now())).toBe(0);
      expect(await ledger.release(db, { claim: old.claim, ids })).toBe(0);
      expect(await ledger.settle(db, mine.claim, accepted(ids), now())).toBe(3);
      expect(await ledger.settle(db, mine.claim, accepted(ids), now())).toBe(0);
    });
  });

  test('a call whose end nobody told is unknown, and never taken again; what its worker knows after all is believed, once', async () => {
    const shop = await planned(portal, 2);
    const claim = await take(shop);
    const calls = (await ring(shop, claim)) ?? [];
    await shop.inside(async (db) => expect(await ledger.lapse(db, shop.campaignId)).toBe(0));
    await letLeasesEnd(shop);
    await shop.inside(async (db) => expect(await ledger.lapse(db, shop.campaignId)).toBe(2));
    const ids = calls.map(({ id }) => id);
    expect((await take(shop)).rows).toEqual([]);
    expect(await shop.inside((db) => ledger.next(db, shop.campaignId))).toBeNull();
    const [one = '', two = ''] = ids;
    const late: ledger.Settlement[] = [
      { id: one, state: 'accepted', sid: `SM${one}` },
      { id: two, state: 'unknown', reason: 'cut' },
    ];
    await shop.inside(async (db) => {
      expect(await ledger.release(db, { claim: claim.claim, ids })).toBe(0);
      expect(await ledger.settle(db, claim.claim, late, now())).toBe(1);
      expect(
        await ledger.settle(db, claim.claim, [{ id: one, state: 'failed', reason: 'no', errorCode: null }], now()),
      ).toBe(0);
    });
    expect((await statesOf(shop)).toSorted()).toEqual(['accepted', 'unknown']);
  });

  test('what the provider certainly did not take is planned again, and due later', async () => {
    const shop = await planned(portal, 1);
    const claim = await take(shop);
    await ring(shop, claim);
    const dueAt = new Date(Date.now() + 60_000);
    const ids = claim.rows.map(({ id }) => id);
    await shop.inside(async (db) => expect(await ledger.release(db, { claim: claim.claim, ids }, dueAt)).toBe(1));
    expect((await take(shop)).rows).toEqual([]);
    expect(await shop.inside((db) => ledger.next(db, shop.campaignId))).toEqual({ dueAt, leaseSeconds: null });
    expect(await shop.inside((db) => ledger.spentSince(db, new Date(0)))).toBe(0n);
  });
});

describe('P-02 at the moment of the call it is asked once more', () => {
  const rung = async (shop: Shop) => {
    await ring(shop, await take(shop));
    return (await deliveries(shop)).map(({ state, reason }) => [state, reason]);
  };

  test('whether the number has said STOP or is blocked', async () => {
    const shop = await planned(portal, 3);
    await shop.inside(async (db) => {
      for (const [n, reason] of [
        [0, 'stop'],
        [1, 'hand'],
      ] as const) {
        await consents.suppress(db, { addressKey: keyOfPhone(phone(n)), hint: '00', reason, userId: null });
      }
    });
    expect(await rung(shop)).toEqual([
      ['skipped', 'stop'],
      ['skipped', 'blocked'],
      ['calling', null],
    ]);
  });

  const told = (n: number, granted: boolean) => ({
    channel: 'sms' as const,
    addressKey: keyOfPhone(phone(n)),
    granted,
    at: now(),
    source: 'test',
    wording: '',
  });

  test('whether consent was refused, and where only who was asked is written to, whether it was given', async () => {
    const shop = await planned(portal, 3);
    await shop.inside((db) => consents.record(db, [told(0, false), told(1, true)], null));
    expect(await rung(shop)).toEqual([
      ['skipped', 'noConsent'],
      ['calling', null],
      ['calling', null],
    ]);
    const strict = await planned(portal, 3);
    await strict.inside((db) => db.execute(sql`update company set sms_consent = 'asked' where id = current_company()`));
    await strict.inside((db) => consents.record(db, [told(0, false), told(1, true)], null));
    expect(await rung(strict)).toEqual([
      ['skipped', 'noConsent'],
      ['calling', null],
      ['skipped', 'noConsent'],
    ]);
  });

  test('P-07 but a single one by hand needs no consent', async () => {
    const shop = await planned(portal, 1, { kind: 'one' });
    await shop.inside((db) => consents.record(db, [told(0, false)], null));
    expect(await rung(shop)).toEqual([['calling', null]]);
  });

  test('whether it has expired', async () => {
    const shop = await planned(portal, 1, { expiresAt: new Date(Date.now() - 1000) });
    expect(await rung(shop)).toEqual([['skipped', 'expired']]);
  });

  test('whether the number has had its share today, also of two campaigns at the same moment', async () => {
    const shop = await planned(portal, 40, { cap: 1 });
    const second = { ...shop, campaignId: await addCampaign(portal, shop.company, { name: 'Second' }) };
    await shop.inside((db) => planTo(db, second.campaignId, phones(40)));
    const claims = [await take(shop), await take(second)] as const;
    await Promise.all([ring(shop, claims[0]), ring(second, claims[1])]);
    const all = [...(await deliveries(shop)), ...(await deliveries(second))];
    expect(all.filter(({ state }) => state === 'calling')).toHaveLength(40);
    expect(all.filter(({ state, reason }) => state === 'skipped' && reason === 'cap')).toHaveLength(40);
    const single = { ...shop, campaignId: await addCampaign(portal, shop.company, { kind: 'one' }) };
    await shop.inside((db) => planTo(db, single.campaignId, [phone(0)]));
    expect(await rung(single)).toEqual([['calling', null]]);
  });

  test('whether the person has, by another number, also where two customers were merged in between', async () => {
    const shop = await planned(portal, 3, { cap: 1 });
    const [living, merged, other] = [newId(), newId(), newId()];
    await shop.inside(async (db) => {
      for (const [id, into] of [
        [living, null],
        [merged, living],
        [other, null],
      ]) {
        await db.execute(sql`
          insert into customer (company_id, id, name, merged_into) values (current_company(), ${id}::uuid, 'Olena', ${into}::uuid)`);
      }
      for (const [n, id] of [merged, living, other].entries()) {
        await db.execute(sql`
          update delivery set customer_id = ${id}::uuid where company_id = current_company() and address = ${phone(n)}`);
      }
    });
    for (const _ of phones(3)) await ring(shop, await take(shop, 1));
    expect((await deliveries(shop)).map(({ state, reason }) => [state, reason]).toSorted()).toEqual([
      ['calling', null],
      ['calling', null],
      ['skipped', 'cap'],
    ]);
  });

  test('whether the campaign is still being sent', async () => {
    const shop = await planned(portal, 1);
    const claim = await take(shop);
    await shop.inside((db) =>
      db.execute(sql`update campaign set state = 'paused' where company_id = current_company()`),
    );
    expect(await ring(shop, claim)).toBeNull();
    expect(await statesOf(shop)).toEqual(['claimed']);
  });
});
