import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../../src/platform/db.ts';
import { makeCompany, type TestApp } from '../../make.ts';
import { customersOf, draftOf, look, mobile } from '../audience/make.ts';
import { openPortal, POLISH, setBudget, start } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

describe('P-02 the month’s budget', () => {
  test('a launch beyond it is refused, with what is left; launched ones have taken their part', async () => {
    const company = await makeCompany(portal);
    await customersOf(portal, company, [{ phones: [mobile(1)] }, { phones: [mobile(2)] }]);
    await setBudget(portal, company, 599);
    const [first, second] = [await draftOf(portal, company), await draftOf(portal, company)];
    await start(portal, company, first.id);
    const { budget: seen } = await look(portal, company, second);
    expect(seen).toEqual({
      limitMicros: 5_990_000n,
      spentMicros: 0n,
      reservedMicros: 3_000_000n,
      leftMicros: 2_990_000n,
    });
    await expect(start(portal, company, second.id)).rejects.toMatchObject({
      field: 'budget',
      message: 'sms.launch.budget',
      ceilingMicros: 3_000_000n,
      budget: { leftMicros: 2_990_000n },
    });
    await setBudget(portal, company, 600);
    expect(await start(portal, company, second.id)).toMatchObject({ recipients: 2 });
  });

  test('what was sent this month counts, what was sent before does not', async () => {
    const company = await makeCompany(portal);
    await customersOf(portal, company, [{ phones: [mobile(1)] }]);
    await setBudget(portal, company, 150);
    const before = await draftOf(portal, company);
    await start(portal, company, before.id);
    const sent = (at: string) =>
      portal.database.prisma
        .$executeRaw(sql`
      update delivery set state = 'claimed' where campaign_id = ${before.id}::uuid and state = 'planned'`)
        .then(() =>
          portal.database.prisma.$executeRaw(sql`
      update delivery set state = case when state = 'claimed' then 'calling' else state end, called_at = ${at}::timestamptz where campaign_id = ${before.id}::uuid`),
        );
    await sent('2026-11-01T00:00:00+02:00');
    const row = await draftOf(portal, company);
    await portal.database.prisma.$executeRaw(sql`update company set sms_cap = 0 where id = ${company.id}::uuid`);
    await expect(start(portal, company, row.id)).rejects.toMatchObject({ message: 'sms.launch.budget' });
    await sent('2026-10-31T23:59:59+02:00');
    expect(await start(portal, company, row.id)).toMatchObject({ recipients: 1 });
  });

  test('two launched at the same time cannot both take the last of it', async () => {
    const company = await makeCompany(portal);
    await customersOf(portal, company, [{ phones: [mobile(1)] }]);
    await setBudget(portal, company, 200);
    const drafts = await Promise.all([1, 2, 3].map(() => draftOf(portal, company)));
    const outcomes = await Promise.allSettled(drafts.map(({ id }) => start(portal, company, id)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('who writes to one customer does not wait for the money while a big list is being written', async () => {
    const company = await makeCompany(portal);
    const [held = '', other = ''] = await customersOf(portal, company, [
      { phones: [mobile(1)] },
      { phones: [mobile(2)] },
    ]);
    await setBudget(portal, company, 300);
    const big = await draftOf(portal, company, { whom: { ids: [held] } });
    const small = await draftOf(portal, company, { whom: { ids: [other] } });
    const { prisma } = portal.database;
    let launched: Promise<unknown> = Promise.resolve();
    await prisma.$transaction(async (tx) => {
      await tx.$queryRaw(sql`select id from customer where id = ${held}::uuid for update`);
      launched = start(portal, company, big.id);
      const waiting = sql`
        select 1 as one from pg_stat_activity where wait_event_type = 'Lock' and query like '%insert into delivery%' and datname = current_database()`;
      while ((await prisma.$queryRaw<unknown[]>(waiting)).length === 0) await new Promise((done) => setImmediate(done));
      expect(await start(portal, company, small.id)).toMatchObject({ recipients: 1 });
    });
    expect(await launched).toMatchObject({ recipients: 1 });
  });

  test('by Viber a message is one, however long; that it may go by SMS after all is counted in', async () => {
    const company = await makeCompany(portal);
    await customersOf(portal, company, [{ phones: [mobile(1)] }]);
    await portal.database.prisma.$executeRaw(sql`
      insert into sms_price (channel, country, price_micros, currency) values ('viber', 'UA', 500000, 'UAH')`);
    await portal.database.prisma.$executeRaw(
      sql`update customer set created_at = '2026-11-01' where company_id = ${company.id}::uuid`,
    );
    const wishes = { channel: 'viber', body: 'a'.repeat(161) } as const;
    const alone = await draftOf(portal, company, wishes);
    expect(await look(portal, company, alone)).toMatchObject({ parts: 1, ceilingMicros: 500_000n });
    const row = await draftOf(portal, company, { ...wishes, fallback: true });
    const { seen, ceilingMicros } = await look(portal, company, row);
    expect(ceilingMicros).toBe(3_500_000n);
    await setBudget(portal, company, 349);
    await expect(start(portal, company, row.id, { seen })).rejects.toMatchObject({ message: 'sms.launch.budget' });
    await setBudget(portal, company, 350);
    expect(await start(portal, company, row.id, { seen })).toMatchObject({
      recipients: 1,
      parts: 1,
      ceilingMicros: 3_500_000n,
    });
  });

  test('where a budget is set, a number without a known price gets nothing', async () => {
    const company = await makeCompany(portal);
    await customersOf(portal, company, [{ phones: [mobile(1)] }, { phones: [POLISH] }]);
    const free = await draftOf(portal, company);
    expect(await start(portal, company, free.id)).toMatchObject({ recipients: 2, skipped: {} });
    await setBudget(portal, company, 1000);
    const row = await draftOf(portal, company);
    expect(await start(portal, company, row.id)).toMatchObject({ recipients: 1, skipped: { noPrice: 1 } });
  });
});
