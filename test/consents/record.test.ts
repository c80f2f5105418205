import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as consents from '../../src/consents/consents.ts';
import type { Company } from '../../src/tenancy/company.ts';
import type { CompanyDb } from '../../src/tenancy/handles.ts';
import { makeApp, makeCompany, makeUser, type TestApp } from '../make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const inside = <T>(company: Company, work: (db: CompanyDb) => Promise<T>) => portal.tenancy.inCompany(company, work);

const told = (over: Partial<consents.Told> = {}): consents.Told => ({
  channel: 'sms',
  addressKey: 'key of a number',
  granted: true,
  at: new Date('2026-11-20T10:00:00Z'),
  source: 'checkout',
  wording: '',
  ...over,
});

const anyTold: fc.Arbitrary<consents.Told> = fc.record({
  channel: fc.constantFrom(...consents.CHANNELS),
  addressKey: fc.constantFrom('one', 'two'),
  granted: fc.boolean(),
  at: fc.integer({ min: 0, max: 3 }).map((n) => new Date(Date.UTC(2026, 10, 1 + n))),
  source: fc.constantFrom('shop', 'Магазин', 'a "quoted" one', "'; drop table consent; --"),
  wording: fc.constantFrom('', 'Yes\u00a0please', '👩‍👩‍👧 {{name}}'),
});

const holding = (rows: readonly consents.ConsentRow[]) =>
  rows.map(({ addressKey, channel, granted, at }) => `${addressKey} ${channel} ${granted} ${at.toISOString()}`).sort();

describe('what holds', () => {
  test('S-05 is the newest word of each number and channel, in whatever order and batches the words come, and none is lost', async () => {
    const batches = fc.array(fc.array(anyTold, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(batches, async (words) => {
        const [forth, back] = [await makeCompany(portal), await makeCompany(portal)];
        for (const batch of words) await inside(forth, (db) => consents.record(db, batch, null));
        for (const batch of words.toReversed()) {
          for (const one of batch.toReversed()) await inside(back, (db) => consents.record(db, [one], null));
        }
        const read = (company: Company) =>
          inside(company, async (db) => ({
            held: await consents.consentsOf(db, ['one', 'two']),
            records: await consents.recordsOf(db, ['one', 'two']),
          }));
        const [one, other] = [await read(forth), await read(back)];
        expect(one.held.map((row) => JSON.stringify(row)).sort()).toEqual(
          other.held.map((row) => JSON.stringify(row)).sort(),
        );
        expect(one.records.map(({ id }) => id)).toEqual(other.records.map(({ id }) => id));
        const all = words.flat();
        const newest = new Map<string, consents.Told>();
        for (const each of all) {
          const key = `${each.addressKey} ${each.channel}`;
          const known = newest.get(key);
          const later = !known || each.at > known.at || (+each.at === +known.at && !each.granted);
          if (later) newest.set(key, each);
        }
        expect(holding(one.held)).toEqual(
          [...newest.values()]
            .map((each) => `${each.addressKey} ${each.channel} ${each.granted} ${each.at.toISOString()}`)
            .sort(),
        );
        expect(new Set(one.records.map(({ id }) => id)).size).toBe(
          new Set(all.map((each) => JSON.stringify(each))).size,
        );
      }),
      { numRuns: 25 },
    );
  });

  test('says what each word did: the first, the newer, the older, the same again', async () => {
    const company = await makeCompany(portal);
    const older = told({ at: new Date('2026-01-01T00:00:00Z'), granted: false });
    const newer = told({ at: new Date('2026-11-21T00:00:00Z'), granted: false });
    const did = (words: consents.Told[]) => inside(company, (db) => consents.record(db, words, null));
    expect(await did([told()])).toEqual(['created']);
    expect(await did([told(), older, newer])).toEqual(['unchanged', 'updated', 'updated']);
    expect(await did([told(), older, newer])).toEqual(['unchanged', 'unchanged', 'unchanged']);
  });

  test('stays the company’s own: another one knows nothing of it, and cannot take it away', async () => {
    const [company, other] = [await makeCompany(portal), await makeCompany(portal)];
    await inside(company, (db) => consents.record(db, [told()], null));
    await inside(company, (db) =>
      consents.suppress(db, { addressKey: told().addressKey, hint: '67', reason: 'stop', userId: null }),
    );
    await inside(other, async (db) => {
      expect(await consents.consentsOf(db, [told().addressKey])).toEqual([]);
      expect(await consents.recordsOf(db, [told().addressKey])).toEqual([]);
      expect(await consents.lift(db, told().addressKey, null)).toBe(false);
      await consents.forget(db, [told().addressKey]);
    });
    await inside(company, async (db) => {
      expect(await consents.consentsOf(db, [told().addressKey])).toHaveLength(1);
      expect(await consents.suppressedOf(db, [told().addressKey])).toHaveLength(1);
    });
  });
});

describe('a number that gets nothing', () => {
  const number = { addressKey: 'silent', hint: '67' };

  test('P-02 only START lifts what its person said; a block by hand stays beside it, whichever came first', async () => {
    for (const order of [
      ['stop', 'hand'],
      ['hand', 'stop'],
    ] as const) {
      const company = await makeCompany(portal);
      const { id: userId } = await makeUser(portal, { company });
      const suppress = (reason: consents.Reason) =>
        inside(company, (db) =>
          consents.suppress(db, { ...number, reason, userId: reason === 'hand' ? userId : null }),
        );
      const state = async () => {
        const [row] = await inside(company, (db) => consents.suppressedOf(db, [number.addressKey]));
        return row ? `${row.reason}${row.blocked ? ' blocked' : ''}` : 'free';
      };
      for (const reason of order) expect(await suppress(reason)).toBe(true);
      for (const reason of order) expect(await suppress(reason)).toBe(false);
      expect(await state()).toBe('stop blocked');
      await inside(company, (db) => consents.lift(db, number.addressKey, userId, { only: ['hand'] }));
      expect(await state()).toBe('stop');
      expect(await inside(company, (db) => consents.lift(db, number.addressKey, userId, { only: ['hand'] }))).toBe(
        false,
      );
      await suppress('hand');
      await inside(company, (db) => consents.lift(db, number.addressKey, null));
      expect(await state()).toBe('hand blocked');
      expect(await inside(company, (db) => consents.lift(db, number.addressKey, null))).toBe(false);
      await inside(company, (db) => consents.lift(db, number.addressKey, userId, { only: ['hand'] }));
      expect(await state()).toBe('free');
    }
  });

  test('is written down with who did it', async () => {
    const company = await makeCompany(portal);
    const { id: userId } = await makeUser(portal, { company });
    await inside(company, (db) => consents.suppress(db, { ...number, reason: 'hand', userId }));
    await inside(company, (db) => consents.lift(db, number.addressKey, userId, { only: ['hand'] }));
    const entries = await portal.database.prisma.auditEntry.findMany({
      where: { companyId: company.id },
      orderBy: { id: 'asc' },
    });
    expect(entries.map(({ action, userId: by }) => [action, by])).toEqual(
      expect.arrayContaining([
        ['number.silenced', userId],
        ['number.released', userId],
      ]),
    );
  });
});
