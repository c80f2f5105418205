import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as bulk from '../../src/bulk/bulk.ts';
import * as identity from '../../src/identity/identity.ts';
import { newId } from '../../src/kernel/id.ts';
import { sql } from '../../src/platform/db.ts';
import * as tags from '../../src/tags/tags.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { person, storePeople } from '../customers/make.ts';
import { makeApp, makeCompany, makeUser, type TestApp } from '../make.ts';
import { rows, tagId, tagsOf } from '../tags/make.ts';
import { ask, bulkRow, stateOf } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const [MANY, CHUNK] = [45, 20];
const never = new AbortController().signal;

/** So many customers; every seventh has the tag already, by hand. */
async function bigCompany(count = MANY): Promise<Company> {
  const company = await makeCompany(portal);
  const people = Array.from({ length: count }, (_, n) => person({ name: `C ${n}`, gender: n % 2 ? 'male' : 'female' }));
  await storePeople(portal.tenancy, company, people);
  const user = await makeUser(portal, { company });
  await portal.tenancy.inCompany(company, async (db) => {
    const tag = await tags.ensure(db, 'VIP', user.id);
    await db.execute(sql`
      insert into customer_tag (company_id, customer_id, tag_id, user_id, at)
      select ${company.id}::uuid, id, ${tag.id}::uuid, ${user.id}::uuid, '2026-01-01T12:34:56.789012Z'
      from unnest(${people.filter((_, n) => n % 7 === 0).map(({ id }) => id)}::uuid[]) as id`);
  });
  return company;
}

/** Aborts as soon as the transaction after so many others begins: what a killed worker leaves behind. */
function dying(transactions: number): { services: TestApp['services']; signal: AbortSignal } {
  const death = new AbortController();
  const { tenancy } = portal.services;
  let left = transactions;
  const inCompany: typeof tenancy.inCompany = async (company, work) => {
    left -= 1;
    if (left < 0) {
      death.abort();
      // Its last transaction never commits.
      return tenancy.inCompany(company, async (db) => {
        await work(db);
        throw new Error('killed');
      });
    }
    return tenancy.inCompany(company, work);
  };
  return { services: { ...portal.services, tenancy: { ...tenancy, inCompany } }, signal: death.signal };
}

const changesOf = async (id: string) =>
  (
    await rows(
      portal,
      sql`
      select customer_id from bulk_change where bulk_id = ${id}::uuid
      union select customer_id from customer_tag where bulk_id = ${id}::uuid`,
    )
  ).length;

describe('a worker that is killed', () => {
  test.each([0, 1, 2, 3, 4])(
    'after %i transactions leaves work that another one finishes, everybody tagged once',
    async (after) => {
      const company = await bigCompany();
      const id = await ask(portal, company);
      const { services, signal } = dying(after);
      await expect(bulk.run(services, company, id, signal, CHUNK)).rejects.toThrow('killed');
      await bulk.run(portal.services, company, id, never, CHUNK);
      const already = Math.ceil(MANY / 7);
      expect(await bulkRow(portal, id)).toMatchObject({
        state: 'done',
        total: MANY,
        seen: MANY,
        changed: MANY - already,
      });
      expect(await stateOf(portal, company)).toHaveLength(MANY);
      expect(await changesOf(id)).toBe(MANY - already);
    },
  );

  test('in the middle of an undo leaves work that another one finishes, and everything is as before', async () => {
    const company = await bigCompany(200);
    const before = await stateOf(portal, company);
    const user = await makeUser(portal, { company });
    const id = await ask(portal, company);
    await bulk.run(portal.services, company, id, never, CHUNK);
    await portal.tenancy.inCompany(company, (db) => bulk.undo(db, id, user.id, new Date()));
    const { services, signal } = dying(1);
    await expect(bulk.runUndo(services, company, id, signal, CHUNK)).rejects.toThrow('killed');
    expect((await bulkRow(portal, id)).undone).toBeGreaterThan(0);
    await bulk.runUndo(portal.services, company, id, never, CHUNK);
    expect(await stateOf(portal, company)).toEqual(before);
    const { state, changed, undone } = await bulkRow(portal, id);
    expect([state, undone]).toEqual(['undone', changed]);
    expect(await changesOf(id)).toBe(0);
  });
});

describe('deleting all that match', () => {
  test('by a worker that is killed deletes each once, and an undo brings exactly those back', async () => {
    const company = await bigCompany(300);
    const user = await makeUser(portal, { company });
    const gone = () => rows(portal, sql`select from customer where company_id = ${company.id}::uuid and not listed`);
    const id = await ask(portal, company, { action: 'delete', filter: 'where=gender%3Ais%3Afemale' });
    const { services, signal } = dying(3);
    await expect(bulk.run(services, company, id, signal, CHUNK)).rejects.toThrow('killed');
    await bulk.run(portal.services, company, id, never, CHUNK);
    expect(await bulkRow(portal, id)).toMatchObject({ state: 'done', total: 150, seen: 150, changed: 150 });
    expect(await gone()).toHaveLength(150);
    await portal.tenancy.inCompany(company, (db) => bulk.undo(db, id, user.id, new Date()));
    const undoing = dying(1);
    await expect(bulk.runUndo(undoing.services, company, id, undoing.signal, CHUNK)).rejects.toThrow('killed');
    await bulk.runUndo(portal.services, company, id, never, CHUNK);
    expect(await bulkRow(portal, id)).toMatchObject({ state: 'undone', undone: 150 });
    expect(await gone()).toEqual([]);
  });
});

describe('what was done', () => {
  test('twice at once, by two workers, is done once', async () => {
    const company = await bigCompany();
    const id = await ask(portal, company);
    await Promise.all([1, 2].map(() => bulk.run(portal.services, company, id, never, CHUNK)));
    expect(await bulkRow(portal, id)).toMatchObject({ state: 'done', seen: MANY });
    expect(await stateOf(portal, company)).toHaveLength(MANY);
  });

  test('by taking a tag off comes back with who gave it and when', async () => {
    const company = await bigCompany(500);
    const before = await stateOf(portal, company);
    const user = await makeUser(portal, { company });
    const id = await ask(portal, company, { action: 'untag', filter: 'where=gender%3Ais%3Afemale' });
    await portal.runJobs();
    const left = await stateOf(portal, company);
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThan(before.length);
    await portal.tenancy.inCompany(company, (db) => bulk.undo(db, id, user.id, new Date()));
    await portal.runJobs();
    expect(await stateOf(portal, company)).toEqual(before);
  });

  test('is told apart from what somebody did by hand since, and an undo leaves that', async () => {
    const company = await bigCompany(300);
    const user = await makeUser(portal, { company });
    const id = await ask(portal, company);
    await portal.runJobs();
    const tag = await tagId(portal, company, 'VIP');
    const [own] = await rows<{ customer_id: string }>(
      portal,
      sql`select customer_id from customer_tag where bulk_id = ${id}::uuid limit 1`,
    );
    const customer = own?.customer_id ?? '';
    await portal.tenancy.inCompany(company, async (db) => {
      await tags.untagCustomer(db, customer, [tag]);
      await tags.tagCustomer(db, customer, [tag], user.id);
      await bulk.undo(db, id, user.id, new Date());
    });
    await portal.runJobs();
    const state = await stateOf(portal, company);
    expect(state).toHaveLength(Math.ceil(300 / 7) + 1);
    expect(state.some(({ customer_id }) => customer_id === customer)).toBe(true);
  });

  test('is taken back from the survivor of a merge as well', async () => {
    const company = await makeCompany(portal);
    const [one, other, apart] = ['One', 'Other', 'Apart'].map((name) => person({ name }));
    if (!one || !other || !apart) throw new Error('There are three');
    await storePeople(portal.tenancy, company, [one, other, apart]);
    const user = await makeUser(portal, { company });
    const id = await ask(portal, company, { ids: [other.id, apart.id] });
    await portal.tenancy.inCompany(company, async (db) => {
      await identity.lock(db);
      await identity.merge(db, { customerIds: [one.id, other.id], userId: user.id });
    });
    const had = await stateOf(portal, company);
    expect(had.map(({ customer_id }) => customer_id).sort()).toEqual([one.id, other.id, apart.id].sort());
    await portal.tenancy.inCompany(company, (db) => bulk.undo(db, id, user.id, new Date()));
    expect(await stateOf(portal, company)).toEqual([]);
  });

  test('stops where its tag is deleted, and says so', async () => {
    const company = await bigCompany(10);
    const id = await ask(portal, company);
    const user = await makeUser(portal, { company });
    await portal.tenancy.inCompany(company, async (db) => {
      const tag = await tags.byName(db, 'VIP');
      if (tag) await tags.leave(db, tag, null, user.id);
    });
    await portal.runJobs();
    expect(await bulkRow(portal, id)).toMatchObject({ state: 'failed', error: 'tagGone' });
    expect(await stateOf(portal, company)).toEqual([]);
  });

  test('is asked at one moment: who came to match only because time went by is not among them', async () => {
    const company = await makeCompany(portal);
    portal.setNow(new Date('2026-06-15T09:00:00Z'));
    await storePeople(portal.tenancy, company, [
      person({ name: 'Within', orders: 1, lastActivity: new Date('2026-03-15T12:00:00Z') }),
    ]);
    await ask(portal, company, { filter: 'where=activity%3Awithin%3A3m' });
    portal.setNow(new Date('2026-06-17T09:00:00Z'));
    await portal.runJobs();
    portal.setNow(null);
    expect(await tagsOf(portal, company)).toEqual({ Within: ['VIP'] });
  });

  test('is not kept for ever: after 30 days it cannot be undone, and what is past is forgotten', async () => {
    const company = await bigCompany(20);
    const user = await makeUser(portal, { company });
    const id = await ask(portal, company, { action: 'untag' });
    await portal.runJobs();
    expect(await changesOf(id)).toBe(3);
    const later = new Date(Date.now() + 31 * 86_400_000);
    expect(await portal.tenancy.inCompany(company, (db) => bulk.undo(db, id, user.id, later))).toBeNull();
    await bulk.forget({ ...portal.services, clock: () => later }, never);
    expect(await changesOf(id)).toBe(0);
    expect(await bulkRow(portal, id)).toMatchObject({ state: 'done', changed: 3 });
  });

  test('of which nobody is left is done at once', async () => {
    const company = await makeCompany(portal);
    const id = await ask(portal, company, { ids: [newId()] });
    expect(await bulkRow(portal, id)).toMatchObject({ state: 'done', seen: 0, changed: 0 });
  });
});
