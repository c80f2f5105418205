import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readBrowser } from '../../src/auth/sign-ins/browser.ts';
import { sql } from '../../src/platform/db.ts';
import { makeApp, makeUser, signIn, type TestApp, type TestUser, Visitor } from '../make.ts';
import { redisUrl } from '../setup/redis.ts';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0';

describe.each([
  ['PostgreSQL', () => ({})],
  ['Redis', () => ({ REDIS_URL: redisUrl() })],
])('with sessions in %s', (_where, settings) => {
  let portal: TestApp;
  let user: TestUser;
  let here: Visitor;
  let there: Visitor;
  beforeAll(async () => {
    portal = await makeApp(settings());
    user = await makeUser(portal);
    here = await signIn(portal, user);
    there = await browserOf(portal, user);
  });
  afterAll(() => portal.close());

  test('the page names each browser, since when it is signed in, and which one is this', async () => {
    const { text } = await here.get('/profile/sessions');
    expect(rows(text)).toEqual([
      expect.objectContaining({ where: 'Unknown browser', here: true, ending: null }),
      expect.objectContaining({ where: 'Firefox 141 on Linux', here: false, ending: expect.any(String) }),
    ]);
    expect(text).toContain('127.0.0.1');
  });

  test('one that is ended is refused at its next request; this one goes on', async () => {
    const [, other] = rows((await here.get('/profile/sessions')).text);
    expect((await here.post(other?.ending ?? '')).status).toBe(303);
    expect((await there.get('/profile')).headers.location).toBe('/login?next=%2Fprofile');
    expect((await here.get('/profile')).status).toBe(200);
    expect((await here.post(other?.ending ?? '')).status).toBe(404);
  });

  test('all others end at once', async () => {
    const others = [await browserOf(portal, user), await browserOf(portal, user)];
    await here.get('/profile/sessions');
    await here.post('/profile/other-sessions/ending');
    const states = await Promise.all([here, ...others].map(async (one) => (await one.get('/profile')).status));
    expect(states).toEqual([200, 303, 303]);
    expect((await here.get('/profile/sessions')).text).toContain('You are signed in nowhere else.');
  });
});

describe('a session', () => {
  let portal: TestApp;
  beforeAll(async () => {
    portal = await makeApp();
  });
  afterAll(() => portal.close());

  test('of somebody else cannot be ended', async () => {
    const [mine, theirs] = [await signIn(portal, await makeUser(portal)), await signIn(portal, await makeUser(portal))];
    const [row] = await portal.database.prisma.$queryRaw<{ id: string }[]>(
      sql`select id from sign_in order by created_at desc, id desc limit 1`,
    );
    await mine.get('/profile/sessions');
    expect((await mine.post(`/profile/sessions/${row?.id}/ending`)).status).toBe(404);
    expect((await theirs.get('/profile')).status).toBe(200);
  });

  test('ends when the password changes, and when one signs out it is listed no more', async () => {
    const user = await makeUser(portal);
    const [here, there] = [await signIn(portal, user), await browserOf(portal, user)];
    await here.post('/profile/password', { current: user.password, password: 'something quite new' });
    expect([(await here.get('/profile')).status, (await there.get('/profile')).status]).toEqual([200, 303]);
    expect(rows((await here.get('/profile/sessions')).text)).toHaveLength(1);
    await here.get('/profile');
    await here.post('/logout');
    expect(await seenAt(portal, user)).toEqual([]);
  });

  test('is written down as seen every five minutes, not with every page', async () => {
    const user = await makeUser(portal);
    const visitor = await signIn(portal, user);
    const [first] = await seenAt(portal, user);
    const later = async (minutes: number) => {
      portal.setNow(new Date((first?.getTime() ?? 0) + minutes * 60_000));
      await visitor.get('/profile');
      return ((await seenAt(portal, user))[0]?.getTime() ?? 0) - (first?.getTime() ?? 0);
    };
    expect([await later(4), await later(6), await later(9)]).toEqual([0, 6 * 60_000, 6 * 60_000]);
    portal.setNow(null);
  });

  test('of the version before, which wrote down nowhere who is signed in, goes on and is listed', async () => {
    const visitor = await signIn(portal, await makeUser(portal));
    await portal.database.prisma.$executeRaw(
      sql`update session set sess = (sess::jsonb - 'signInId')::json where sess ->> 'userId' is not null`,
    );
    expect((await visitor.get('/profile')).status).toBe(200);
    expect(rows((await visitor.get('/profile/sessions')).text).filter(({ here }) => here)).toHaveLength(1);
  });

  test('all of a user are ended by an administrator, and it is written down', async () => {
    const user = await makeUser(portal);
    const [admin, theirs] = [await signIn(portal, await makeUser(portal, { admin: true })), await signIn(portal, user)];
    await admin.get(`/admin/users/${user.id}/sessions-ending`);
    expect((await admin.post(`/admin/users/${user.id}/sessions-ending`)).status).toBe(303);
    expect((await theirs.get('/profile')).status).toBe(303);
    expect(await deeds(portal, user)).toContain('signIn.ended');
  });
});

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
    'Edge 140',
    'Windows',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
    'Safari 18',
    'macOS',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    'Safari 18',
    'iOS',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.7339.39 Mobile/15E148 Safari/604.1',
    'Chrome 140',
    'iOS',
  ],
  [
    'Mozilla/5.0 (Linux; Android 15; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36',
    'Samsung Internet 28',
    'Android',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36 OPR/123.0.0.0',
    'Opera 123',
    'Windows',
  ],
  [FIREFOX, 'Firefox 141', 'Linux'],
  [
    'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    'Chrome 140',
    'ChromeOS',
  ],
  ['curl/8.5.0', 'curl 8', null],
  ['', null, null],
])('%s', (userAgent, browser, system) => {
  expect(readBrowser(userAgent)).toEqual({ browser, system });
});

async function browserOf(portal: TestApp, user: TestUser): Promise<Visitor> {
  const visitor = new Visitor(portal);
  visitor.agent.set('User-Agent', FIREFOX);
  await visitor.get('/login');
  await visitor.post('/login', { email: user.email, password: user.password });
  await visitor.get('/profile');
  return visitor;
}

const seenAt = async ({ database }: TestApp, { id }: TestUser) =>
  (
    await database.prisma.$queryRaw<{ at: Date }[]>(
      sql`select seen_at as at from sign_in where user_id = ${id}::uuid order by id`,
    )
  ).map(({ at }) => at);

const deeds = async ({ database }: TestApp, { id }: TestUser) =>
  (
    await database.prisma.$queryRaw<{ action: string }[]>(
      sql`select action from audit_entry where subject ->> 'id' = ${id}`,
    )
  ).map(({ action }) => action);

const rows = (html: string) =>
  [...html.matchAll(/<tr>\s*<td><strong>([\s\S]*?)<\/tr>/g)].map(([, row = '']) => ({
    where: row.slice(0, row.indexOf('<')),
    here: row.includes('this one'),
    ending: /action="(\/profile\/sessions\/[^"]*)"/.exec(row)?.[1] ?? null,
  }));
