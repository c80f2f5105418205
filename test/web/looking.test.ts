import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { routes } from '../../src/routes.ts';
import { makeWorld, pathOf, type World } from '../isolation/world.ts';
import { makeUser, signIn } from '../make.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.close());

// What looking leaves: where one is signed in and seen, how often something was asked, whose reviews were seen first, that a file was taken.
const TRACES = new Set([
  'session',
  'sign_in',
  'rate_limit',
  'api_key',
  'review_look',
  'export_download',
  'audit_entry',
]);

test('changes nothing, whatever page it is and whoever looks', async () => {
  const { portal, b, idsOfB } = world;
  const everybody = [
    await signIn(portal, await makeUser(portal, { company: b })),
    await signIn(portal, await makeUser(portal, { company: b, admin: true, moderator: true })),
  ];
  const before = await everything();
  const looked: string[] = [];
  for (const route of routes.filter(
    ({ method, permission }) => method === 'GET' && !/^(?:api:|webhook|loopback)/.test(permission),
  )) {
    const path = pathOf(route, (kind) => (kind === 'token' ? 'none' : idsOfB[kind]));
    for (const visitor of everybody) {
      const { status } = await visitor.get(path);
      expect([path, status < 500]).toEqual([path, true]);
      if (status === 200) looked.push(path);
    }
  }
  expect(await everything()).toEqual(before);
  expect(looked.length).toBeGreaterThan(60);
});

/** Each table with the digest of all that stands in it. */
async function everything(): Promise<Record<string, string>> {
  const { pool } = world.portal.database;
  const { rows: tables } = await pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const found: Record<string, string> = {};
  for (const { name } of tables.filter((each) => !TRACES.has(each.name))) {
    const digest = `select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) as digest from "${name}" t`;
    found[name] = (await pool.query<{ digest: string }>(digest)).rows[0]?.digest ?? '';
  }
  return found;
}
