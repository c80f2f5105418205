import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { makeApp, makeCompany, type TestApp } from '../make.ts';

let portal: TestApp;
let company: Company;
beforeAll(async () => {
  portal = await makeApp();
  company = await makeCompany(portal);
});
afterAll(() => portal.close());

const limit = sql`select current_setting('idle_in_transaction_session_timeout') as limit`;

test('a process that stands still in the middle of a transaction loses its locks after half a minute', async () => {
  const { tenancy } = portal;
  expect(await tenancy.inCompany(company, (db) => db.query(limit))).toEqual([{ limit: '30s' }]);
  expect(await tenancy.inPortal((db) => db.query(limit))).toEqual([{ limit: '30s' }]);
  expect(await tenancy.reading(company, (db) => db.query(limit))).toEqual([{ limit: '30s' }]);
});

test('a snapshot, which holds none, waits for whoever takes its rows', async () => {
  const { tenancy } = portal;
  expect(await tenancy.inSnapshot(company, (snapshot) => snapshot.query(limit))).toEqual([{ limit: '0' }]);
  expect(await tenancy.inCompany(company, (db) => db.query(limit))).toEqual([{ limit: '30s' }]);
});
