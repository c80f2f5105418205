import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as imports from '../../src/imports/imports.ts';
import { sql } from '../../src/platform/db.ts';
import type { CompanyDb } from '../../src/tenancy/handles.ts';
import type { Tenancy } from '../../src/tenancy/tenancy.ts';
import { makeApp, makeCompany, makeUser, type TestApp } from '../make.ts';
import { bring, check, importRow, start } from './make.ts';

// A portal of its own: statistics are what a young one lacks.
let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const ROWS = 5000;
const file = () =>
  `Name,Phone,E-mail,Note\n${Array.from({ length: ROWS }, (_, n) => `P ${n},+4860${n % 10}${100_000 + n},p${n}@x.test,Row ${n}\n`).join('')}`;

/** Rows of the tables that grow with a file, as each transaction reads them, and how many rows of the file were done after it. */
function counting({ tenancy }: TestApp, steps: { read: number; done: number }[]): Tenancy {
  return {
    ...tenancy,
    inCompany: (company, work) =>
      tenancy.inCompany(company, async (db) => {
        // What earlier transactions of the same connection read may be counted still.
        const before = await readSoFar(db);
        const result = await work(db);
        const [file] = await db.query<{ done: number }>(
          sql`select coalesce(max(rows_done), 0)::int as done from import`,
        );
        steps.push({ read: (await readSoFar(db)) - before, done: file?.done ?? 0 });
        return result;
      }),
  };
}

/** In the tables, or in their partitions. */
async function readSoFar(db: CompanyDb): Promise<number> {
  const [counted] = await db.query<{ n: number }>(sql`
    select coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::int as n from pg_stat_xact_user_tables
    where relname ~ '^(import_row|arrival|evidence|contact|customer|customer_search)(_\\d+)?$'`);
  return counted?.n ?? 0;
}

test('C-13 the last rows of a long file cost no more reading than the first, also where PostgreSQL has no statistics', async () => {
  const company = await makeCompany(portal);
  const user = await makeUser(portal, { company });
  const id = await bring(portal, company, user.id, file());
  await check(portal, company, id);
  await start(portal, company, id, user.id);
  const steps: { read: number; done: number }[] = [];
  const services = { ...portal.services, tenancy: counting(portal, steps) };
  await imports.run(services, company, id, new AbortController().signal);
  expect(await importRow(portal, company, id)).toMatchObject({ state: 'done', counts: { created: ROWS } });
  // The batches; the transactions around them do no row.
  const batches = steps.map(({ read, done }, at) => ({ read, rows: done - (steps[at - 1]?.done ?? 0), done }));
  const perRow = (some: typeof batches) =>
    some.reduce((total, { read }) => total + read, 0) / some.reduce((total, { rows }) => total + rows, 0);
  const brought = batches.filter(({ rows }) => rows > 0);
  const early = brought.filter(({ done }) => done <= ROWS / 2);
  const late = brought.filter(({ done }) => done > ROWS / 2);
  expect([perRow(early) > 0, late.length > 0]).toEqual([true, true]);
  expect(perRow(late)).toBeLessThan(2 * perRow(early));
}, 120_000);
