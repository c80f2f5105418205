import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import { person, storePeople } from '../customers/make.ts';
import { textOf } from '../customers/shop.ts';
import { makeApp, makeCompany, makeUser, memberOf, type TestApp } from '../make.ts';
import { rows } from '../tags/make.ts';
import { ask } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

async function makeOne() {
  const company = await makeCompany(portal);
  const anna = person({ name: 'Anna' });
  await storePeople(portal.tenancy, company, [anna]);
  const owner = await memberOf(portal, company);
  const user = await makeUser(portal, { company, name: 'Olga Second' });
  const history = async (query = '') =>
    textOf((await owner.get(`/customers/${anna.id}/history${query}`)).text).replace(/^.*?History/, '');
  return { company, id: anna.id, user, history };
}

describe('P-67 the history of a customer tells what was done to very many', () => {
  test('a tag given, and one taken off, by whom, and nothing is written for each', async () => {
    const { company, user, history } = await makeOne();
    await ask(portal, company, { name: 'Опт "&"', userId: user.id });
    await portal.runJobs();
    expect(await history()).toMatch(/Tag added Olga Second.*Опт "&"/);
    await ask(portal, company, { name: 'Опт "&"', action: 'untag', userId: user.id });
    await portal.runJobs();
    expect(await history()).toMatch(/Tag removed Olga Second.*Опт "&"/);
    const written = sql`select from customer_change where company_id = ${company.id}::uuid`;
    expect(await rows(portal, written)).toEqual([]);
  });

  test('what was done to few stands there once', async () => {
    const { company, id, user, history } = await makeOne();
    await ask(portal, company, { name: 'Opt', ids: [id], userId: user.id });
    expect((await history()).match(/Olga Second/g)).toHaveLength(1);
  });

  test('is read on behind it, page by page', async () => {
    const { company, id, user, history } = await makeOne();
    await rows(
      portal,
      sql`insert into customer_change (company_id, id, customer_id, action, changes, at)
      select ${company.id}::uuid, gen_random_uuid(), ${id}::uuid, 'edited',
        jsonb_build_array(jsonb_build_object('field', 'note', 'before', null, 'after', 'note ' || n || '.')),
        now() - n * interval '1 day' from generate_series(1, 60) n`,
    );
    const bulk = await ask(portal, company, { name: 'Opt', userId: user.id });
    await portal.runJobs();
    const first = await history();
    expect([first.includes('Opt'), first.includes('note 49.'), first.includes('note 50.')]).toEqual([
      true,
      true,
      false,
    ]);
    const second = await history(`?before=${bulk}`);
    expect([second.includes('Opt'), second.includes('note 1.')]).toEqual([false, true]);
  });
});
