import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as bulk from '../../src/bulk/bulk.ts';
import * as customers from '../../src/customers/customers.ts';
import * as identity from '../../src/identity/identity.ts';
import { sql } from '../../src/platform/db.ts';
import * as tags from '../../src/tags/tags.ts';
import type { Company } from '../../src/tenancy/company.ts';
import type { CompanyDb } from '../../src/tenancy/handles.ts';
import { person, storePeople } from '../customers/make.ts';
import { makeApp, makeCompany, makeUser, memberOf, type TestApp, type Visitor } from '../make.ts';
import { rows, tagId, tagsOf } from '../tags/make.ts';
import { ask, bulkRow } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

async function makePeople(...names: string[]) {
  const company = await makeCompany(portal);
  const people = names.map((name) => person({ name }));
  await storePeople(portal.tenancy, company, people);
  const ids = people.map(({ id }) => id);
  return { company, ids, user: await makeUser(portal, { company }) };
}

const inCompany = <T>(company: Company, work: (db: CompanyDb) => Promise<T>) => portal.tenancy.inCompany(company, work);

/** Until the request waits for identity's lock, or is answered without. */
async function waiting(request: Promise<unknown>): Promise<void> {
  let answered = false;
  const over = () => {
    answered = true;
  };
  request.then(over, over);
  const asked = sql`
    select 1 from pg_locks l join pg_database d on d.oid = l.database
    where l.locktype = 'advisory' and not l.granted and d.datname = current_database()`;
  while (!answered && (await rows(portal, asked)).length === 0);
}

/** What an import does while a request of the cabinet is under way. */
function meanwhile(company: Company, request: () => Promise<unknown>, work: (db: CompanyDb) => Promise<unknown>) {
  return inCompany(company, async (db) => {
    await identity.lock(db);
    const answer = request();
    await waiting(answer);
    await work(db);
    return { answer };
  });
}

describe('while an import brings the same new tag', () => {
  const requests: [string, (owner: Visitor, id: string) => Promise<{ status: number }>][] = [
    ['ticked rows', (owner, id) => owner.post('/bulk', { ids: [id], what: 'tag', tag: 'New' })],
    ['one customer', (owner, id) => owner.post(`/customers/${id}/tags`, { tag: 'New' })],
  ];
  test.each(requests)('%s get it, and neither is refused', async (_, send) => {
    const { company, ids, user } = await makePeople('Anna', 'Berta');
    const owner = await memberOf(portal, company);
    await owner.get('/customers');
    const [anna = '', berta = ''] = ids;
    const { answer } = await meanwhile(
      company,
      () => send(owner, anna),
      async (db) => {
        const tag = await tags.ensure(db, 'New', user.id);
        await tags.tagCustomer(db, berta, [tag.id], user.id);
      },
    );
    expect(await answer).toMatchObject({ status: 303 });
    expect(await tagsOf(portal, company)).toEqual({ Anna: ['New'], Berta: ['New'] });
  });
});

test('P-08 a tag for whom a merge takes in at that moment goes to the survivor', async () => {
  const { company, ids, user } = await makePeople('Anna', 'Berta');
  const owner = await memberOf(portal, company);
  await owner.get('/customers');
  const { answer } = await meanwhile(
    company,
    () => owner.post(`/customers/${ids[1]}/tags`, { tag: 'VIP' }),
    (db) => identity.merge(db, { customerIds: ids, userId: user.id }),
  );
  expect(await answer).toMatchObject({ status: 303, headers: { location: `/customers/${ids[0]}` } });
  const listed = await rows<{ id: string }>(
    portal,
    sql`select c.id from customer c join customer_tag g on g.customer_id = c.id where c.listed and c.company_id = ${company.id}::uuid`,
  );
  expect(listed).toEqual([{ id: ids[0] }]);
});

describe('an undo brings back only what is still this bulk’s doing', () => {
  test('not who was restored since, and deleted again by hand', async () => {
    const { company, ids, user } = await makePeople('Anna', 'Berta');
    const id = await ask(portal, company, { action: 'delete', ids });
    await inCompany(company, (db) => customers.restore(db, [ids[0] ?? ''], user.id));
    await inCompany(company, (db) => customers.remove(db, [ids[0] ?? ''], user.id));
    await inCompany(company, (db) => bulk.undo(db, id, user.id, new Date()));
    expect(await bulkRow(portal, id)).toMatchObject({ state: 'undone' });
    expect(await listedIn(company)).toEqual(ids.slice(1));
  });

  test('nor who was deleted again by another bulk, until that one is undone', async () => {
    const { company, ids, user } = await makePeople('Anna', 'Berta');
    const first = await ask(portal, company, { action: 'delete', ids });
    await inCompany(company, (db) => customers.restore(db, ids, user.id));
    const second = await ask(portal, company, { action: 'delete', ids: ids.slice(0, 1) });
    await inCompany(company, (db) => bulk.undo(db, first, user.id, new Date()));
    expect(await listedIn(company)).toEqual(ids.slice(1));
    await inCompany(company, (db) => bulk.undo(db, second, user.id, new Date()));
    expect(await listedIn(company)).toEqual(ids);
  });

  test.each(['by hand', 'in bulk'])('not a tag that was given again since, and taken off %s', async (how) => {
    const { company, ids, user } = await makePeople('Anna', 'Berta');
    await ask(portal, company, { ids });
    const id = await ask(portal, company, { action: 'untag', ids });
    const [anna = ''] = ids;
    const vip = await tagId(portal, company, 'VIP');
    await inCompany(company, (db) => tags.tagCustomer(db, anna, [vip], user.id));
    const again = how === 'in bulk' ? await ask(portal, company, { action: 'untag', ids: [anna] }) : null;
    if (!again) await inCompany(company, (db) => tags.untagCustomer(db, anna, [vip]));
    await inCompany(company, (db) => bulk.undo(db, id, user.id, new Date()));
    expect(await tagsOf(portal, company)).toEqual({ Berta: ['VIP'] });
    if (again) await inCompany(company, (db) => bulk.undo(db, again, user.id, new Date()));
    if (again) expect(await tagsOf(portal, company)).toEqual({ Anna: ['VIP'], Berta: ['VIP'] });
  });
});

test('P-09 a deletion in bulk is one entry of the audit, and its undo another', async () => {
  const company = await makeCompany(portal);
  await storePeople(
    portal.tenancy,
    company,
    Array.from({ length: 450 }, (_, n) => person({ name: `C ${n}` })),
  );
  const user = await makeUser(portal, { company });
  const id = await ask(portal, company, { action: 'delete', userId: user.id });
  await portal.runJobs();
  await inCompany(company, (db) => bulk.undo(db, id, user.id, new Date()));
  await portal.runJobs();
  const entries = await rows<{ action: string }>(
    portal,
    sql`select action from audit_entry where company_id = ${company.id}::uuid and user_id = ${user.id}::uuid order by at`,
  );
  expect(entries.map(({ action }) => action).filter((action) => !action.startsWith('tag.'))).toEqual([
    'bulk.requested',
    'bulk.undone',
  ]);
});

const listedIn = async (company: Company) =>
  (
    await rows<{ id: string }>(
      portal,
      sql`select id from customer where company_id = ${company.id}::uuid and listed order by id`,
    )
  ).map(({ id }) => id);
