import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeApp, makeCompany, makeUser, memberOf, signIn, type TestApp } from '../make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

describe('the people of a company', () => {
  test('an owner changes a role, and it counts from the next page on', async () => {
    const company = await makeCompany(portal);
    const owner = await memberOf(portal, company);
    const user = await makeUser(portal, { company, role: 'viewer' });
    const visitor = await signIn(portal, user);
    expect((await visitor.get('/settings/users')).status).toBe(403);
    expect((await owner.post(`/settings/users/${user.id}`, { role: 'owner' })).status).toBe(303);
    expect((await visitor.get('/settings/users')).status).toBe(200);
  });

  test('an owner removes somebody after a second question, and their session opens nothing more', async () => {
    const company = await makeCompany(portal);
    const owner = await memberOf(portal, company);
    const user = await makeUser(portal, { company, role: 'manager' });
    const visitor = await signIn(portal, user);
    const asked = await owner.get(`/settings/users/${user.id}/removal`);
    expect(asked.text).toContain(`Remove ${user.name}?`);
    expect((await visitor.get('/notices')).status).toBe(200);
    expect((await owner.post(`/settings/users/${user.id}/removal`)).status).toBe(303);
    expect((await visitor.get('/notices')).status).toBe(403);
  });

  test('the last owner can neither leave nor step down', async () => {
    const company = await makeCompany(portal);
    const user = await makeUser(portal, { company });
    const owner = await signIn(portal, user);
    const down = await owner.post(`/settings/users/${user.id}`, { role: 'viewer' });
    expect([down.status, down.text.includes('A company needs an owner')]).toEqual([422, true]);
    expect((await owner.post(`/settings/users/${user.id}/removal`)).status).toBe(422);
    expect((await owner.get('/settings/users')).status).toBe(200);
  });

  test('two owners who remove each other at once leave one', async () => {
    const company = await makeCompany(portal);
    const users = [await makeUser(portal, { company }), await makeUser(portal, { company })];
    const visitors = await Promise.all(users.map((user) => signIn(portal, user)));
    await Promise.all(visitors.map((visitor, n) => visitor.post(`/settings/users/${users[1 - n]?.id}/removal`)));
    const opened = await Promise.all(visitors.map((visitor) => visitor.get('/settings/users')));
    expect(opened.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('people of another company are not there', async () => {
    const owner = await memberOf(portal, await makeCompany(portal));
    const other = await makeUser(portal, { company: await makeCompany(portal) });
    for (const path of [`/settings/users/${other.id}`, `/settings/users/${other.id}/removal`]) {
      expect((await owner.get(path)).status).toBe(404);
      expect((await owner.post(path, { role: 'viewer' })).status).toBe(404);
    }
  });
});
