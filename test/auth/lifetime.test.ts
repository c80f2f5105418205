import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { sql } from '../../src/platform/db.ts';
import { makeApp, makeCompany, makeUser, signIn, type TestApp, Visitor } from '../make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const HOUR = 3600_000;

/** Somebody who is signed in, and the row of that session. */
async function signedIn() {
  const user = await makeUser(portal, { company: await makeCompany(portal) });
  const visitor = await signIn(portal, user);
  const age = (hours: number) =>
    portal.database.prisma.$executeRaw(sql`
      update session set sess = jsonb_set(sess::jsonb, '{signedInAt}', to_jsonb(${Date.now() - hours * HOUR}::bigint))
      where sess ->> 'userId' = ${user.id}`);
  const rest = (hours: number) =>
    portal.database.prisma.$executeRaw(sql`
      update session set expire = expire - make_interval(hours => ${hours}::int) where sess ->> 'userId' = ${user.id}`);
  return { user, visitor, age, rest, isIn: async () => (await visitor.get('/profile')).status === 200 };
}

describe('a session', () => {
  test('that nobody used for twelve hours is over', async () => {
    const { rest, isIn } = await signedIn();
    await rest(11);
    expect(await isIn()).toBe(true);
    await rest(13);
    expect(await isIn()).toBe(false);
  });

  test('is over after seven days, however much it is used, and cannot be taken up again', async () => {
    const { visitor, age, isIn } = await signedIn();
    await age(7 * 24 - 1);
    expect(await isIn()).toBe(true);
    await age(7 * 24 + 1);
    const answer = await visitor.get('/customers');
    expect([answer.status, answer.headers.location]).toEqual([303, '/login?next=%2Fcustomers']);
    await age(1);
    expect(await isIn()).toBe(false);
  });

  test('is known to the server alone: what a browser makes up or changes opens nothing', async () => {
    const { user } = await signedIn();
    const visitor = new Visitor(portal);
    await visitor.get('/login');
    const answer = await visitor.post('/login', { email: user.email, password: user.password });
    const cookie = /session=([^;]+)/.exec(String(answer.headers['set-cookie']))?.[1] ?? '';
    const open = async (value: string) =>
      (await request(portal.app).get('/profile').set('Cookie', `session=${value}`)).status === 200;
    expect(await open(cookie)).toBe(true);
    const [id = ''] = decodeURIComponent(cookie).slice(2).split('.');
    for (const forged of [id, `s%3A${id}`, `s%3A${id}.`, `s%3A${id}.${'A'.repeat(43)}`, cookie.slice(0, -2), user.id]) {
      expect([forged, await open(forged)]).toEqual([forged, false]);
    }
  });

  test('that signed out opens nothing where its cookie was copied to, and the browser is told to forget the pages', async () => {
    const { visitor, user } = await signedIn();
    const copied = new Visitor(portal);
    await copied.get('/login');
    const entered = await copied.post('/login', { email: user.email, password: user.password });
    const cookie = /session=[^;]+/.exec(String(entered.headers['set-cookie']))?.[0] ?? '';
    await copied.get('/profile');
    const left = await copied.post('/logout');
    expect(left.headers['clear-site-data']).toContain('"cache"');
    expect((await request(portal.app).get('/profile').set('Cookie', cookie)).status).toBe(303);
    expect((await visitor.get('/profile')).status).toBe(200);
  });
});

test('a new portal has no user and no key: nobody can sign in before somebody was made', async () => {
  const own = await makeApp();
  const [found] = await own.database.prisma.$queryRaw<object[]>(
    sql`select (select count(*)::int from app_user) as users, (select count(*)::int from api_key) as keys`,
  );
  expect(found).toEqual({ users: 0, keys: 0 });
  await own.close();
});
