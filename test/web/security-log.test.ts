import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { routes } from '../../src/routes.ts';
import { PROOFS } from '../../src/web/security-log.ts';
import { apiKey, letters, makeApp, makeCompany, makeUser, memberOf, signIn, type TestApp, Visitor } from '../make.ts';
import { listenToLog } from '../setup/log-lines.ts';

let portal: TestApp;
const heard = listenToLog();
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());
beforeEach(() => void heard.lines.splice(0));

/** The lines about security since the test began, as far as `part` wants them. */
const security = () => heard.entries().filter((line) => line.msg === 'security');

describe('the security log', () => {
  test('has a line for every sign-in, right, wrong and held back, with who, when, from where and for which account', async () => {
    const user = await makeUser(portal);
    const visitor = new Visitor(portal);
    await visitor.get('/login');
    for (let times = 0; times < 7; times++)
      await visitor.post('/login', { email: user.email, password: 'a wild guess' });
    const stranger = await signIn(portal, await makeUser(portal));
    await stranger.post('/logout');
    const lines = security();
    expect(
      lines.filter(({ outcome }) => outcome === 'refused').map(({ security: what, status }) => [what, status]),
    ).toEqual([...Array.from({ length: 6 }, () => ['sign-in', 422]), ['sign-in', 429]]);
    expect(lines.filter(({ outcome }) => outcome === 'done').map((line) => line.security)).toEqual([
      'sign-in',
      'sign-out',
    ]);
    for (const line of lines) {
      expect(line).toMatchObject({ method: 'POST', address: expect.any(String), requestId: expect.any(String) });
      expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect([line.hostname, line.pid, line.route].every(Boolean)).toBe(true);
    }
    expect(new Set(lines.slice(0, 7).map(({ account }) => account)).size).toBe(1);
    expect(lines[0]?.account).toMatch(/^[0-9a-f]{12}$/);
    expect(lines.at(-1)?.userId).toBeDefined();
  });

  test('has a line for every proof that is asked for, and for each form that changes how one signs in', () => {
    const forms = routes.filter(
      ({ method, path }) =>
        method !== 'GET' && /^\/(?:log|password|invitations|profile\/(?:password|security|sessions|other))/.test(path),
    );
    for (const { method, path } of forms)
      expect([path, Object.hasOwn(PROOFS, `${method} ${path}`)]).toEqual([path, true]);
    const known = new Set(routes.map(({ method, path }) => `${method} ${path}`));
    expect(Object.keys(PROOFS).filter((each) => !known.has(each))).toEqual([]);
  });

  test('has a line for whatever somebody may not do, by the page and by the API', async () => {
    const company = await makeCompany(portal);
    const viewer = await memberOf(portal, company, 'viewer');
    const key = await apiKey(portal, company, ['ingest']);
    heard.lines.splice(0);
    await viewer.get('/settings/keys');
    await viewer.get('/customers/0192f000-0000-7000-8000-000000000000');
    await viewer.get('/admin/companies');
    await new Visitor(portal).get('/customers');
    const customers = `/api/v1/companies/${company.slug}/customers`;
    await request(portal.app).get(customers);
    await request(portal.app).get(customers).set('Authorization', `Bearer ${key}`);
    const lines = security();
    expect(lines.map((line) => [line.security, line.status])).toEqual([
      ['access', 403],
      ['access', 404],
      ['access', 403],
      ['access', 303],
      ['access', 401],
      ['access', 403],
    ]);
    expect(lines[0]).toMatchObject({
      reason: 'role',
      route: '/settings/keys',
      userId: expect.any(String),
      companyId: company.id,
    });
    expect(lines[5]).toMatchObject({ keyId: expect.any(String) });
  });

  test('has a line for attempts to get past the checks: forged forms, input that cannot be, too many', async () => {
    const owner = await memberOf(portal, await makeCompany(portal));
    heard.lines.splice(0);
    await owner.post('/profile', { _csrf: 'forged', name: 'X', locale: 'en' });
    await owner.post('/profile', { name: 'a\0b', locale: 'en' });
    await owner.post('/profile', { name: 'x'.repeat(300_000), locale: 'en' });
    await owner.post('/profile', { name: '', locale: 'en' });
    expect(security().map((line) => [line.security, line.status, line.reason])).toEqual([
      ['forgery', 403, 'forged'],
      ['input', 400, undefined],
      ['input', 413, undefined],
      ['input', 422, undefined],
    ]);
  });

  test('holds no password, token, key, cookie or address of anybody, and neither does the rest of the log', async () => {
    const company = await makeCompany(portal);
    const user = await makeUser(portal, { company });
    const visitor = await signIn(portal, user);
    await visitor.post('/profile/password', { current: user.password, password: 'never written anywhere' });
    const guest = new Visitor(portal);
    await guest.get('/password/forgot');
    await guest.post('/password/forgot', { email: user.email });
    await portal.runJobs();
    const [letter] = await letters(portal, user.email);
    const link = /\/password\/reset\/([\w-]+)/.exec(letter?.body ?? '');
    await guest.get(link?.[0] ?? '');
    await guest.post(link?.[0] ?? '', { password: 'short' });
    await visitor.get(`/customers?q=${encodeURIComponent('+380671234567')}`);
    const key = await apiKey(portal, company, ['read']);
    await request(portal.app).get('/api/v1/companies/x/customers?q=olena').set('Authorization', `Bearer ${key}`);
    const all = heard.lines.join('');
    const secrets = [user.password, 'never written', user.email, link?.[1] ?? 'no link', '380671234567', 'olena', key];
    for (const secret of secrets) expect([secret, all.includes(secret)]).toEqual([secret, false]);
    expect(all).not.toMatch(/session=|_csrf|s%3A/);
    expect(heard.lines.length).toBeGreaterThan(8);
  });

  test('is one JSON object a line, whatever line breaks and quotes somebody sends', async () => {
    const visitor = new Visitor(portal);
    await visitor.get('/login');
    const email = 'x@example.com\r\n{"level":30,"msg":"security","security":"sign-in","outcome":"done"}';
    await visitor.post('/login', { email, password: 'guess\n"}' });
    await visitor.get('/nowhere%0D%0A{"msg":"forged"}?q=%0A');
    await request(portal.app).get('/login').set('X-Forwarded-For', '1.2.3.4", "msg": "forged');
    for (const line of heard.lines)
      expect([line.endsWith('\n'), line.indexOf('\n') === line.length - 1]).toEqual([true, true]);
    expect(heard.entries().some(({ msg, outcome }) => msg === 'forged' || outcome === 'done')).toBe(false);
  });

  test('tells the address that the trusted proxy tells, and no other', async () => {
    const behind = await makeApp({ TRUST_PROXY: '1' });
    for (const app of [portal.app, behind.app]) {
      await request(app).post('/login').set('X-Forwarded-For', '203.0.113.9, 198.51.100.7');
    }
    await behind.close();
    const addresses = heard
      .entries()
      .map((line) => [line.msg, line.address ?? (line.req as { address?: string }).address]);
    expect(addresses.map(([, address]) => String(address).replace('::ffff:', ''))).toEqual([
      ...addresses.slice(0, addresses.length / 2).map(() => '127.0.0.1'),
      ...addresses.slice(0, addresses.length / 2).map(() => '198.51.100.7'),
    ]);
  });
});
