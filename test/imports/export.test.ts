import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ingestFeedback, ingestOrders } from '../../src/ingest/ingest.ts';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { fileOf, request } from '../exports/make.ts';
import { makeApp, makeCompany, makeUser, type TestApp } from '../make.ts';
import { bring, check, customersOf, importRow, rowsOf, start } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const pick = <T>(...values: T[]) => fc.constantFrom(...values);
const nasty = pick(
  '=1+1',
  "'=x",
  '+380',
  '-1',
  '@a',
  '\t=cmd',
  ', ',
  '"',
  '""',
  ';',
  '17850.0',
  '1e5',
  'a, b',
  '"q", r',
  'Ім’я',
  '\u202eabc',
  '<b>',
  '{{x}}',
  'NULL',
  "'; drop table customer;--",
  '🙂',
);
const word = fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 12 }).filter(isStorable));
const account = word.filter((text) => text.trim() !== '');
const person = fc.record(
  {
    accountId: fc.oneof(account, pick('u-1', 'u-2', 'u-3')),
    name: word,
    phones: fc.array(pick('0671111111', '0671111112', '+48 22 123 45 67', 'call me'), { maxLength: 3 }),
    emails: fc.array(
      pick('a@example.com', '=b@example.com', "'c@example.com", 'd|e@example.com', 'F@EXAMPLE.COM', 'none'),
      { maxLength: 3 },
    ),
    gender: pick('female' as const, 'male' as const),
    region: word,
  },
  { requiredKeys: [] },
);

/** What the API takes. */
function isStorable(text: string): boolean {
  return !/\0|\p{Surrogate}/u.test(text);
}

const everything = async (company: Company) => ({
  customers: await customersOf(portal, company),
  rows: await portal.database.prisma.$queryRaw(sql`
    select c.id, c.orders_count::int, c.activities_count::int, c.latest_at, c.note from customer c
    where c.company_id = ${company.id}::uuid and c.listed order by c.id`),
});

test('C-13 P-92 our own export of any list, imported again, adds nothing and changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(person, { minLength: 1, maxLength: 25 }),
      pick('csv' as const, 'xlsx' as const),
      pick('en' as const, 'uk' as const),
      async (people, format, locale) => {
        const company = await makeCompany(portal);
        const user = await makeUser(portal, { company });
        const orders = people.map((customer, n) => ({
          externalId: `${n}`,
          placedAt: '2026-11-01T10:00:00Z',
          currency: 'UAH',
          total: '1.00',
          customer,
        }));
        const [last, ...first] = orders;
        await ingestOrders(portal.tenancy, company, first, new Date());
        if (last)
          await ingestFeedback(
            portal.tenancy,
            company,
            [{ externalId: 'f', writtenAt: '2026-11-01T10:00:00Z', customer: last.customer, rating: 5 }],
            new Date(),
          );
        const before = await everything(company);
        if (before.customers.length === 0) return;
        const exported = await request(portal, company, { format, locale, userId: user.id });
        await portal.runJobs();
        const id = await bring(portal, company, user.id, await fileOf(portal, exported));
        const { reading } = await importRow(portal, company, id);
        expect(reading.heading).toBe(true);
        await check(portal, company, id);
        const rows = await rowsOf(portal, id);
        expect(rows).toHaveLength(before.customers.length);
        expect(rows.filter(({ expected }) => expected !== 'unchanged')).toEqual([]);
        await start(portal, company, id, user.id);
        await portal.runJobs();
        expect(await everything(company)).toEqual(before);
      },
    ),
    { numRuns: 8 },
  );
}, 120_000);
