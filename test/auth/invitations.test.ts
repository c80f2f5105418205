import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Company } from '../../src/tenancy/company.ts';
import { letters, makeApp, makeCompany, makeUser, memberOf, signIn, type TestApp, Visitor } from '../make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

let people = 0;
const newEmail = () => `new-${++people}@example.com`;

async function invite(company: Company, email: string, role = 'manager') {
  const owner = await memberOf(portal, company);
  const answer = await owner.post('/settings/users', { email, role });
  const [letter] = await letters(portal, email);
  const link = /http:\/\/localhost:3000(\S+)/.exec(letter?.body ?? '')?.[1] ?? '';
  return { owner, answer, letter, link };
}

/** Somebody nobody is signed in as, who has seen a form. */
async function stranger() {
  const visitor = new Visitor(portal);
  await visitor.get('/login');
  return visitor;
}

const somebody = { name: 'Somebody New', password: 'a grey umbrella' };

describe('an invitation', () => {
  test('brings somebody new into the company, with the role that was chosen', async () => {
    const company = await makeCompany(portal, { name: 'Beehive' });
    const email = newEmail();
    const { owner, letter, link } = await invite(company, email, 'viewer');
    expect(letter?.subject).toContain('Beehive');
    const visitor = await stranger();
    expect((await visitor.get(link)).text).toContain(email);
    expect((await visitor.post(link, somebody)).status).toBe(303);
    expect((await visitor.get('/notices')).text).toContain('Beehive');
    expect((await visitor.get('/settings/users')).status).toBe(403);
    const list = (await owner.get('/settings/users')).text;
    expect(list).toContain('Somebody New');
    expect(list).not.toContain('Invited, until');
  });

  test('lets somebody who has an account sign in and join, and nobody take the account over', async () => {
    const company = await makeCompany(portal);
    const user = await makeUser(portal);
    const { link } = await invite(company, user.email);
    const visitor = await stranger();
    expect((await visitor.get(link)).text).not.toContain('name="password"');
    const taken = await visitor.post(link, somebody);
    expect(taken.headers.location).toMatch(/^\/login/);
    await visitor.get('/login');
    await visitor.post('/login', { email: user.email, password: user.password, next: link });
    await visitor.get(link);
    expect((await visitor.post(link)).status).toBe(303);
    expect((await visitor.get('/notices')).text).toContain(company.name);
  });

  test('says so when somebody else is signed in, and then lets them join', async () => {
    const company = await makeCompany(portal);
    const invited = newEmail();
    const { link } = await invite(company, invited);
    const user = await makeUser(portal, { company: await makeCompany(portal) });
    const visitor = await signIn(portal, user);
    const { text } = await visitor.get(link);
    expect(text).toContain(invited);
    expect(text).toContain(user.email);
    await visitor.post(link);
    expect((await visitor.get('/notices')).text).toContain(company.name);
  });

  test('opens once', async () => {
    const { link } = await invite(await makeCompany(portal), newEmail());
    await (await stranger()).post(link, somebody);
    const second = await stranger();
    expect((await second.get(link)).status).toBe(404);
    expect((await second.post(link, somebody)).status).toBe(404);
  });

  test('of two who accept at once, one is too late', async () => {
    const { link } = await invite(await makeCompany(portal), newEmail());
    const visitors = [await stranger(), await stranger()];
    const answers = await Promise.all(visitors.map((visitor) => visitor.post(link, somebody)));
    expect(answers.filter(({ status, headers }) => status === 303 && headers.location === '/')).toHaveLength(1);
  });

  test('opens nothing any more when it was withdrawn, replaced, or is older than a week', async () => {
    const company = await makeCompany(portal);
    const email = newEmail();
    const first = await invite(company, email);
    const second = await invite(company, email);
    expect((await (await stranger()).get(first.link)).status).toBe(404);
    const id = /invitations\/([0-9a-f-]+)\/revocation/.exec((await second.owner.get('/settings/users')).text)?.[1];
    expect((await second.owner.post(`/settings/invitations/${id}/revocation`)).status).toBe(303);
    expect((await (await stranger()).get(second.link)).status).toBe(404);
    const third = await invite(company, email);
    portal.setNow(new Date(Date.now() + 8 * 24 * 3600_000));
    const late = await (await stranger()).get(third.link);
    portal.setNow(null);
    expect(late.status).toBe(404);
  });

  test('is not sent to a member, nor to what is no address; what was typed is kept', async () => {
    const company = await makeCompany(portal);
    const member = await makeUser(portal, { company, role: 'viewer' });
    const { answer } = await invite(company, member.email);
    expect([answer.status, answer.text.includes('is in the company already')]).toEqual([422, true]);
    const { answer: wrong } = await invite(company, 'no address');
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('value="no address"');
  });
});
