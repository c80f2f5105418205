import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../../src/platform/db.ts';
import { launch } from '../../../src/sms/launch/launch.ts';
import { makeCompany, makeUser, type TestApp } from '../../make.ts';
import { customersOf, draftOf, look, mobile, NOON, PUBLIC_URL, rowOf } from '../audience/make.ts';
import { ledgerOf, openPortal, start } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

const jobsOf = (id: string) =>
  portal.database.prisma.$queryRaw<{ due_at: Date }[]>(sql`
    select due_at from job where name = 'campaign.send' and payload ->> 'campaignId' = ${id}`);

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
    const done = await start(portal, company, row.id, { userId });
    expect(done).toMatchObject({ recipients: 1, skipped: {}, parts: 1, startsAt: null });
    await portal.database.prisma.$executeRaw(
      sql`update customer set region = 'Kyiv', name = 'Changed' where id in (${olena}::uuid, ${later}::uuid)`,
    );
    const [delivery, ...rest] = await ledgerOf(portal, row.id);
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
    const both = await Promise.allSettled([start(portal, company, row.id), start(portal, company, row.id)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { message: 'sms.launch.notDraft' },
    });
    expect(await ledgerOf(portal, row.id)).toHaveLength(1);
  });

  test('orders of the same people come in while it is being written', async () => {
    const company = await makeCompany(portal);
    await customersOf(portal, company, [{ phones: [mobile(1)] }, { phones: [mobile(2)] }]);
    const row = await draftOf(portal, company);
    await portal.tenancy.inCompany(company, async (db) => {
      await launch(db, row.id, { userId: null, now: NOON, publicUrl: PUBLIC_URL });
      const [known] = await customersOf(portal, company, [{ phones: [mobile(1)] }]);
      expect(known).toEqual(expect.any(String));
    });
    expect(await ledgerOf(portal, row.id)).toHaveLength(2);
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
    await expect(start(portal, company, row.id, { seen })).rejects.toMatchObject({
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
    await expect(start(portal, company, row.id, { seen })).rejects.toMatchObject({ field: 'seen' });
    await expect(start(portal, company, row.id, { seen: 'nonsense' })).rejects.toMatchObject({ field: 'seen' });
    expect([
      await ledgerOf(portal, row.id),
      await jobsOf(row.id),
      (await rowOf(portal, company, row.id)).state,
    ]).toEqual([[], [], 'draft']);
    const again = await look(portal, company, row);
    // Whoever became a customer after the look is not meant.
    await customersOf(portal, company, [{ phones: [mobile(3)] }]);
    expect(await start(portal, company, row.id, { seen: again.seen })).toMatchObject({
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
    await expect(start(portal, company, row.id, { seen })).rejects.toMatchObject({ field: 'seen' });
  });

  test('a scheduled one waits for its time, and that for the end of quiet hours', async () => {
    const company = await makeCompany(portal);
    await customersOf(portal, company, [{ phones: [mobile(1)] }]);
    const scheduledAt = new Date('2026-11-21T06:00:00+02:00');
    const row = await draftOf(portal, company, { scheduledAt });
    const nine = new Date('2026-11-21T09:00:00+02:00');
    expect((await start(portal, company, row.id)).startsAt).toEqual(nine);
    expect(await ledgerOf(portal, row.id)).toMatchObject([{ due_at: nine }]);
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
      await start(portal, company, row.id, { now: new Date(evening) });
      expect(await ledgerOf(portal, row.id)).toMatchObject([{ due_at: new Date(morning) }]);
    }
  });

  test('one that would expire before it may leave is refused', async () => {
    const company = await makeCompany(portal);
    await customersOf(portal, company, [{ phones: [mobile(1)] }]);
    const row = await draftOf(portal, company, { expiresAt: new Date('2026-11-20T23:00:00+02:00') });
    const evening = { now: new Date('2026-11-20T21:00:00+02:00') };
    await expect(start(portal, company, row.id, evening)).rejects.toMatchObject({ message: 'sms.launch.expired' });
    expect(await start(portal, company, row.id)).toMatchObject({ recipients: 1 });
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
    await expect(start(portal, company, row.id)).rejects.toMatchObject(refusal);
    await expect(look(portal, company, row)).rejects.toMatchObject(refusal);
    expect(await ledgerOf(portal, row.id)).toEqual([]);
  });

  test('a group that nobody can be reached in is not launched', async () => {
    const company = await makeCompany(portal);
    await customersOf(portal, company, [{}]);
    const row = await draftOf(portal, company);
    await expect(start(portal, company, row.id)).rejects.toMatchObject({ field: 'to', message: 'sms.launch.nobody' });
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
    expect(await start(portal, company, row.id, { now: night })).toMatchObject({ recipients: 1, startsAt: null });
    const [delivery] = await ledgerOf(portal, row.id);
    expect(delivery).toMatchObject({ address: mobile(9), state: 'planned', due_at: night });
    expect(delivery?.body).toContain(`.${delivery?.code}`);
    const fixed = await draftOf(portal, company, { kind: 'test', address: '+380442345678' });
    expect(await start(portal, company, fixed.id)).toMatchObject({ recipients: 0, skipped: { notMobile: 1 } });
  });
});
