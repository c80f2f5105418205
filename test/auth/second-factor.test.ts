import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import { letters, makeApp, makeCompany, makeUser, signIn, type TestApp, type TestUser, Visitor } from '../make.ts';
import { codeOf, HALF_MINUTE, makeTime, secretIn, type Time, turnOn } from './second-factor-make.ts';

let portal: TestApp;
let time: Time;
beforeAll(async () => {
  portal = await makeApp();
  time = makeTime(portal);
});
afterAll(() => portal.close());

/** Somebody with an app, and that one's browser. */
async function person() {
  const user = await makeUser(portal, { company: await makeCompany(portal) });
  const visitor = await signIn(portal, user);
  return { user, visitor, ...(await turnOn(visitor, user, time)) };
}

let shared: ReturnType<typeof person> | undefined;
/** The same one for all who only look on: setting up takes ten hashes. */
const somebody = () => {
  shared ??= person();
  return shared;
};

/** Another browser, after the right password. */
async function halfSignedIn(user: TestUser, next = '/'): Promise<Visitor> {
  const visitor = new Visitor(portal);
  await visitor.get(`/login?${new URLSearchParams({ next })}`);
  const answer = await visitor.post('/login', { email: user.email, password: user.password, next });
  expect([answer.status, answer.headers.location]).toEqual([303, '/login/code']);
  await visitor.get('/login/code');
  return visitor;
}

const isSignedIn = async (visitor: Visitor) => (await visitor.get('/profile')).status === 200;

describe('setting it up', () => {
  test('takes the password, a picture or a secret, and a first code; then ten recovery codes are shown once', async () => {
    const user = await makeUser(portal);
    const visitor = await signIn(portal, user);
    expect((await visitor.post('/profile/security', { current: 'not this' })).status).toBe(422);
    await visitor.post('/profile/security', { current: user.password });
    const shown = await visitor.get('/profile/security/setup');
    expect(shown.text).toContain('src="data:image/svg+xml;base64,');
    expect(shown.headers['cache-control']).toBe('no-store');
    expect((await visitor.post('/profile/security/setup', { code: '000000' })).status).toBe(422);
    const secret = secretIn(shown.text);
    expect(secret.replaceAll(' ', '')).toMatch(/^[A-Z2-7]{32}$/);
    const done = await visitor.post('/profile/security/setup', { code: codeOf(secret, time.now()) });
    expect(
      new Set([...done.text.matchAll(/<code>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})<\/code>/g)].map(String)).size,
    ).toBe(10);
    expect((await visitor.get('/profile/security/setup')).headers.location).toBe('/profile/security');
    expect(letterWords(await letters(portal, user.email))).toEqual(['Two-factor sign-in is on']);
  });

  test('changes the id of the session, and ends those of all other browsers', async () => {
    const user = await makeUser(portal);
    const [here, there] = [await signIn(portal, user), await signIn(portal, user)];
    const { answer } = await turnOn(here, user, time);
    expect(String(answer.headers['set-cookie'])).toContain('session=');
    expect([await isSignedIn(here), await isSignedIn(there)]).toEqual([true, false]);
  });

  test('keeps the secret sealed and the recovery codes as argon2id', async () => {
    const { user, secret, codes } = await person();
    const [kept] = await portal.database.prisma.$queryRaw<{ secret: string; hashes: string[] }[]>(sql`
      select f.secret, array_agg(r.code_hash) as hashes from second_factor f join recovery_code r using (user_id)
      where user_id = ${user.id}::uuid group by f.secret`);
    expect(kept?.secret).not.toContain(secret.replaceAll(' ', ''));
    expect(kept?.hashes.every((hash) => /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/.test(hash))).toBe(true);
    expect(JSON.stringify(kept?.hashes)).not.toContain(codes[0]?.slice(5));
  });
});

describe('signing in with a second factor', () => {
  test('goes half the way by the password, and the whole way by the code, under a new session id, where one wanted to go', async () => {
    const { user, secret } = await somebody();
    const visitor = await halfSignedIn(user, '/profile/sessions');
    const answer = await visitor.post('/login/code', { code: codeOf(secret, time.pass()) });
    expect([answer.status, answer.headers.location]).toEqual([303, '/profile/sessions']);
    expect(String(answer.headers['set-cookie'])).toContain('session=');
    expect(await isSignedIn(visitor)).toBe(true);
  });

  test('half the way opens nothing else', async () => {
    const { user } = await somebody();
    const visitor = await halfSignedIn(user);
    for (const path of [
      '/profile',
      '/profile/security',
      '/profile/sessions',
      '/companies',
      '/customers',
      '/settings/users',
    ]) {
      expect([path, (await visitor.get(path)).headers.location]).toEqual([
        path,
        expect.stringMatching(/^\/login\?next=/),
      ]);
    }
    await visitor.get('/login/code');
    expect((await visitor.post('/profile/security/removal')).headers.location).toBe('/login');
    expect((await visitor.post('/logout')).headers.location).toBe('/login');
  });

  test('a code counts once, also for two who send it at the same time', async () => {
    const { user, secret } = await somebody();
    const code = codeOf(secret, time.pass());
    const browsers = [await halfSignedIn(user), await halfSignedIn(user), await halfSignedIn(user)];
    const answers = await Promise.all(browsers.map((browser) => browser.post('/login/code', { code })));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422, 422]);
    const late = await halfSignedIn(user);
    expect((await late.post('/login/code', { code })).status).toBe(422);
  });

  test.each([
    ['of half a minute ago', -HALF_MINUTE, 303],
    ['of the next half minute', HALF_MINUTE, 303],
    ['of a minute ago', -2 * HALF_MINUTE, 422],
    ['of in a minute', 2 * HALF_MINUTE, 422],
  ])('a code %s: clocks may differ by that much and no more', async (_when, away, status) => {
    const { user, secret } = await somebody();
    time.pass(10 * HALF_MINUTE);
    const visitor = await halfSignedIn(user);
    const code = codeOf(secret, new Date(time.now().getTime() + away));
    expect((await visitor.post('/login/code', { code })).status).toBe(status);
  });

  test('begins anew when the code does not come within ten minutes', async () => {
    const { user, secret } = await somebody();
    const visitor = await halfSignedIn(user, '/companies');
    const code = codeOf(secret, time.pass(10 * 60_000 + 1));
    const answer = await visitor.post('/login/code', { code });
    expect(answer.headers.location).toBe('/login?next=%2Fcompanies');
    expect((await visitor.get('/login')).text).toContain('That took too long');
    expect(await isSignedIn(visitor)).toBe(false);
  });

  test('is over when the password changes meanwhile', async () => {
    const { user, secret, visitor } = await person();
    const other = await halfSignedIn(user);
    await visitor.get('/profile');
    await visitor.post('/profile/password', { current: user.password, password: 'a quite different one' });
    expect((await other.post('/login/code', { code: codeOf(secret, time.pass()) })).headers.location).toMatch(
      /^\/login/,
    );
  });

  test('wrong codes have to wait longer and longer, for the right one too; the counters outlive a Redis', async () => {
    const { user, secret } = await person();
    const visitor = await halfSignedIn(user);
    const tries = [];
    for (let n = 0; n < 8; n++) tries.push(await visitor.post('/login/code', { code: '000000' }));
    expect(tries.slice(0, 5).map(({ status }) => status)).toEqual([422, 422, 422, 422, 422]);
    expect(tries.at(-1)?.status).toBe(429);
    expect(Number(tries.at(-1)?.headers['retry-after'])).toBeGreaterThan(0);
    expect((await visitor.post('/login/code', { code: codeOf(secret, time.pass()) })).status).toBe(429);
    const kept = await portal.database.prisma.$queryRaw(
      sql`select 1 as one from rate_limit where key like ${`%second-factor:%${user.id}`}`,
    );
    expect(kept).not.toEqual([]);
  });

  test('guessing in somebody’s place keeps that one’s own browser waiting as little as before', async () => {
    const { user, secret, visitor } = await person();
    const stranger = await halfSignedIn(user);
    for (let n = 0; n < 7; n++) await stranger.post('/login/code', { code: '000000' });
    await visitor.post('/logout');
    await visitor.get('/login');
    await visitor.post('/login', { email: user.email, password: user.password });
    await visitor.get('/login/code');
    expect((await visitor.post('/login/code', { code: codeOf(secret, time.pass()) })).status).toBe(303);
  });
});

describe('a recovery code', () => {
  test('lets in once, however it is written, and the person is told how many are left', async () => {
    const { user, codes } = await person();
    const [first = '', second = ''] = codes;
    const visitor = await halfSignedIn(user);
    expect((await visitor.post('/login/code', { code: first.toLowerCase().replaceAll('-', ' ') })).status).toBe(303);
    expect((await visitor.get('/profile/security')).text).toContain('9 codes are left');
    expect((await letters(portal, user.email))[0]?.body).toContain('9 are left');
    const again = await halfSignedIn(user);
    expect((await again.post('/login/code', { code: first })).status).toBe(422);
    expect((await again.post('/login/code', { code: second })).status).toBe(303);
  });

  test('of two who bring the same one at once lets one in', async () => {
    const { user, codes } = await person();
    const browsers = [await halfSignedIn(user), await halfSignedIn(user)];
    const answers = await Promise.all(browsers.map((browser) => browser.post('/login/code', { code: codes[3] ?? '' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422]);
  });

  test('opens nothing once new ones were made, for which password and code are asked', async () => {
    const { user, secret, visitor, codes } = await person();
    const fields = { current: user.password, code: codeOf(secret, time.pass()) };
    expect((await visitor.post('/profile/security/codes', { ...fields, code: '000000' })).status).toBe(422);
    expect((await visitor.post('/profile/security/codes', { ...fields, current: 'not this' })).status).toBe(422);
    const made = await visitor.post('/profile/security/codes', fields);
    expect(made.text).not.toContain(codes[0]);
    expect(made.text).toContain('download="clientele-recovery-codes.txt"');
    const other = await halfSignedIn(user);
    expect((await other.post('/login/code', { code: codes[0] ?? '' })).status).toBe(422);
  });
});

describe('turning it off, and changing it', () => {
  test('off needs password and code, signs out everywhere else, and is told', async () => {
    const { user, secret, visitor } = await person();
    const other = await halfSignedIn(user);
    await other.post('/login/code', { code: codeOf(secret, time.pass()) });
    const code = codeOf(secret, time.pass());
    expect((await visitor.post('/profile/security/removal', { current: 'wrong', code })).status).toBe(422);
    expect((await visitor.post('/profile/security/removal', { current: user.password, code })).status).toBe(303);
    expect([await isSignedIn(visitor), await isSignedIn(other)]).toEqual([true, false]);
    expect((await letters(portal, user.email))[0]?.subject).toBe('Two-factor sign-in is off');
    await expect(signIn(portal, user)).resolves.toBeInstanceOf(Visitor);
  });

  test('the app one has goes on until the new one has shown a code; then only the new one counts', async () => {
    const { user, secret, visitor } = await person();
    await visitor.post('/profile/security/device', { current: user.password, code: codeOf(secret, time.pass()) });
    const fresh = secretIn((await visitor.get('/profile/security/setup')).text);
    expect(fresh).not.toBe(secret);
    const meanwhile = await halfSignedIn(user);
    expect((await meanwhile.post('/login/code', { code: codeOf(secret, time.pass()) })).status).toBe(303);
    await visitor.get('/profile/security/setup');
    await visitor.post('/profile/security/setup', { code: codeOf(fresh, time.pass()) });
    const later = await halfSignedIn(user);
    expect((await later.post('/login/code', { code: codeOf(secret, time.pass()) })).status).toBe(422);
    expect((await later.post('/login/code', { code: codeOf(fresh, time.now()) })).status).toBe(303);
  });
});

describe('nothing goes around it:', () => {
  test('a password reset leads to the code', async () => {
    const { user, secret } = await person();
    const visitor = new Visitor(portal);
    await visitor.get('/password/forgot');
    await visitor.post('/password/forgot', { email: user.email });
    await portal.runJobs();
    const link = /\/password\/reset\/\S+/.exec((await letters(portal, user.email))[0]?.body ?? '')?.[0] ?? '';
    await visitor.get(link);
    const answer = await visitor.post(link, { password: 'chosen after the letter' });
    expect(answer.headers.location).toBe('/login/code');
    expect(await isSignedIn(visitor)).toBe(false);
    await visitor.get('/login/code');
    expect((await visitor.post('/login/code', { code: codeOf(secret, time.pass()) })).status).toBe(303);
  });

  test('an invitation leads to the sign-in, and that to the code', async () => {
    const { user } = await person();
    const company = await makeCompany(portal);
    const owner = await signIn(portal, await makeUser(portal, { company }));
    await owner.get('/settings/users');
    await owner.post('/settings/users', { email: user.email, role: 'viewer' });
    const link = /\/invitations\/\S+/.exec((await letters(portal, user.email))[0]?.body ?? '')?.[0] ?? '';
    const visitor = await halfSignedIn(user, link);
    await visitor.get(link);
    expect((await visitor.post(link)).headers.location).toBe(`/login?${new URLSearchParams({ next: link })}`);
  });
});

const letterWords = (all: { subject: string }[]) => all.map(({ subject }) => subject);
