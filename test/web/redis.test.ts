import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createClient } from 'redis';
import request from 'supertest';
import { freePort } from '../../src/platform/postgres.ts';
import { makeApp, makeCompany, makeUser, signIn, type TestApp, Visitor } from '../make.ts';
import { redisUrl } from '../setup/redis.ts';

let portal: TestApp;
const redis = createClient({ url: redisUrl() });
beforeAll(async () => {
  portal = await makeApp({ REDIS_URL: redisUrl() });
  await redis.connect();
});
afterAll(async () => {
  await portal.close();
  await redis.close();
});

const sessionKeys = () => redis.keys('session:*');

describe('with Redis', () => {
  test('sessions live there, and end with the sign-out', async () => {
    const before = await sessionKeys();
    const visitor = await signIn(portal, await makeUser(portal, { company: await makeCompany(portal) }));
    expect((await visitor.get('/notices')).status).toBe(200);
    const mine = (await sessionKeys()).filter((key) => !before.includes(key));
    expect(mine).toHaveLength(1);
    expect(await redis.ttl(mine[0] ?? '')).toBeGreaterThan(11 * 3600);
    await visitor.post('/logout');
    expect(await redis.exists(mine[0] ?? '')).toBe(0);
  });

  test('that has lost everything, people sign in again, and guessers get no fresh start', async () => {
    const user = await makeUser(portal);
    const visitor = await signIn(portal, user);
    const attacker = new Visitor(portal);
    await attacker.get('/login');
    const guess = () => attacker.post('/login', { email: user.email, password: 'a guess' });
    for (let status = 0; status !== 429; ) status = (await guess()).status;
    await redis.del(await sessionKeys());
    expect((await visitor.get('/profile')).status).toBe(303);
    await attacker.get('/login');
    expect((await guess()).status).toBe(429);
  });
});

test('while Redis is away a page is answered 503 and when to come again', async () => {
  const cookie = String((await new Visitor(portal).get('/login')).headers['set-cookie']).split(';')[0] ?? '';
  const away = await makeApp({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` });
  const answer = await request(away.app).get('/profile').set('Cookie', cookie);
  await away.close();
  expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5']);
  expect(answer.text).toContain('Not at this moment');
});
