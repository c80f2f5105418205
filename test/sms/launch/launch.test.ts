import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../../src/platform/db.ts';
import { launch, type Order } from '../../../src/sms/launch/launch.ts';
import { recipients } from '../../../src/sms/launch/recipients.ts';
import type { Company } from '../../../src/tenancy/company.ts';
import { makeApp, makeCompany, makeUser, type TestApp } from '../../make.ts';
import { customersOf, draftOf, look, mobile, NOON, PUBLIC_URL, rowOf } from '../audience/make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
  portal.setNow(NOON);
  await portal.database.prisma.$executeRaw(sql`
    insert into sms_price (channel, country, price_micros, currency) values ('sms', 'UA', 1500000, 'UAH'), ('sms', 'PL', 40000, 'EUR')`);
});
afterAll(() => portal.close());

const POLISH = '+48512345678';

const start = (company: Company, id: string, order: Partial<Order> = {}) =>
  portal.tenancy.inCompany(company, (db) =>
    launch(db, id, { userId: null, now: NOON, publicUrl: PUBLIC_URL, ...order }),
  );

interface Row {
  address: string | null;
  body: string;
  parts: bigint;
  price_micros: bigint | null;
  state: string;
  reason: string | null;
  due_at: Date;
  code: string | null;
}

const ledgerOf = (id: string) =>
  portal.database.prisma.$queryRaw<Row[]>(sql`
    select address, body, parts, price_micros, state, reason, due_at, code from delivery where campaign_id = ${id}::uuid order by address nulls last`);

const jobsOf = (id: string) =>
  portal.database.prisma.$queryRaw<{ due_at: Date }[]>(sql`
    select due_at from job where name = 'campaign.send' and payload ->> 'campaignId' = ${id}`);

const budget = (company: Company, minor: number | null) =>
  portal.database.prisma.$executeRaw(sql`update company set sms_budget = ${minor} where id = ${company.id}::uuid`);

describe('P-02 a dry run', () => {
  test('says who, how many parts, what it costs by country, and writes nothing', async () => {
    const company = await makeCompany(portal);
    await customersOf(portal, company, [
      { name: 'Olena', phones: [mobile(1)] },
      { name: 'Ївга', phones: [mobile(2)] },
      { name: 'L'.repeat(160), phones: [mobile(3)] },
      { name: 'Polish', phones: [POLISH] },
      { name: 'Silent' },
    ]);
    const row = await draftOf(portal, company, { body: 'Hi {{name}}' });
    const run = await look(portal, company, row);
    expect(run).toMatchObject({
      customers: 5,
      recipients: 4,
      skipped: { noPhone: 1 },
      parts: 5,
      lengths: [
        { parts: 1, recipients: 3 },
        { parts: 2, recipients: 1 },
      ],
      encodings: { gsm: 3, ucs2: 1 },
      // No rate from EUR is known.
      prices: [
        { country: 'UA', recipients: 3, parts: 4, partMicros: 1_500_000n, costMicros: 6_000_000n },
        { country: 'PL', recipients: 1, parts: 1, partMicros: null, costMicros: null },
      ],
      ceilingMicros: 6_000_000n,
      unknownPrice: 1,
      budget: null,
      startsAt: null,
      waitsUntil: null,
    });
    expect(run.sample.map(({ body }) => body)).toContain('Hi Ївга');
    expect(await ledgerOf(row.id)).toEqual([]);
  });

  test('in the evening it says for what it waits, and when the last one leaves', async () => {
    const company = await makeCompany(portal);
    await customersOf(
      portal,
      company,
      Array.from({ length: 30 }, (_, number) => ({ phones: [mobile(number)] })),
    );
    const evening = new Date('2026-11-20T21:00:00+02:00');
    const morning = new Date('2026-11-21T09:00:00+02:00');
    const run = await look(portal, company, await draftOf(portal, company), evening);
    // Ten a second.
    expect([run.startsAt, run.waitsUntil, run.lastLeavesAt]).toEqual([
      morning,
      morning,
      new Date(morning.getTime() + 3000),
    ]);
    const disturbing = await look(portal, company, await draftOf(portal, company, { obeysQuietHours: false }), evening);
    expect([disturbing.startsAt, disturbing.waitsUntil]).toEqual([null, null]);
    const scheduledAt = new Date('2026-11-22T10:00:00+02:00');
    const scheduled = await look(portal, company, await draftOf(portal, company, { scheduledAt }), evening);
    expect([scheduled.startsAt, scheduled.waitsUntil]).toEqual([scheduledAt, null]);
  });

  test('numbers that nobody has looked at yet are told of; the launch looks at them', async () => {
    const company = await makeCompany(portal);
    await customersOf(portal, company, [{ phones: [mobile(1)] }]);
    const row = await draftOf(portal, company);
    expect(await look(portal, company, row)).toMatchObject({ recipients: 1, unread: false });
    await portal.database.prisma.$executeRaw(
      sql`update contact set mobile = null, country = null where company_id = ${company.id}::uuid`,
    );
    expect(await look(portal, company, row)).toMatchObject({ recipients: 0, unread: true });
    expect(await start(company, row.id)).toMatchObject({ recipients: 1 });
  });

  test('its recipients, and those skipped for each reason, are read page by page', async () => {
    const company = await makeCompany(portal);
    const ids = await customersOf(
      portal,
      company,
      Array.from({ length: 7 }, (_, number) => (number % 3 === 0 ? {} : { phones: [mobile(number)] })),
    );
    const row = await draftOf(portal, company);
    const page = (reason: null | 'noPhone', per: number, after: string | null) =>
      portal.tenancy.reading(company, (db) =>
        recipients(db, row, { now: NOON, publicUrl: PUBLIC_URL }, { reason, per, after }),
      );
    const first = await page(null, 3, null);
    const second = await page(null, 3, first.next);
    expect([first.rows.length, second.rows.length, second.next]).toEqual([3, 1, null]);
    const silent = await page('noPhone', 3, null);
    expect([silent.rows.map(({ reason }) => reason), silent.next]).toEqual([['noPhone', 'noPhone', 'noPhone'], null]);
    const all = [...first.rows, ...second.rows, ...silent.rows].map(({ customerId }) => customerId);
    expect(all.sort()).toEqual([...ids].sort());
  });
});

describe('P-02 a launch', () => {
  test('freezes who gets what: what changes later changes nothing', async () => {
    const company = await makeCompany(portal);
    const [olena = '', later = ''] = await customersOf(portal, company, [
      { name: 'Olena', region: 'Kyiv', phones: [mobile(1)] },
      { name: 'Later', region: 'Lviv', phones: [mobile(2)] },
    ]);
    const row = await draftOf(portal, company, {
      body: 'Hi {{name}}, {{stop}}',
      whom: { filter: 'where=region:is:Kyiv' },
    });
    const { id: userId } = await makeUser(portal, { company });
    const done = await start(company, row.id, { userId });
    expect(done).toMatchObject({ recipients: 1, skipped: {}, parts: 1, startsAt: null });
    await portal.database.prisma.$executeRaw(
      sql`update customer set region = 'Kyiv', name = 'Changed' where id in (${olena}::uuid, ${later}::uuid)`,
    );
    const [delivery, ...rest] = await ledgerOf(row.id);
    expect(rest).toEqual([]);
    expect(delivery).toMatchObject({
      address: mobile(1),
      state: 'planned',
      parts: 1n,
      price_micros: 1_500_000n,
      due_at: NOON,
    });
    expect(delivery?.body).toMatch(new RegExp(`^Hi Olena, https://c\\.example/u/[0-9a-z]+\\.${delivery?.code}$`));
    expect(await rowOf(portal, company, row.id)).toMatchObject({
      state: 'sending',
      ceiling_micros: 1_500_000n,
      launched_at: NOON,
    });
    expect(await jobsOf(row.id)).toHaveLength(1);
  });

  test('happens once: of two at the same time, one is refused', async () => {
    const company = await makeCompany(portal);
    await customersOf(portal, company, [{ phones: [mobile(1)] }]);
    const row = await draftOf(portal, company);
    const both = await Promise.allSettled([start(company, row.id), start(company, row.id)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { message: 'sms.launch.notDraft' },
    });
    expect(await ledgerOf(row.id)).toHaveLength(1);
  });

  test('what was looked at is what is launched, else it is refused and nothing is written', async () => {
    const company = await makeCompany(portal);
    const [one = '', two = ''] = await customersOf(portal, company, [
      { phones: [mobile(1)] },
      { phones: [mobile(2)] },
      {},
    ]);
    const row = await draftOf(portal, company, { body: 'Hi {{name}}' });
    await portal.database.prisma.$executeRaw(
      sql`update customer set created_at = '2026-11-01' where company_id = ${company.id}::uuid`,
    );
    const { seen } = await look(portal, company, row);
    // The same number of people, but not the same people.
    await portal.database.prisma.$executeRaw(
      sql`update contact set mobile = false where customer_id = ${one}::uuid and kind = 'phone'`,
    );
    await expect(start(company, row.id, { seen })).rejects.toMatchObject({
      field: 'seen',
      message: 'sms.launch.changed',
    });
    await portal.database.prisma.$executeRaw(
      sql`update contact set mobile = true where customer_id = ${one}::uuid and kind = 'phone'`,
    );
    // A longer text, of the same people.
    await portal.database.prisma.$executeRaw(
      sql`update customer set name = ${'L'.repeat(200)} where id = ${two}::uuid`,
    );
    await expect(start(company, row.id, { seen })).rejects.toMatchObject({ field: 'seen' });
    await expect(start(company, row.id, { seen: 'nonsense' })).rejects.toMatchObject({ field: 'seen' });
    expect([await ledgerOf(row.id), await jobsOf(row.id), (await rowOf(portal, company, row.id)).state]).toEqual([
      [],
      [],
      'draft',
    ]);
    const again = await look(portal, company, row);
    // Whoever became a customer after the look is not meant.
    await customersOf(portal, company, [{ phones: [mobile(3)] }]);
    expect(await start(company, row.id, { seen: again.seen })).toMatchObject({
      recipients: again.recipients,
      parts: again.parts,
    });
  });

  test('a draft that was changed since the look is refused, though the figures are the same', async () => {
    const company = await makeCompany(portal);
    await customersOf(portal, company, [{ phones: [mobile(1)] }]);
    const row = await draftOf(portal, company);
    const { seen } = await look(portal, company, row);
    await portal.database.prisma.$executeRaw(
      sql`update campaign set body = 'HELLO', version = version + 1 where id = ${row.id}::uuid`,
    );
    await expect(start(company, row.id, { seen })).rejects.toMatchObject({ field: 'seen' });
  });

  test('a scheduled one waits for its time, and that for the end of quiet hours', async () => {
    const company = await makeCompany(portal);
    await customersOf(portal, company, [{ phones: [mobile(1)] }]);
    const scheduledAt = new Date('2026-11-21T06:00:00+02:00');
    const row = await draftOf(portal, company, { scheduledAt });
    const nine = new Date('2026-11-21T09:00:00+02:00');
    expect((await start(company, row.id)).startsAt).toEqual(nine);
    expect(await ledgerOf(row.id)).toMatchObject([{ due_at: nine }]);
    expect(await jobsOf(row.id)).toEqual([{ due_at: nine }]);
    expect((await rowOf(portal, company, row.id)).state).toBe('scheduled');
  });

  test('F16 in the night of the clock change everybody waits for nine by the new time', async () => {
    const company = await makeCompany(portal);
    await customersOf(portal, company, [{ phones: [mobile(1)] }]);
    for (const [evening, morning] of [
      ['2026-03-28T22:00:00+02:00', '2026-03-29T09:00:00+03:00'],
      ['2026-10-24T22:00:00+03:00', '2026-10-25T09:00:00+02:00'],
    ] as const) {
      const row = await draftOf(portal, company);
      await start(company, row.id, { now: new Date(evening) });
      expect(await ledgerOf(row.id)).toMatchObject([{ due_at: new Date(morning) }]);
    }
  });

  test('one that would expire before it may leave is refused', async () => {
    const company = await makeCompany(portal);
    await customersOf(portal, company, [{ phones: [mobile(1)] }]);
    const row = await draftOf(portal, company, { expiresAt: new Date('2026-11-20T23:00:00+02:00') });
    const evening = { now: new Date('2026-11-20T21:00:00+02:00') };
    await expect(start(company, row.id, evening)).rejects.toMatchObject({ message: 'sms.launch.expired' });
    expect(await start(company, row.id)).toMatchObject({ recipients: 1 });
  });

  test('from a sender that was taken away meanwhile nothing is launched, and the look says so', async () => {
    const company = await makeCompany(portal);
    await customersOf(portal, company, [{ phones: [mobile(1)] }]);
    await portal.database.prisma.$executeRaw(sql`
      with made as (insert into sender (id, address) values (gen_random_uuid(), 'TakenShop') returning id)
      insert into company_sender (company_id, sender_id) select ${company.id}::uuid, id from made`);
    const row = await draftOf(portal, company, { sender: 'TakenShop' });
    await portal.database.prisma.$executeRaw(sql`delete from company_sender where company_id = ${company.id}::uuid`);
    const refusal = { field: 'sender', message: 'sms.form.notYourSender' };
    await expect(start(company, row.id)).rejects.toMatchObject(refusal);
    await expect(look(portal, company, row)).rejects.toMatchObject(refusal);
    expect(await ledgerOf(row.id)).toEqual([]);
  });

  test('a group that nobody can be reached in is not launched', async () => {
    const company = await makeCompany(portal);
    await customersOf(portal, company, [{}]);
    const row = await draftOf(portal, company);
    await expect(start(company, row.id)).rejects.toMatchObject({ field: 'to', message: 'sms.launch.nobody' });
    expect((await rowOf(portal, company, row.id)).state).toBe('draft');
  });

  test('a test goes to a number of one’s own, at once and at night, as nobody’s', async () => {
    const company = await makeCompany(portal);
    const night = new Date('2026-11-20T23:00:00+02:00');
    const row = await draftOf(portal, company, {
      kind: 'test',
      address: mobile(9),
      body: 'Hi {{name|friend}} {{stop}}',
    });
    expect(await start(company, row.id, { now: night })).toMatchObject({ recipients: 1, startsAt: null });
    const [delivery] = await ledgerOf(row.id);
    expect(delivery).toMatchObject({ address: mobile(9), state: 'planned', due_at: night });
    expect(delivery?.body).toContain(`.${delivery?.code}`);
    const fixed = await draftOf(portal, company, { kind: 'test', address: '+380442345678' });
    expect(await start(company, fixed.id)).toMatchObject({ recipients: 0, skipped: { notMobile: 1 } });
  });
});

describe('P-02 the month’s budget', () => {
  test('a launch beyond it is refused, with what is left; launched ones have taken their part', async () => {
    const company = await makeCompany(portal);
    await customersOf(portal, company, [{ phones: [mobile(1)] }, { phones: [mobile(2)] }]);
    await budget(company, 599);
    const [first, second] = [await draftOf(portal, company), await draftOf(portal, company)];
    await start(company, first.id);
    const { budget: seen } = await look(portal, company, second);
    expect(seen).toEqual({
      limitMicros: 5_990_000n,
      spentMicros: 0n,
      reservedMicros: 3_000_000n,
      leftMicros: 2_990_000n,
    });
    await expect(start(company, second.id)).rejects.toMatchObject({
      field: 'budget',
      message: 'sms.launch.budget',
      ceilingMicros: 3_000_000n,
      budget: { leftMicros: 2_990_000n },
    });
    await budget(company, 600);
    expect(await start(company, second.id)).toMatchObject({ recipients: 2 });
  });

  test('what was sent this month counts, what was sent before does not', async () => {
    const company = await makeCompany(portal);
    await customersOf(portal, company, [{ phones: [mobile(1)] }]);
    await budget(company, 150);
    const before = await draftOf(portal, company);
    await start(company, before.id);
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
    await expect(start(company, row.id)).rejects.toMatchObject({ message: 'sms.launch.budget' });
    await sent('2026-10-31T23:59:59+02:00');
    expect(await start(company, row.id)).toMatchObject({ recipients: 1 });
  });

  test('two launched at the same time cannot both take the last of it', async () => {
    const company = await makeCompany(portal);
    await customersOf(portal, company, [{ phones: [mobile(1)] }]);
    await budget(company, 200);
    const drafts = await Promise.all([1, 2, 3].map(() => draftOf(portal, company)));
    const outcomes = await Promise.allSettled(drafts.map(({ id }) => start(company, id)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('who writes to one customer does not wait for the money while a big list is being written', async () => {
    const company = await makeCompany(portal);
    const [held = '', other = ''] = await customersOf(portal, company, [
      { phones: [mobile(1)] },
      { phones: [mobile(2)] },
    ]);
    await budget(company, 300);
    const big = await draftOf(portal, company, { whom: { ids: [held] } });
    const small = await draftOf(portal, company, { whom: { ids: [other] } });
    const { prisma } = portal.database;
    let launched: Promise<unknown> = Promise.resolve();
    await prisma.$transaction(async (tx) => {
      await tx.$queryRaw(sql`select id from customer where id = ${held}::uuid for update`);
      launched = start(company, big.id);
      const waiting = sql`
        select 1 as one from pg_stat_activity where wait_event_type = 'Lock' and query like '%insert into delivery%' and datname = current_database()`;
      while ((await prisma.$queryRaw<unknown[]>(waiting)).length === 0) await new Promise((done) => setImmediate(done));
      expect(await start(company, small.id)).toMatchObject({ recipients: 1 });
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
    await budget(company, 349);
    await expect(start(company, row.id, { seen })).rejects.toMatchObject({ message: 'sms.launch.budget' });
    await budget(company, 350);
    expect(await start(company, row.id, { seen })).toMatchObject({
      recipients: 1,
      parts: 1,
      ceilingMicros: 3_500_000n,
    });
  });

  test('where a budget is set, a number without a known price gets nothing', async () => {
    const company = await makeCompany(portal);
    await customersOf(portal, company, [{ phones: [mobile(1)] }, { phones: [POLISH] }]);
    const free = await draftOf(portal, company);
    expect(await start(company, free.id)).toMatchObject({ recipients: 2, skipped: {} });
    await budget(company, 1000);
    const row = await draftOf(portal, company);
    expect(await start(company, row.id)).toMatchObject({ recipients: 1, skipped: { noPrice: 1 } });
  });
});
