import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../../src/platform/db.ts';
import { recipients } from '../../../src/sms/launch/recipients.ts';
import { makeCompany, type TestApp } from '../../make.ts';
import { customersOf, draftOf, look, mobile, NOON, PUBLIC_URL } from '../audience/make.ts';
import { ledgerOf, openPortal, POLISH, start } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await openPortal();
});
afterAll(() => portal.close());

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
    expect(await ledgerOf(portal, row.id)).toEqual([]);
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
    expect(await start(portal, company, row.id)).toMatchObject({ recipients: 1 });
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
