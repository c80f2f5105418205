import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Response } from 'supertest';
import request from 'supertest';
import { routes } from '../../src/routes.ts';
import { assetUrl } from '../../src/web/assets.ts';
import { apiKey, hiddenField, makeApp, makeCompany, makeUser, type TestApp, Visitor } from '../make.ts';

let portal: TestApp;
let answers: Record<string, Response>;

const BEHIND = { 'X-Forwarded-Proto': 'https' };

/** One answer of every kind there is, of a portal on https. */
beforeAll(async () => {
  portal = await makeApp({ PUBLIC_URL: 'https://clients.example.com', TRUST_PROXY: '1' });
  const company = await makeCompany(portal);
  const key = await apiKey(portal, company);
  const user = await makeUser(portal, { company });
  const browser = secureBrowser(portal);
  const login = await browser.get('/login?lang=uk');
  const entered = await browser.post('/login', { email: user.email, password: user.password });
  const customers = `/api/v1/companies/${company.slug}/customers`;
  const ask = (path: string) => request(portal.app).get(path).set(BEHIND);
  answers = {
    login,
    entered,
    page: await browser.get('/customers'),
    form: await browser.get('/customers/new'),
    refused: await browser.get('/admin/companies'),
    missing: await browser.get('/nowhere'),
    forged: await browser.post('/profile', { _csrf: 'x' }),
    about: await ask('/about-me'),
    asset: await ask(assetUrl('app.css')),
    picture: await ask(assetUrl('icons.svg')),
    api: await ask(customers).set('Authorization', `Bearer ${key}`),
    problem: await ask(customers),
    document: await ask('/api/v1/openapi.json'),
    webhook: await request(portal.app).post('/webhooks/twilio/inbound').set(BEHIND).type('form').send({ From: '+1' }),
    alive: await ask('/healthz'),
    ready: await ask('/readyz'),
  };
});
afterAll(() => portal.close());

const all = (look: (headers: Record<string, string>, name: string) => unknown) =>
  Object.entries(answers).map(([name, { headers }]) => [name, look(headers as Record<string, string>, name)]);
const each = (value: unknown) => Object.keys(answers).map((name) => [name, value]);

describe('every kind of answer', () => {
  test('keeps browsers on https, here and below, for a year', () => {
    expect(all((headers) => headers['strict-transport-security'])).toEqual(each('max-age=31536000; includeSubDomains'));
  });

  test('has a content policy that lets in neither objects, nor another base, nor a frame around it', () => {
    const parts = ["default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"];
    expect(all((headers) => parts.every((part) => headers['content-security-policy']?.includes(part)))).toEqual(
      each(true),
    );
  });

  test('is taken for what it says it is, and tells other sites no address', () => {
    expect(all((headers) => headers['x-content-type-options'])).toEqual(each('nosniff'));
    expect(all((headers) => /^(?:same-origin|no-referrer)$/.test(String(headers['referrer-policy'])))).toEqual(
      each(true),
    );
  });

  test('says its type, texts with their encoding', () => {
    const isText = (type: string) => /^(?:text\/|application\/(?:problem\+)?json|image\/svg)/.test(type);
    const types = all((headers, name) => {
      const type = headers['content-type'] ?? '';
      const empty = Number(headers['content-length'] ?? -1) === 0 || [303, 308].includes(answers[name]?.status ?? 0);
      return (empty && type === '') || (isText(type) && (!type.startsWith('text/') || /charset=utf-8/i.test(type)));
    });
    expect(types).toEqual(each(true));
  });

  test('is kept by no cache on the way, but for files that are the same for everybody', () => {
    const shared = new Set(['asset', 'picture', 'document']);
    const kept = all((headers) => /public|s-maxage/.test(headers['cache-control'] ?? 'public'));
    expect(kept.filter(([name]) => !shared.has(String(name)))).toEqual(
      each(false).filter(([name]) => !shared.has(String(name))),
    );
    expect(answers.api?.headers['cache-control']).toBe('no-store');
  });

  test('opens itself to no other site', () => {
    expect(all((headers) => headers['access-control-allow-origin'])).toEqual(each(undefined));
  });

  test('tells no version of what it runs on', () => {
    expect(all((headers) => headers['x-powered-by'] ?? headers.server)).toEqual(each(undefined));
  });
});

describe('cookies on https', () => {
  test('are secure, of this host alone, out of reach of scripts and of forms of other sites, each of them', () => {
    const cookies = Object.values(answers).flatMap(
      ({ headers }) => (headers['set-cookie'] as unknown as string[]) ?? [],
    );
    const names = new Set(cookies.map((cookie) => cookie.split('=')[0]));
    expect([...names].sort()).toEqual(['__Host-device', '__Host-lang', '__Host-session']);
    for (const cookie of cookies)
      expect(cookie).toMatch(/^__Host-(?!.*Domain=)(?=.*Path=\/;)(?=.*; HttpOnly)(?=.*; Secure)(?=.*; SameSite=Lax)/);
  });

  test('the session’s name is random: 192 bits that never come twice', async () => {
    const ids = [answers.login, answers.entered].map(
      (answer) => /__Host-session=s%3A([^.]+)\./.exec(String(answer?.headers['set-cookie']))?.[1],
    );
    expect(ids.map((id) => id?.length)).toEqual([32, 32]);
    expect(ids[0]).not.toBe(ids[1]);
  });
});

describe('what comes without https through the proxy', () => {
  const plain = { 'X-Forwarded-Proto': 'http' };

  test('leads people to https, and refuses programs and forms', async () => {
    const page = await request(portal.app).get('/login?lang=en').set(plain);
    expect([page.status, page.headers.location]).toEqual([308, 'https://clients.example.com/login?lang=en']);
    for (const path of ['/api/v1/openapi.json', '/api/v1/companies/x/customers', '/metrics']) {
      expect([path, (await request(portal.app).get(path).set(plain)).status]).toEqual([path, 403]);
    }
    expect((await request(portal.app).post('/login').set(plain)).status).toBe(403);
  });

  test('is let through where nobody can tell: without a trusted proxy, or on a portal without https', async () => {
    const open = await makeApp();
    expect((await request(open.app).get('/login').set(plain)).status).toBe(200);
    await open.close();
  });
});

test('every page of somebody who is signed in has the way out on it', async () => {
  const own = await makeApp();
  const user = await makeUser(own, { company: await makeCompany(own), admin: true });
  const visitor = new Visitor(own);
  await visitor.get('/login');
  await visitor.post('/login', { email: user.email, password: user.password });
  const paths = routes.filter(
    ({ method, path, permission }) =>
      method === 'GET' && !path.includes(':') && !/^(?:public|api:.*|webhook|loopback|moderator)$/.test(permission),
  );
  const without: string[] = [];
  let pages = 0;
  for (const { path } of paths) {
    const { status, text, type } = await visitor.get(path);
    if (status !== 200 || type !== 'text/html' || !text.includes('<html')) continue;
    pages++;
    if (!text.includes('action="/logout"')) without.push(path);
  }
  expect(without).toEqual([]);
  expect(pages).toBeGreaterThan(15);
  await own.close();
});

/** A browser on https: the one of the other tests keeps secure cookies to itself, because TLS ends before the portal. */
function secureBrowser({ app }: TestApp) {
  const jar = new Map<string, string>();
  let csrf = '';
  const look = (answer: Response): Response => {
    for (const cookie of (answer.headers['set-cookie'] as unknown as string[]) ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      jar.set(name, value);
    }
    csrf = hiddenField(answer.text, '_csrf') ?? csrf;
    return answer;
  };
  const cookies = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  return {
    get: async (path: string) => look(await request(app).get(path).set(BEHIND).set('Cookie', cookies())),
    post: async (path: string, fields: Record<string, string>) =>
      look(
        await request(app)
          .post(path)
          .set(BEHIND)
          .set('Cookie', cookies())
          .type('form')
          .send({ _csrf: csrf, ...fields }),
      ),
  };
}
