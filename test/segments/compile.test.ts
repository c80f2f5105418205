import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Sql, sql } from '../../src/platform/db.ts';
import {
  type Condition,
  compile,
  type Filter,
  hasWays,
  PRESETS,
  parseCondition,
  type Way,
} from '../../src/segments/segments.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { activitiesOf, type Person, person, storePeople } from '../customers/make.ts';
import { makeApp, makeCompany, type TestApp } from '../make.ts';
import { conditions, filters, NOBODYS, TAGS } from './arbitraries.ts';
import { storeConsents, storeReviews, storeTags } from './make.ts';
import { holds, partHolds } from './naive.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const ZONES = [
  'Europe/Kyiv',
  'UTC',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'America/Havana',
  'Africa/Cairo',
  'Asia/Kathmandu',
];

let portal: TestApp;
let company: Company;
let people: Person[];

beforeAll(async () => {
  portal = await makeApp();
  company = await makeCompany(portal);
  people = fc.sample(anybody, { numRuns: 300, seed: 20 });
  await storePeople(portal.tenancy, company, people);
  await storeTags(portal, company, [...TAGS, NOBODYS], people);
  await storeReviews(portal, company, people);
  await storeConsents(portal, company, people);
});

afterAll(() => portal.close());

// Around midnights, where a day ends in one zone and not in another, and over the days of clock changes.
const moments = fc
  .tuple(
    fc.integer({ min: 0, max: 700 }),
    fc.constantFrom(0, 1, 59, 60, 719, 720, 1319, 1380, 1439),
    fc.constantFrom(0, 1, 999),
  )
  .map(([day, minute, millisecond]) => new Date(Date.UTC(2025, 0, 1 + day, 0, minute, 0, millisecond)));

let phones = 0;
const nextPhone = () => `+38067${String(1_000_000 + ++phones)}`;

const anybody: fc.Arbitrary<Person> = fc
  .record({
    gender: fc.constantFrom('female' as const, 'male' as const, null),
    region: fc.constantFrom('Київ', 'Lviv', 'a|b', '100%', 'ＬＶＩＶ', null),
    orders: fc.nat(4),
    ownThreads: fc.nat(2),
    attached: fc.nat(1),
    unanswered: fc.nat(1),
    good: fc.nat(1),
    neutral: fc.nat(1),
    bad: fc.nat(1),
    sum: fc.bigInt({ min: -200n, max: 60_000n }),
    last: moments,
    lastOrder: moments,
    created: moments,
    tags: fc.subarray([...TAGS]),
    reviews: fc.nat(3),
    consent: fc.constantFrom('yes' as const, 'no' as const, 'none' as const),
  })
  .map(({ attached, last, lastOrder, ...rest }) => {
    const active = rest.orders + rest.ownThreads > 0;
    return person({
      ...rest,
      phones: rest.reviews > 0 || rest.consent !== 'none' ? [nextPhone()] : [],
      threads: rest.ownThreads + (rest.orders > 0 ? attached : 0),
      lastActivity: active ? last : null,
      lastOrder: rest.orders > 0 ? lastOrder : null,
    });
  });

const idsWhere = (where: Sql) =>
  portal.tenancy.inCompany(company, async (db) => {
    const rows = await db.query<{ id: string }>(sql`select c.id from customer c where ${where}`);
    return rows.map((row) => row.id).sort();
  });

const found = (list: Filter, zone: string, now: Date, way?: Way) =>
  idsWhere(compile(list, { ...company, timezone: zone }, now, way));

test('P-25 P-26 P-27 P-28 P-29 P-30 P-31 P-44 the database finds exactly those of whom the conditions hold', async () => {
  const question = fc.record({
    list: fc.array(conditions, { minLength: 1, maxLength: 3 }),
    zone: fc.constantFrom(...ZONES),
    now: moments,
  });
  await fc.assert(
    fc.asyncProperty(question, async ({ list, zone, now }) => {
      const expected = people.filter((each) => list.every((condition) => holds(condition, each, now, zone)));
      const ids = expected.map((each) => each.id).sort();
      expect(await found(list, zone, now, 'gathered')).toEqual(ids);
      if (hasWays(list)) expect(await found(list, zone, now, 'each')).toEqual(ids);
    }),
    { numRuns: 200 },
  );
});

test('P-32 brackets in brackets mean what they say', async () => {
  await fc.assert(
    fc.asyncProperty(filters, async (filter) => {
      const expected = people.filter((each) => filter.every((part) => partHolds(part, each, NOW, company.timezone)));
      expect(await found(filter, company.timezone, NOW)).toEqual(expected.map((each) => each.id).sort());
    }),
    { numRuns: 200 },
  );
});

test('P-18 P-19 P-20 P-21 New, Loyal and Inactive together are everybody with an activity, each once, in any zone at any time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...ZONES), moments, async (zone, now) => {
      const groups = await Promise.all(
        [PRESETS.new, PRESETS.loyal, PRESETS.inactive].map((list) => found(list, zone, now)),
      );
      expect(groups.flat().sort()).toEqual(
        people
          .filter((each) => activitiesOf(each) > 0)
          .map((each) => each.id)
          .sort(),
      );
    }),
    { numRuns: 40 },
  );
});

test('P-19 P-21 the day three months back belongs to New, the moment before it to Inactive', async () => {
  const shop = await makeCompany(portal);
  const onTheDay = person({ orders: 1, lastActivity: new Date('2026-08-20T21:00:00Z') });
  const before = person({ orders: 1, lastActivity: new Date('2026-08-20T20:59:59.999Z') });
  await storePeople(portal.tenancy, shop, [onTheDay, before]);
  const ids = (list: readonly Condition[]) =>
    portal.tenancy.inCompany(shop, async (db) =>
      (await db.query<{ id: string }>(sql`select c.id from customer c where ${compile(list, shop, NOW)}`)).map(
        (row) => row.id,
      ),
    );
  expect(await ids(PRESETS.new)).toEqual([onTheDay.id]);
  expect(await ids(PRESETS.inactive)).toEqual([before.id]);
});

test('P-32 gender = male and more than 2 orders', async () => {
  const list = ['gender:is:male', 'orders:gt:2'].map((text) => parseCondition(text, company) as Condition);
  const expected = people.filter(({ gender, orders }) => gender === 'male' && orders > 2).map(({ id }) => id);
  expect(expected.length).toBeGreaterThan(0);
  expect(await found(list, company.timezone, NOW)).toEqual(expected.sort());
});
