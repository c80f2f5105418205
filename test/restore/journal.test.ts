import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import * as journal from '../../src/journal/journal.ts';
import { newId } from '../../src/kernel/id.ts';
import { sql } from '../../src/platform/db.ts';
import { lookAtStart, reapply } from '../../src/restore/restore.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { makeApp, makeCompany, makeUser, type TestApp } from '../make.ts';
import { ask, isHeld, journalFile, put, started } from './make.ts';

let portal: TestApp;
beforeEach(async () => {
  portal = await started();
});
afterEach(() => portal.close());

const KEY = 'the key of a number';
const stop = (company: Company, at: string) => ({
  kind: 'silenced',
  company: company.id,
  at,
  body: { key: KEY, reason: 'stop', hint: '67' },
});
const start = (company: Company, at: string) => ({ kind: 'released', company: company.id, at, body: { key: KEY } });

const silent = (of: TestApp, company: Company) =>
  ask(of, sql`select 1 from suppression where company_id = ${company.id}::uuid and address_key = ${KEY}`).then(
    (rows) => rows.length > 0,
  );

test('what came later holds, in whichever file it was written', async () => {
  const [released, silenced] = [await makeCompany(portal), await makeCompany(portal)];
  const [first, second] = [newId(), newId()];
  const [noon, after] = ['2026-11-22T12:00:00.1+00:00', '2026-11-22T12:00:00.100001+00:00'];
  await journalFile(portal, [start(released, after), stop(silenced, after)], first);
  await journalFile(portal, [stop(released, noon), start(silenced, noon)], second);
  await lookAtStart(portal.services);
  expect([await silent(portal, released), await silent(portal, silenced)]).toEqual([false, true]);
});

test('files that are none of the journal keep nobody from starting', async () => {
  const company = await makeCompany(portal);
  await put(portal.services.files, 'journal/listing.txt', 'not of the journal');
  await put(portal.services.files, 'journal/.DS_Store', 'nor this');
  expect((await lookAtStart(portal.services)).since).toBeNull();
  await journalFile(portal, [stop(company, '2026-11-22T12:00:00+00:00')]);
  expect((await lookAtStart(portal.services)).since).not.toBeNull();
  expect(await silent(portal, company)).toBe(true);
});

test('a new portal beside an old journal is no restored one, and does what that says of its companies', async () => {
  const fresh = await makeApp();
  try {
    const company = await makeCompany(fresh);
    await journalFile(fresh, [stop(company, '2026-11-22T12:00:00+00:00')]);
    await lookAtStart(fresh.services);
    expect([await isHeld(fresh), await silent(fresh, company)]).toEqual([false, true]);
    await lookAtStart(fresh.services);
    expect(await isHeld(fresh)).toBe(false);
  } finally {
    await fresh.close();
  }
});

test('a database that was never looked at and has written to people is a restored one beside an older journal', async () => {
  const old = await makeApp();
  try {
    const company = await makeCompany(old);
    await old.database.prisma.$executeRaw(
      sql`insert into outbox (id, channel, address, body, state) values (${newId()}::uuid, 'email', 'a@example.com', '', 'sent')`,
    );
    await journalFile(old, [stop(company, '2026-11-22T12:00:00+00:00')]);
    await lookAtStart(old.services);
    expect(await isHeld(old)).toBe(true);
  } finally {
    await old.close();
  }
});

test('a sign that could not be left lets nobody call, and is left the next time', async () => {
  const { services } = portal;
  const folder = join(services.config.dataDir, 'files', 'journal');
  await put(services.files, 'other/file', 'the folder above is there');
  writeFileSync(folder, 'no folder');
  const both = await Promise.allSettled([journal.beat(services, 0), journal.beat(services, 0)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  rmSync(folder);
  await Promise.all([journal.beat(services, 1), journal.beat(services, 1)]);
  await journal.beat(services, 2);
  const entries = await journal.read(services, await journal.everything(services));
  // Of the two that failed together one was left, and stands in a file of its own once a minute is over.
  expect(entries.map(({ kind }) => kind)).toEqual(['sending']);
});

test('somebody who was let in again stays so when the whole journal is done once more', async () => {
  const [back, out] = [await makeUser(portal), await makeUser(portal)];
  const { database, services } = portal;
  const ids = [back.id, out.id];
  await database.prisma.$executeRaw(sql`update app_user set disabled_at = now() where id = any(${ids}::uuid[])`);
  await database.prisma.$executeRaw(sql`update app_user set disabled_at = null where id = ${back.id}::uuid`);
  await journal.flush(services);
  await database.prisma.$executeRaw(sql`update app_user set disabled_at = null where id = ${out.id}::uuid`);
  await database.prisma.$executeRaw(sql`delete from journal_entry`);
  expect(await reapply(services, true)).toEqual({ userDisabled: 2, userEnabled: 1 });
  const disabled = await ask(portal, sql`select id from app_user where disabled_at is not null`);
  expect(disabled).toEqual([{ id: out.id }]);
});
