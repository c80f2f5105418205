import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import { letters, makeApp, makeUser, signIn, type TestApp, type TestUser, Visitor } from '../make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

async function ask(email: string) {
  const visitor = new Visitor(portal);
  await visitor.get('/password/forgot');
  const answer = await visitor.post('/password/forgot', { email });
  await portal.runJobs();
  return { answer, csrf: visitor.csrf };
}

async function linkFor(user: TestUser): Promise<string> {
  await ask(user.email);
  const [letter] = await letters(portal, user.email);
  return /http:\/\/localhost:3000(\S+)/.exec(letter?.body ?? '')?.[1] ?? '';
}

async function follow(path: string, password: string) {
  const visitor = new Visitor(portal);
  // A link that is dead shows no form: the token comes from another one.
  await visitor.get('/login');
  const shown = await visitor.get(path);
  return { shown, visitor, answer: await visitor.post(path, { password }) };
}

const canSignIn = async (user: TestUser, password: string) => {
  const visitor = new Visitor(portal);
  await visitor.get('/login');
  return (await visitor.post('/login', { email: user.email, password })).status === 303;
};

describe('a forgotten password', () => {
  test('is replaced by the link of the letter, which signs in and ends every other session', async () => {
    const user = await makeUser(portal);
    const elsewhere = await signIn(portal, user);
    const { answer, visitor } = await follow(await linkFor(user), 'a new password');
    expect(answer.status).toBe(303);
    expect((await visitor.get('/profile')).status).toBe(200);
    expect((await elsewhere.get('/profile')).status).toBe(303);
    expect(await canSignIn(user, 'a new password')).toBe(true);
    expect(await canSignIn(user, user.password)).toBe(false);
  });

  test('the link opens once', async () => {
    const user = await makeUser(portal);
    const link = await linkFor(user);
    await follow(link, 'the first password');
    const { shown, answer } = await follow(link, 'the second password');
    expect([shown.status, answer.status]).toEqual([404, 404]);
    expect(await canSignIn(user, 'the first password')).toBe(true);
  });

  test('of two who follow the link at once, one is too late', async () => {
    const user = await makeUser(portal);
    const link = await linkFor(user);
    const visitors = [new Visitor(portal), new Visitor(portal)];
    for (const visitor of visitors) await visitor.get(link);
    const answers = await Promise.all(
      visitors.map((visitor, n) => visitor.post(link, { password: `umbrella no ${n}` })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 404]);
  });

  test('the link is good for 30 minutes', async () => {
    const user = await makeUser(portal);
    const link = await linkFor(user);
    portal.setNow(new Date(Date.now() + 31 * 60_000));
    const { shown, answer } = await follow(link, 'a new password');
    portal.setNow(null);
    expect([shown.status, answer.status]).toEqual([404, 404]);
    expect(await canSignIn(user, user.password)).toBe(true);
  });

  test('with the new password every other link of that person is dead', async () => {
    const user = await makeUser(portal);
    const first = await linkFor(user);
    const second = await linkFor(user);
    await follow(second, 'a new password');
    expect((await follow(first, 'another password')).answer.status).toBe(404);
  });

  test('a password that is too short is refused, and the link stays good', async () => {
    const user = await makeUser(portal);
    const link = await linkFor(user);
    const { answer } = await follow(link, 'short');
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('At least 8 characters.');
    expect((await follow(link, 'long enough')).answer.status).toBe(303);
  });

  test('the answer does not say whether there is an account, and strangers get no letter', async () => {
    const user = await makeUser(portal);
    const texts = [];
    for (const email of [user.email, 'stranger@example.com']) {
      const { answer, csrf } = await ask(email);
      texts.push([answer.status, answer.text.replaceAll(email, 'E').replaceAll(csrf, 'C')]);
    }
    expect(texts[0]).toEqual(texts[1]);
    expect(await letters(portal, 'stranger@example.com')).toEqual([]);
  });

  test('nobody’s mailbox is filled by others', async () => {
    const user = await makeUser(portal);
    for (let times = 0; times < 6; times++) expect((await ask(user.email)).answer.status).toBe(200);
    expect((await letters(portal, user.email)).length).toBeLessThanOrEqual(3);
  });

  test('a link that opens nothing is said to be dead whatever password is sent', async () => {
    const { answer } = await follow('/password/reset/nobody-has-this-one', 'short');
    expect(answer.status).toBe(404);
  });

  test('one address follows a limited number of links', async () => {
    const fresh = await makeApp();
    const visitor = new Visitor(fresh);
    await visitor.get('/login');
    const statuses: number[] = [];
    for (let times = 0; times < 61; times++) statuses.push((await visitor.post('/password/reset/x')).status);
    await fresh.close();
    expect(statuses).toEqual([...Array(60).fill(404), 429]);
  });

  test('the database keeps no link, only its hash', async () => {
    const user = await makeUser(portal);
    const token = (await linkFor(user)).split('/').at(-1);
    const rows = await portal.database.prisma.$queryRaw<{ token_hash: string }[]>(
      sql`select token_hash from password_reset where user_id = ${user.id}::uuid`,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.token_hash).not.toContain(token);
  });

  test('a user who is kept out gets neither letter nor session', async () => {
    const user = await makeUser(portal);
    const link = await linkFor(user);
    await portal.database.prisma.$executeRaw(sql`update app_user set disabled_at = now() where id = ${user.id}::uuid`);
    const { answer, visitor } = await follow(link, 'a new password');
    expect(answer.status).toBe(404);
    expect((await visitor.get('/profile')).status).toBe(303);
    const before = (await letters(portal, user.email)).length;
    await ask(user.email);
    expect(await letters(portal, user.email)).toHaveLength(before);
  });
});
