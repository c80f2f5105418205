import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { assetUrl } from '../../src/web/assets.ts';
import { makeApp, makeCompany, makeUser, memberOf, signIn, type TestApp, Visitor } from '../make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const policyOf = (headers: Record<string, string>) => String(headers['content-security-policy']);

describe('every answer', () => {
  test('carries a policy that lets nothing inline and nothing foreign run', async () => {
    const { headers } = await request(portal.app).get('/login');
    const policy = policyOf(headers);
    expect(policy).toContain("default-src 'none'");
    for (const part of ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"])
      expect(policy).toContain(part);
    expect(policy).toContain("style-src 'self';");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cache-control': 'private, no-cache',
    });
    expect(headers['x-powered-by']).toBeUndefined();
  });

  test('has a nonce of its own', async () => {
    const nonces = [];
    for (let n = 0; n < 2; n++)
      nonces.push(/nonce-[^']+/.exec(policyOf((await request(portal.app).get('/login')).headers))?.[0]);
    expect(nonces[0]).not.toBe(nonces[1]);
  });

  test('no page has a script, a style or a handler inline', async () => {
    const visitor = await memberOf(portal, await makeCompany(portal));
    for (const path of [
      '/login',
      '/profile',
      '/settings/company',
      '/settings/users',
      '/settings/keys',
      '/notices',
      '/nowhere',
    ]) {
      const { text } = await visitor.get(path);
      expect([path, text.match(/ style=| on[a-z]+="|<style|<script(?![^>]+src=)/g)]).toEqual([path, null]);
    }
  });
});

describe('cookies', () => {
  test('nobody gets one without need: a page without a form sets none', async () => {
    for (const path of ['/healthz', '/nowhere', '/', '/api/docs']) {
      expect([path, (await request(portal.app).get(path)).headers['set-cookie']]).toEqual([path, undefined]);
    }
  });

  test('are out of reach of scripts and of other sites; on https locked to the host', async () => {
    const { headers } = await request(portal.app).get('/login');
    expect(String(headers['set-cookie'])).toMatch(/^session=.*Path=\/.*HttpOnly; SameSite=Lax/);
    const secure = await makeApp({ PUBLIC_URL: 'https://clients.example.com' });
    const answer = await request(secure.app).get('/login').set('X-Forwarded-Proto', 'https');
    expect(String(answer.headers['set-cookie'])).toMatch(/^__Host-session=.*Path=\/.*HttpOnly; Secure; SameSite=Lax/);
    expect(answer.headers['strict-transport-security']).toContain('max-age=');
    await secure.close();
  });

  test('a page that changes nothing writes no session', async () => {
    const visitor = await memberOf(portal, await makeCompany(portal));
    expect((await visitor.get('/notices')).headers['set-cookie']).toBeUndefined();
  });

  test('the session goes on for 12 hours from the last use', async () => {
    const user = await makeUser(portal, { company: await makeCompany(portal) });
    const visitor = await signIn(portal, user);
    portal.setNow(new Date(Date.now() + 11 * 60_000));
    const renewed = String((await visitor.get('/notices')).headers['set-cookie']);
    portal.setNow(null);
    const expires = new Date(/Expires=([^;]+)/.exec(renewed)?.[1] ?? 0).getTime();
    expect(Math.abs(expires - Date.now() - 12 * 3600_000)).toBeLessThan(60_000);
  });
});

describe('what goes wrong', () => {
  test('is a page in the person’s language with the number of the request', async () => {
    const { status, text, headers } = await request(portal.app).get('/nowhere').set('Accept-Language', 'uk,en;q=0.5');
    expect(status).toBe(404);
    expect(text).toContain('<html lang="uk"');
    expect(text).toContain('Тут нічого немає');
    expect(text).toContain(headers['x-request-id']);
  });

  test('keeps the menu of people who are signed in', async () => {
    const visitor = await memberOf(portal, await makeCompany(portal));
    expect((await visitor.get('/nowhere')).text).toContain('href="/settings"');
  });

  test('an address that cannot be read is 400', async () => {
    expect((await request(portal.app).get('/invitations/%E0%A4%A')).status).toBe(400);
    expect((await request(portal.app).get('/login?next=%00')).status).toBe(400);
  });

  test('a form that cannot be stored is 400, one that is too big 413', async () => {
    const visitor = await memberOf(portal, await makeCompany(portal));
    expect((await visitor.post('/profile', { name: 'a\0b', locale: 'en' })).status).toBe(400);
    expect((await visitor.post('/profile', { name: 'a'.repeat(300_000), locale: 'en' })).status).toBe(413);
  });
});

describe('assets', () => {
  test('are kept for ever under an address that changes with them, and are packed', async () => {
    const { status, headers } = await request(portal.app).get(assetUrl('tabler.css')).set('Accept-Encoding', 'br');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'br',
      'content-type': 'text/css; charset=utf-8',
    });
    expect((await request(portal.app).get('/assets/000000000000/tabler.css')).status).toBe(404);
  });

  test('every icon that a page shows is drawn', async () => {
    const drawn = (await request(portal.app).get(assetUrl('icons.svg'))).body.toString();
    const visitor = await signIn(portal, await makeUser(portal, { company: await makeCompany(portal), admin: true }));
    for (const path of [
      '/notices',
      '/settings/keys',
      '/settings/users',
      '/admin/companies',
      '/admin/users',
      '/admin/rates',
    ]) {
      for (const [, name] of (await visitor.get(path)).text.matchAll(/icons\.svg#([\w-]+)"/g)) {
        expect(drawn).toContain(`<symbol id="${name}"`);
      }
    }
  });
});

describe('language and look', () => {
  test('a stranger chooses the language by a link, and it stays', async () => {
    const visitor = new Visitor(portal);
    expect((await visitor.get('/login')).text).toContain('<html lang="en"');
    await visitor.get('/login?lang=uk');
    expect((await visitor.get('/login')).text).toContain('<html lang="uk"');
  });

  test('a user chooses language and look without a script, and comes back to the page', async () => {
    const visitor = await memberOf(portal, await makeCompany(portal));
    const answer = await visitor.post('/profile/theme', { theme: 'dark', back: '/notices?before=1' });
    expect(answer.headers.location).toBe('/notices?before=1');
    await visitor.post('/profile/language', { locale: 'uk', back: '//evil.example' });
    expect((await visitor.get('/notices')).text).toMatch(/<html lang="uk" data-bs-theme="dark"/);
  });

  test('a moderator without a company is led to the queue, and the page of companies says why there is none', async () => {
    const moderator = await signIn(portal, await makeUser(portal, { moderator: true }));
    expect((await moderator.get('/')).headers.location).toBe('/moderation');
    const { status, text } = await moderator.get('/companies');
    expect([status, text.includes('You moderate the portal')]).toEqual([200, true]);
    const nobody = await signIn(portal, await makeUser(portal));
    expect((await nobody.get('/')).headers.location).toBe('/companies');
    expect((await nobody.get('/companies')).text).toContain('You are in no company yet');
  });

  test.each(['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '/\t/evil.example'])(
    'the sign-in leads nowhere else: %j',
    async (next) => {
      const user = await makeUser(portal);
      const visitor = new Visitor(portal);
      await visitor.get('/login');
      const { headers } = await visitor.post('/login', { email: user.email, password: user.password, next });
      expect(headers.location).toBe('/');
    },
  );
});

describe('the machine room', () => {
  test('says whether the portal lives and can work', async () => {
    expect((await request(portal.app).get('/healthz')).status).toBe(200);
    expect((await request(portal.app).get('/readyz')).body).toEqual({ database: true, queue: true });
  });

  test('shows figures to this machine, and with a token only to who has it', async () => {
    expect((await request(portal.app).get('/metrics')).text).toContain('http_request_seconds_count');
    expect((await request(portal.app).get('/metrics').set('X-Forwarded-For', '203.0.113.9')).status).toBe(404);
    const guarded = await makeApp({ METRICS_TOKEN: 'secret figures' });
    expect((await request(guarded.app).get('/metrics')).status).toBe(404);
    const { status } = await request(guarded.app).get('/metrics').set('Authorization', 'Bearer secret figures');
    expect(status).toBe(200);
    await guarded.close();
  });
});
