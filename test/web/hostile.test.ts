import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Request } from 'express';
import request from 'supertest';
import { readDevice } from '../../src/auth/device.ts';
import { sql } from '../../src/platform/db.ts';
import { translator } from '../../src/platform/i18n.ts';
import { deliveryToken, readDeliveryToken } from '../../src/sms/token.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { apiKey, makeApp, makeCompany, makeUser, memberOf, signIn, type TestApp, type Visitor } from '../make.ts';

let portal: TestApp;
let company: Company;
let owner: Visitor;
let key: string;
beforeAll(async () => {
  portal = await makeApp();
  company = await makeCompany(portal);
  owner = await memberOf(portal, company);
  key = await apiKey(portal, company);
});
afterAll(() => portal.close());

const at = '2026-11-20T10:15:00+02:00';
const post = (orders: unknown) =>
  request(portal.app)
    .post(`/api/v1/companies/${company.slug}/orders`)
    .set('Authorization', `Bearer ${key}`)
    .type('json')
    .send(typeof orders === 'string' ? orders : JSON.stringify({ orders }));

let numbers = 0;
const order = (name: string) => ({
  externalId: `hostile-${++numbers}`,
  placedAt: at,
  currency: 'UAH',
  total: '1.00',
  customer: { name, phones: [`+38067000${String(1000 + numbers)}`] },
});

const HOSTILE = `"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;{{constructor}}`;

describe('a text that means something elsewhere', () => {
  test('is stored as it was typed, given back so by the API, and written so that a page shows it', async () => {
    const { body } = await post([order(HOSTILE)]);
    const id = body.results[0].customerId;
    const answer = await request(portal.app)
      .get(`/api/v1/companies/${company.slug}/customers/${id}`)
      .set('Authorization', `Bearer ${key}`);
    expect(answer.body.name).toBe(HOSTILE);
    for (const path of [`/customers/${id}`, `/customers/${id}/edit`, `/customers?q=${encodeURIComponent(HOSTILE)}`]) {
      const { status, text } = await owner.get(path);
      expect([path, status, /<script>alert|<img src=x|onerror=alert\(1\)>/.test(text)]).toEqual([path, 200, false]);
      expect([path, text.includes('&lt;script&gt;alert(1)')]).toEqual([path, true]);
      expect([path, text.includes('&amp;amp;')]).toEqual([path, true]);
    }
  });

  test('in an address is unescaped once: what was escaped twice stays escaped', async () => {
    const { text } = await owner.get('/customers?q=%2541%253Cb%253E');
    expect(/name="q"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="q"/.exec(text)?.slice(1).join('')).toBe(
      '%41%3Cb%3E',
    );
  });

  test('and looks like a placeholder of our own words is only text', async () => {
    const name = '$t(web.form.save) {{count}} {{t "web.form.save"}} %s %o';
    const user = await makeUser(portal, { company, name });
    const visitor = await signIn(portal, user);
    const { text } = await visitor.get('/profile');
    expect(text).toContain('$t(web.form.save) {{count}} {{t &quot;web.form.save&quot;}} %s %o');
    expect(translator('en')('auth.invitation.done', { company: name })).toContain(name);
  });

  test('in the search is no pattern: per cent and dots find themselves', async () => {
    await post([order('Plain Person')]);
    for (const q of ['%', '_', '.*', 'Pl%on', '[a-z]+', '\\']) {
      const { text } = await owner.get(`/customers?q=${encodeURIComponent(q)}`);
      expect([q, text.includes('Plain Person')]).toEqual([q, false]);
    }
  });
});

test('a file is saved under a name that nothing stored can turn into another one, or into another header', async () => {
  const shop = await makeCompany(portal, { name: 'Shop"; filename="../evil.exe"; x=\\ Ґава' });
  const visitor = await memberOf(portal, shop);
  await visitor.get('/exports');
  await visitor.post('/exports', { filter: '', format: 'csv' });
  await portal.runJobs();
  const link = /\/exports\/[0-9a-f-]{36}\/file/.exec((await visitor.get('/exports')).text)?.[0] ?? '';
  const { status, headers } = await visitor.get(`${link}?filename=other.html&name=other.html`);
  expect(status).toBe(200);
  const said = String(headers['content-disposition']);
  expect(said).toMatch(/^attachment; filename="[^"\\/]+\.csv"; filename\*=UTF-8''[\w%.~-]+\.csv$/);
  expect(said).not.toMatch(/evil\.exe"|other/);
});

describe('a name that a program knows', () => {
  test('makes no object another one: __proto__ and constructor are fields like any other, or are refused', async () => {
    const plain = JSON.stringify(order('Proto')).slice(1, -1);
    const sent = await post(
      `{"orders":[{${plain},"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}],"__proto__":{"polluted":true}}`,
    );
    expect([200, 400, 422]).toContain(sent.status);
    const fields = {
      name: 'Own Name',
      locale: 'en',
      '__proto__[admin]': '1',
      __proto__: '1',
      'constructor[prototype][admin]': '1',
    };
    expect((await owner.post('/profile', fields)).status).toBe(303);
    await owner.get('/customers?__proto__=1&constructor=1&where=__proto__:is:1&where=constructor:is:1&sort=__proto__');
    expect(({} as Record<string, unknown>).polluted ?? ({} as Record<string, unknown>).admin).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('that no form has is not taken from it: nobody gives themselves rights, a plan or another company', async () => {
    const user = await makeUser(portal, { company, role: 'manager' });
    const visitor = await signIn(portal, user);
    const more = {
      admin: 'on',
      moderator: 'on',
      role: 'owner',
      email: 'other@example.com',
      password_hash: 'x',
      id: company.id,
    };
    await visitor.post('/profile', { name: 'Renamed', locale: 'uk', ...more });
    const [row] = await portal.database.prisma.$queryRaw<object[]>(
      sql`select u.name, u.locale, u.admin, u.moderator, u.email, m.role from app_user u join membership m on m.user_id = u.id where u.id = ${user.id}::uuid`,
    );
    expect(row).toEqual({
      name: 'Renamed',
      locale: 'uk',
      admin: false,
      moderator: false,
      email: user.email,
      role: 'manager',
    });
    await owner.get('/settings/company');
    const settings = { name: 'Still ours', timezone: 'Europe/Kyiv', locale: 'en', identity: 'automatic' };
    await owner.post('/settings/company', { ...settings, plan: 'free', slug: 'taken', country: 'DE', currency: 'EUR' });
    const [kept] = await portal.database.prisma.$queryRaw<object[]>(
      sql`select plan, slug, country, currency from company where id = ${company.id}::uuid`,
    );
    expect(kept).toEqual({ plan: 'paid', slug: company.slug, country: 'UA', currency: 'UAH' });
  });

  test('given twice is one thing or none: nothing is taken from the first and checked on the second', async () => {
    const doubled = await owner.post('/profile', { name: ['First', 'Second'], locale: 'en' });
    expect(doubled.status).toBe(422);
    for (const path of [
      '/customers?q=a&q=b',
      '/customers?sort=name&sort=sum',
      '/customers?per=20&per=100',
      '/login?next=/a&next=//b',
    ]) {
      expect([path, (await owner.get(path)).status < 500]).toEqual([path, true]);
    }
    const api = `/api/v1/companies/${company.slug}/customers?per=20&per=100`;
    expect((await request(portal.app).get(api).set('Authorization', `Bearer ${key}`)).status).toBe(400);
  });
});

describe('a seal of ours', () => {
  test('of one purpose serves no other', async () => {
    const user = await makeUser(portal, { company });
    const secret = portal.services.secrets.sessionSecret;
    const body = Buffer.from(JSON.stringify({ id: 'device', users: [user.id] })).toString('base64url');
    const sign = (text: string) => createHmac('sha256', secret).update(text).digest('base64url');
    const services = portal.services;
    const read = (cookie: string) => readDevice({ headers: { cookie: `device=${cookie}` } } as Request, services);
    expect(read(`${body}.${sign(`device:${body}`)}`)?.users).toEqual([user.id]);
    for (const purpose of ['', 'delivery ', 'about code '])
      expect(read(`${body}.${sign(`${purpose}${body}`)}`)).toBeNull();
    const token = deliveryToken(secret, company.id, user.id);
    const named = Buffer.from(token, 'base64url').subarray(0, 32);
    const other = createHmac('sha256', secret).update('device:').update(named).digest().subarray(0, 16);
    expect(readDeliveryToken(secret, token)).toEqual({ companyId: company.id, deliveryId: user.id });
    expect(readDeliveryToken(secret, Buffer.concat([named, other]).toString('base64url'))).toBeNull();
  });
});
