import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '../../src/kernel/id.ts';
import * as ledger from '../../src/ledger/ledger.ts';
import { STATES, type State } from '../../src/ledger/states.ts';
import { sql } from '../../src/platform/db.ts';
import { spent } from '../../src/sms/draft/draft.ts';
import { makeApp, type TestApp } from '../make.ts';
import { keyOfPhone } from '../setup/phone-key.ts';
import { deliveries, now, phone, phones, planned, planTo, ring, shopIn, statesOf, take } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const NEXT: Record<State, readonly State[]> = {
  planned: ['claimed', 'skipped'],
  claimed: ['planned', 'calling', 'skipped'],
  calling: ['planned', 'accepted', 'delivered', 'undelivered', 'failed', 'unknown'],
  unknown: ['accepted', 'delivered', 'undelivered', 'failed'],
  accepted: ['delivered', 'undelivered', 'failed'],
  delivered: [],
  undelivered: [],
  failed: [],
  skipped: [],
};

describe('P-02 the state machine stands in the database', () => {
  const pairs = STATES.flatMap((from) => STATES.filter((to) => to !== from).map((to) => [from, to] as const));
  test.each(pairs)('from %s to %s', async (from, to) => {
    const shop = await planned(portal, 1);
    const move = (state: State) =>
      portal.database.prisma.$executeRaw(sql`
      update delivery set state = ${state} where campaign_id = ${shop.campaignId}::uuid`);
    await portal.database.prisma.$transaction([
      portal.database.prisma.$executeRaw(sql`select set_config('session_replication_role', 'replica', true)`),
      portal.database.prisma.$executeRaw(
        sql`update delivery set state = ${from} where campaign_id = ${shop.campaignId}::uuid`,
      ),
    ]);
    const moved = await move(to).then(
      () => true,
      () => false,
    );
    expect(moved).toBe(NEXT[from].includes(to));
  });
});

describe('P-02 planning', () => {
  test('answers recipients, reasons, parts and what it may cost', async () => {
    const shop = await shopIn(portal);
    const answer = await shop.inside((db) =>
      ledger.plan(
        db,
        shop.campaignId,
        sql`
        select null::uuid as customer_id, 'sms' as channel, case when n < 3 then '+38067000000' || n end as address,
               null::text as address_key, 'UA' as country, 'Hi' as body, null::text as code, 2::bigint as parts, 400000::bigint as price_micros,
               case when n = 3 then 'noPhone' when n > 3 then 'stop' end as reason, now() as due_at
        from generate_series(1, 5) as n`,
      ),
    );
    expect(answer).toEqual({
      recipients: 2,
      skipped: { noPhone: 1, stop: 2 },
      parts: 4,
      ceilingMicros: 1_600_000n,
    });
    const counts = await shop.inside((db) => ledger.counts(db, shop.campaignId));
    expect(counts).toMatchObject({ planned: 2, skipped: 3, accepted: 0 });
    expect(await shop.inside((db) => ledger.reasons(db, shop.campaignId, 'skipped'))).toEqual([
      { reason: 'stop', count: 2 },
      { reason: 'noPhone', count: 1 },
    ]);
  });

  test('never holds one number twice', async () => {
    const shop = await planned(portal, 1);
    await expect(shop.inside((db) => planTo(db, shop.campaignId, [phone(0)]))).rejects.toThrow(/unique|Unique/);
  });

  test('another company sees and moves none of it', async () => {
    const [mine, other] = [await planned(portal, 2), await shopIn(portal)];
    const [row] = await deliveries(mine);
    const id = row?.id ?? '';
    await other.inside(async (db) => {
      expect(await ledger.counts(db, mine.campaignId)).toMatchObject({ planned: 0 });
      expect((await ledger.claim(db, mine.campaignId, { limit: 9, seconds: 60, now: now() })).rows).toEqual([]);
      expect(await ledger.hear(db, [{ id, sid: 'SM1', state: 'delivered', at: now() }])).toEqual([]);
      expect(await ledger.silence(db, keyOfPhone(phone(0)))).toBe(0);
      expect(await ledger.find(db, id)).toBeNull();
    });
    expect(await statesOf(mine)).toEqual(['planned', 'planned']);
  });
});

describe('P-02 reading', () => {
  test('a campaign page by page, in one order, by state', async () => {
    const shop = await planned(portal, 25);
    await take(shop, 5);
    const seen: string[] = [];
    let before: string | null = null;
    for (let more = true; more; ) {
      const page = await shop.inside((db) => ledger.list(db, shop.campaignId, { per: 10, before }));
      seen.push(...page.deliveries.map(({ id }) => id));
      before = seen.at(-1) ?? null;
      more = page.more;
    }
    expect(new Set(seen).size).toBe(25);
    expect(seen).toEqual(seen.toSorted());
    const claimed = await shop.inside((db) =>
      ledger.list(db, shop.campaignId, { states: ['claimed'], per: 10, before: null }),
    );
    expect(claimed.deliveries).toHaveLength(5);
  });

  test('P-07 what a customer got, newest first, and nothing of it once the customer is erased', async () => {
    const shop = await shopIn(portal);
    const customerId = newId();
    await shop.inside((db) =>
      db.execute(
        sql`insert into customer (company_id, id, name) values (current_company(), ${customerId}::uuid, 'Olena')`,
      ),
    );
    await shop.inside((db) => planTo(db, shop.campaignId, phones(3)));
    await shop.inside((db) =>
      db.execute(
        sql`update delivery set customer_id = ${customerId}::uuid, code = right(address, 3) where company_id = current_company()`,
      ),
    );
    await ring(shop, await take(shop, 1));
    const page = await shop.inside((db) => ledger.sentTo(db, customerId, { per: 2, before: null }));
    expect(page.more).toBe(true);
    expect(page.deliveries[0]).toMatchObject({ campaign_name: 'Autumn', kind: 'group', customer_name: 'Olena' });
    await shop.inside((db) => ledger.forget(db, [customerId]));
    const left = await shop.inside((db) =>
      db.query<Record<string, unknown>>(sql`
      select state, reason, address, address_key, body, code, customer_id from delivery where company_id = current_company()
      order by state`),
    );
    const gone = { address: null, address_key: null, body: '', code: null, customer_id: null };
    expect(left).toEqual([
      { state: 'calling', reason: null, ...gone },
      { state: 'skipped', reason: 'cancelled', ...gone },
      { state: 'skipped', reason: 'cancelled', ...gone },
    ]);
  });

  test('what it has cost, and what it may still cost', async () => {
    const shop = await planned(portal, 4);
    await ring(shop, await take(shop, 1));
    await shop.inside(async (db) => {
      expect(await ledger.spentSince(db, new Date(0))).toBe(500_000n);
      expect(await ledger.spentSince(db, new Date(Date.now() + 1000))).toBe(0n);
      expect(await ledger.reserved(db, now())).toBe(1_500_000n);
    });
  });

  test('what the provider refused at once has cost nothing, and was not handed over; what failed later has and was', async () => {
    const shop = await planned(portal, 2);
    const claim = await take(shop);
    const [refused, lost] = (await ring(shop, claim)) ?? [];
    const failed = { state: 'failed' as const, reason: 'no', errorCode: '21211' };
    await shop.inside(async (db) => {
      await ledger.settle(db, claim.claim, [{ id: refused?.id ?? '', ...failed }], new Date());
      await ledger.settle(db, claim.claim, [{ id: lost?.id ?? '', state: 'accepted', sid: 'SM1' }], new Date());
      await ledger.hear(db, [{ sid: 'SM1', state: 'failed', errorCode: '30008', at: now() }]);
      expect(await ledger.spentSince(db, new Date(0))).toBe(500_000n);
      expect(await spent(db, shop.campaignId)).toMatchObject({ parts: 1n, micros: 500_000n, unpriced: 0n });
    });
  });
});
