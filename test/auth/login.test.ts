import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createUser, newUser } from '../../src/auth/auth.ts';
import { sql } from '../../src/platform/db.ts';
import { hiddenField, makeApp, makeCompany, makeUser, signIn, type TestApp, Visitor } from '../make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

describe('signing in', () => {
  test('opens the portal, with a session id that was not known before', async () => {
    const user = await makeUser(portal);
    const visitor = new Visitor(portal);
    const shown = await visitor.get('/login');
    const before = sessionOf(shown.headers);
    const answer = await visitor.post('/login', { email: user.email, password: user.password });
    expect(answer.status).toBe(303);
    expect(sessionOf(answer.headers)).not.toBe(before);
    expect(before).not.toBe('');
  });

  test('is by a password that is kept as argon2id with 19 MiB and two passes', async () => {
    const person = { email: 'kept@example.com', name: 'Kept', password: 'a password of her own' };
    const id = await portal.tenancy.inPortal((db) => createUser(db, newUser.parse(person), null));
    const [kept] = await portal.database.prisma.$queryRaw<{ hash: string }[]>(
      sql`select password_hash as hash from app_user where id = ${id}::uuid`,
    );
    expect(kept?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    await expect(signIn(portal, { id, ...person })).resolves.toBeInstanceOf(Visitor);
  });

  test('says the same of a wrong password and of an unknown account', async () => {
    const user = await makeUser(portal);
    const answers = [];
    for (const email of [user.email, 'nobody@example.com']) {
      const visitor = new Visitor(portal);
      await visitor.get('/login');
      const { status, text } = await visitor.post('/login', { email, password: 'not this one' });
      answers.push({ status, text: normal(text, email, visitor.csrf) });
    }
    expect(answers[0]?.status).toBe(422);
    expect(answers[0]).toEqual(answers[1]);
  });

  test.each([
    '//evil.example',
    '/\\evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    '/.\\/evil.example',
    '/\t/evil.example',
    'https://evil.example/',
  ])('leads back to a page of this site alone, never to %j', async (next) => {
    const user = await makeUser(portal, { company: await makeCompany(portal) });
    const visitor = new Visitor(portal);
    expect(hiddenField((await visitor.get(`/login?${new URLSearchParams({ next })}`)).text, 'next')).toBe('/');
    const answer = await visitor.post('/login', { email: user.email, password: user.password, next });
    expect([answer.status, answer.headers.location]).toEqual([303, '/']);
    expect((await visitor.get(`/login?${new URLSearchParams({ next })}`)).headers.location).toBe('/');
  });

  test('takes one e-mail and one password of the form, nothing of the address', async () => {
    const { email, password } = await makeUser(portal);
    const visitor = new Visitor(portal);
    await visitor.get('/login');
    for (const fields of [
      { email: [email, email], password },
      { email, password: [password, password] },
      { email, 'password[x]': password },
      { email },
      {},
    ]) {
      const answer = await visitor.post('/login', fields as Record<string, string | string[]>);
      expect([answer.status, answer.text.includes('Sign in')]).toEqual([422, true]);
    }
    const query = new URLSearchParams({ email, password });
    expect((await visitor.post(`/login?${query}`)).status).toBe(422);
  });

  test('ends by signing out: the old cookie opens nothing', async () => {
    const visitor = await signIn(portal, await makeUser(portal));
    expect((await visitor.get('/login')).status).toBe(303);
    expect((await visitor.post('/logout')).headers.location).toBe('/login');
    expect((await visitor.get('/login')).status).toBe(200);
  });
});

const sessionOf = (headers: Record<string, unknown>) =>
  /session=([^;]*)/.exec(String(headers['set-cookie']))?.[1] ?? '';

const normal = (text: string, email: string, csrf: string) =>
  text
    .replaceAll(email, 'E')
    .replaceAll(csrf, 'C')
    .replace(/nonce="[^"]*"/g, '');
