import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { newId } from '../../src/kernel/id.ts';
import { revokeKey } from '../../src/keys/keys.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { CALLS_PER_KEY } from '../../src/web/api.ts';
import { apiKey, makeApp, makeCompany, makeUser, type TestApp } from '../make.ts';
import { Client, order, problemOf } from './client.ts';

let portal: TestApp;
let company: Company;
let other: Company;
let key: string;
beforeAll(async () => {
  portal = await makeApp();
  [company, other] = [await makeCompany(portal), await makeCompany(portal)];
  key = await apiKey(portal, company);
});
afterAll(() => portal.close());

const at = (given: string | null, whose: Pick<Company, 'slug'> = company) => new Client(portal, given, whose);
const post = (client: Client) => client.post('orders', { orders: [order] });

describe('keys', () => {
  test('without a key, or with one that nobody has, the answer is 401 and asks for a bearer key', async () => {
    const without = await post(at(null));
    expect(without.status).toBe(401);
    expect(without.headers).toMatchObject({
      'www-authenticate': 'Bearer',
      'content-type': expect.stringContaining('application/problem+json'),
    });
    expect(without.body).toEqual(problemOf(401, 'Send a key: Authorization: Bearer <key>.'));
    const unknown = await post(at('clk_nobody'));
    expect(unknown.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
    expect(unknown.body).toEqual(problemOf(401, 'This key is unknown or revoked.'));
  });

  test('no other place than the header holds a key', async () => {
    const path = at(key).path(`orders?key=${key}&access_token=${key}`);
    const answer = await request(portal.app)
      .post(path)
      .set('X-Api-Key', key)
      .auth(key, '')
      .send({ key, orders: [order] });
    expect(answer.status).toBe(401);
  });

  test('a revoked key is an unknown one', async () => {
    const gone = await apiKey(portal, company);
    const { keyId = '' } = (await portal.tenancy.keyHolder(gone, null)) ?? {};
    const { id: userId } = await makeUser(portal, { company });
    await portal.tenancy.inPortal((db) => revokeKey(db, company.id, keyId, { userId, now: new Date() }));
    const answer = await post(at(gone));
    expect([answer.status, answer.body.detail]).toEqual([401, 'This key is unknown or revoked.']);
  });

  test('the portal’s key opens every company', async () => {
    const client = await apiKey(portal, null);
    expect([(await post(at(client))).status, (await post(at(client, other))).status]).toEqual([200, 200]);
  });

  test('a company of others is answered like one that is not there, for every call', async () => {
    const missing = { slug: `no-${newId()}` };
    for (const slug of [missing.slug, '%00', 'NO', 'a b', "x'--", '.', 'x'.repeat(1000)]) {
      expect((await post(at(key, { slug }))).body).toEqual((await post(at(key, other))).body);
    }
    for (const path of ['customers', `customers/${newId()}`, `customers/${newId()}/orders`, 'segments']) {
      const [foreign, none] = [await at(key, other).get(path), await at(key, missing).get(path)];
      expect([foreign.status, foreign.body]).toEqual([404, none.body]);
    }
  });

  test('a key does only what its scopes say; which company is asked first', async () => {
    const [reader, writer] = [await apiKey(portal, company, ['read']), await apiKey(portal, company, ['ingest'])];
    const refused = await post(at(reader));
    expect([refused.status, refused.body]).toEqual([403, problemOf(403, 'This key lacks the scope "ingest".')]);
    expect((await at(writer).get('segments')).body).toEqual(problemOf(403, 'This key lacks the scope "read".'));
    expect((await post(at(reader, other))).status).toBe(404);
  });

  test('a key may call a hundred times a second; then 429 says how long to wait, and other keys go on', async () => {
    const fresh = await makeApp();
    try {
      const shop = await makeCompany(fresh);
      const [busy, idle] = [await apiKey(fresh, shop), await apiKey(fresh, shop)];
      const { keyId = '' } = (await fresh.tenancy.keyHolder(busy, null)) ?? {};
      // The same counter with a longer second: a slow machine must count the same.
      for (let n = 0; n < 99; n++) await fresh.services.limiter.take({ ...CALLS_PER_KEY, seconds: 60 }, keyId);
      expect((await post(new Client(fresh, busy, shop))).status).toBe(200);
      const refused = await post(new Client(fresh, busy, shop));
      expect(refused.body).toEqual(problemOf(429, 'This key may call 100 times a second.'));
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect((await post(new Client(fresh, idle, shop))).status).toBe(200);
      // What is refused for another reason counts too: nobody searches for names at any speed.
      expect((await post(new Client(fresh, busy, { slug: 'nobody' }))).status).toBe(429);
      const reader = await apiKey(fresh, shop, ['read']);
      const { keyId: readerId = '' } = (await fresh.tenancy.keyHolder(reader, null)) ?? {};
      for (let n = 0; n < 98; n++) await fresh.services.limiter.take({ ...CALLS_PER_KEY, seconds: 60 }, readerId);
      expect((await post(new Client(fresh, reader, { slug: 'nobody' }))).status).toBe(404);
      expect((await post(new Client(fresh, reader, shop))).status).toBe(403);
      expect((await post(new Client(fresh, reader, shop))).status).toBe(429);
    } finally {
      await fresh.close();
    }
  });
});

describe('addresses and verbs', () => {
  const call = (method: string, path: string) => request(portal.app)[method as 'get'](path);

  test('what is not there is a problem document, with or without a key, and never a page', async () => {
    for (const path of [
      '/api',
      '/api/',
      '/api/v1',
      '/api/v2/companies',
      '/api/v1/companies/x/nothing',
      '/api/docs/more',
    ]) {
      const answer = await call('get', path).set('Accept', 'text/html');
      expect([answer.status, answer.body]).toEqual([404, problemOf(404)]);
      expect(answer.headers['content-type']).toContain('application/problem+json');
    }
  });

  test('another verb is answered 405 with those that are possible', async () => {
    const orders = at(null).path('orders');
    for (const method of ['get', 'put', 'patch', 'delete', 'head']) {
      const answer = await call(method, orders);
      expect([answer.status, answer.headers.allow]).toEqual([405, 'POST, OPTIONS']);
    }
    const docs = await call('post', '/api/docs');
    expect([docs.status, docs.headers.allow, docs.body]).toEqual([405, 'GET, HEAD, OPTIONS', problemOf(405)]);
  });

  test('OPTIONS names the verbs, and no other site may read answers', async () => {
    const answer = await call('options', at(null).path('customers/x')).set('Origin', 'https://example.org');
    expect([answer.status, answer.headers.allow, answer.text]).toEqual([204, 'GET, HEAD, OPTIONS', '']);
    const read = await at(key).get(`customers/${newId()}`).set('Origin', 'https://example.org');
    for (const { headers } of [answer, read]) {
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  test('HEAD asks for a key, and answers like GET without a body', async () => {
    const path = at(null).path(`customers/${newId()}`);
    expect((await call('head', path)).status).toBe(401);
    const answer = await call('head', path).set('Authorization', `Bearer ${key}`);
    expect([answer.status, answer.text]).toEqual([404, undefined]);
  });

  test('an address that is not percent-encoded is a bad request', async () => {
    const answer = await call('get', '/api/v1/companies/%E0%A4%A/segments');
    expect([answer.status, answer.body]).toEqual([400, problemOf(400)]);
  });

  test('no call sets a cookie or is kept by a cache', async () => {
    for (const answer of [await post(at(key)), await post(at(null)), await at(key).get('nothing')]) {
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(answer.headers['cache-control']).toBe('no-store');
    }
  });
});
