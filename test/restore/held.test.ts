import { afterEach, beforeEach, expect, test } from '@jest/globals';
import request from 'supertest';
import * as journal from '../../src/journal/journal.ts';
import { newId } from '../../src/kernel/id.ts';
import * as outbox from '../../src/outbox/outbox.ts';
import { sql } from '../../src/platform/db.ts';
import { enqueue } from '../../src/queue/enqueue.ts';
import { confirm, lookAtStart } from '../../src/restore/restore.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { makeCompany, makeUser, memberOf, signIn, type TestApp } from '../make.ts';
import { ask, isHeld, journalFile, move, started } from './make.ts';

let portal: TestApp;
let company: Company;
beforeEach(async () => {
  portal = await started();
  company = await makeCompany(portal);
});
afterEach(() => portal.close());

const texts = () =>
  ask<{ address: string; state: string }>(portal, sql`select address, state from outbox order by address`);

test('what waited in the backup to be written to people is given up and shown; what comes afterwards goes', async () => {
  const { tenancy, services } = portal;
  await tenancy.inPortal(async (db) => {
    await outbox.post(db, { to: 'before@example.com', subject: 'Join us', text: 'Hello' });
    await outbox.postSms(db, { to: '+380671234567', text: 'Your code is 1234' });
    await enqueue(db, 'password.letter', { email: 'before@example.com' });
    await enqueue(db, 'review.tell', { reviewId: newId() });
    await enqueue(db, 'review.gone', { reviewId: newId() });
    await enqueue(db, 'outbox.clear', {});
  });
  await move(portal);
  expect((await lookAtStart(services)).since).not.toBeNull();
  await tenancy.inPortal((db) => outbox.post(db, { to: 'later@example.com', subject: 'Join us', text: 'Hello' }));
  await lookAtStart(services);

  expect(await texts()).toEqual([
    { address: '+380671234567', state: 'failed' },
    { address: 'before@example.com', state: 'failed' },
    { address: 'later@example.com', state: 'waiting' },
  ]);
  const jobs = await ask(
    portal,
    sql`select name from job where due_at = 'infinity' and last_error like 'the database was restored%' order by name`,
  );
  expect(jobs).toEqual([{ name: 'password.letter' }, { name: 'review.gone' }, { name: 'review.tell' }]);
  await portal.runJobs();
  expect((await texts()).map(({ state }) => state)).toEqual(['failed', 'failed', 'kept']);
  const page = await (await signIn(portal, await makeUser(portal, { admin: true }))).get('/admin/letters');
  expect(page.text).toContain('before@example.com');
  expect(page.text).toContain('the database was restored');
});

test('whoever was signed in is signed out, also where sessions are kept elsewhere', async () => {
  const visitor = await memberOf(portal, company);
  const sessions = await ask<{ sid: string }>(portal, sql`select sid from session`);
  await move(portal);
  await lookAtStart(portal.services);
  expect(await ask(portal, sql`select sid from session`)).toEqual([]);
  expect(await ask(portal, sql`select id from sign_in`)).toEqual([]);
  expect(sessions.length).toBeGreaterThan(0);
  expect((await visitor.get('/customers')).headers.location).toContain('/login');
});

test('as long as nothing is sent it is said to administrators, where campaigns are, and to whoever watches the figures', async () => {
  await move(portal);
  await lookAtStart(portal.services);
  const [admin, owner] = [
    await signIn(portal, await makeUser(portal, { admin: true })),
    await memberOf(portal, company),
  ];
  const shown = async () => [
    (await admin.get('/admin/companies')).text.includes('restore:confirm'),
    (await owner.get('/sms')).text.includes('Nothing is sent at the moment'),
    (await owner.get('/customers')).text.includes('Nothing is sent'),
  ];
  expect(await shown()).toEqual([true, true, false]);
  expect((await request(portal.app).get('/metrics')).text).toContain('\nclientele_held 1\n');
  await confirm(portal.services);
  expect(await shown()).toEqual([false, false, false]);
});

test('a backup that is restored behind running processes is found within a minute', async () => {
  await move(portal);
  await portal.tenancy.inPortal((db) => enqueue(db, 'journal.write', {}));
  await portal.runJobs();
  expect(await isHeld(portal)).toBe(true);
  await confirm(portal.services);
  await portal.tenancy.inPortal((db) => enqueue(db, 'journal.write', {}));
  await portal.runJobs();
  expect(await isHeld(portal)).toBe(false);
});

test('a server that was set back where it stands is found by what was written down since', async () => {
  await journalFile(portal, [{ kind: 'sending', company: null, at: new Date().toISOString(), body: {} }]);
  await portal.tenancy.inPortal((db) => enqueue(db, 'journal.write', {}));
  await portal.runJobs();
  expect(await isHeld(portal)).toBe(true);
});

test('whoever is about to call the provider finds it at once', async () => {
  await journal.beat(portal.services, 0);
  expect(await isHeld(portal)).toBe(false);
  await move(portal);
  await journal.beat(portal.services, 5000);
  expect(await isHeld(portal)).toBe(true);
});
