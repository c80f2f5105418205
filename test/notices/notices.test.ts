import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as notices from '../../src/notices/notices.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { makeApp, makeCompany, makeUser, memberOf, signIn, type TestApp, type TestUser } from '../make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

// A kind without words shows its key: here only who sees it counts.
const post = (company: Company, user: TestUser | null, kind: string) =>
  portal.tenancy.inCompany(company, (db) =>
    notices.post(db, { userId: user?.id ?? null, kind, data: { path: '/exports' } }),
  );

const idIn = (text: string) => /notices\/([0-9a-f-]{36})\/read/.exec(text)?.[1];

describe('a notice in the cabinet', () => {
  test('is counted by the bell until it is read', async () => {
    const company = await makeCompany(portal);
    const user = await makeUser(portal, { company });
    const visitor = await signIn(portal, user);
    await post(company, user, 'one');
    await post(company, null, 'two');
    const { text } = await visitor.get('/notices');
    expect(text).toContain('2 unread notices');
    expect(text).toContain('href="/exports"');
    await visitor.post(`/notices/${idIn(text)}/read`);
    expect((await visitor.get('/notices')).text).toContain('1 unread notice');
    await visitor.post('/notices/read');
    expect((await visitor.get('/profile')).text).toContain('aria-label="Notices"');
  });

  test('for one person is there for nobody else, of the company or of another', async () => {
    const company = await makeCompany(portal);
    const user = await makeUser(portal, { company });
    const owner = await signIn(portal, user);
    await post(company, user, 'mine');
    const id = idIn((await owner.get('/notices')).text);
    for (const other of [await memberOf(portal, company), await memberOf(portal, await makeCompany(portal))]) {
      expect((await other.get('/notices')).text).not.toContain('notices.kind.mine');
      expect((await other.post(`/notices/${id}/read`)).status).toBe(404);
      await other.post('/notices/read');
    }
    expect((await owner.get('/notices')).text).toContain('1 unread notice');
  });

  test('older ones are on the next page', async () => {
    const company = await makeCompany(portal);
    const visitor = await memberOf(portal, company);
    for (let number = 1; number <= 21; number++) await post(company, null, `n${number}`);
    const { text } = await visitor.get('/notices');
    expect(text).not.toMatch(/kind\.n1</);
    const older = /notices\?before&#x3D;([^"]+)"/.exec(text)?.[1];
    expect((await visitor.get(`/notices?before=${older}`)).text).toMatch(/kind\.n1</);
  });
});
