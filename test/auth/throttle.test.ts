import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import { makeApp, makeUser, signIn, type TestApp, type TestUser, Visitor } from '../make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp({ TRUST_PROXY: 'true' });
});
afterAll(() => portal.close());

let addresses = 0;
const newAddress = () => `198.51.${++addresses >> 8}.${addresses & 255}`;

async function attempt(visitor: Visitor, user: Pick<TestUser, 'email'>, password: string, address: string) {
  if (!visitor.csrf) await visitor.get('/login');
  return visitor.agent
    .post('/login')
    .set('X-Forwarded-For', address)
    .type('form')
    .send({ _csrf: visitor.csrf, email: user.email, password });
}

/** Guesses until it is told to wait; every guess from another address. */
async function hammer(user: Pick<TestUser, 'email'>): Promise<number> {
  const attacker = new Visitor(portal);
  for (let guesses = 0; guesses < 50; guesses++) {
    if ((await attempt(attacker, user, 'a guess', newAddress())).status === 429) return guesses;
  }
  throw new Error('Nobody stopped the guessing');
}

describe('guessing at one account', () => {
  test('is slowed down after a few tries, from however many addresses, and what was typed is kept', async () => {
    const user = await makeUser(portal);
    expect(await hammer(user)).toBeLessThan(10);
    const { status, headers, text } = await attempt(new Visitor(portal), user, 'a guess', newAddress());
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(text).toContain(`value="${user.email}"`);
    expect(text).not.toContain('a guess');
  });

  test('is slowed down alike for an account that does not exist', async () => {
    const user = await makeUser(portal);
    expect(await hammer({ email: 'nobody@example.com' })).toBe(await hammer(user));
  });

  test('many at once get no more tries than one after the other', async () => {
    const user = await makeUser(portal);
    const attacker = new Visitor(portal);
    await attacker.get('/login');
    const guesses = Array.from({ length: 40 }, () => attempt(attacker, user, 'a guess', newAddress()));
    const tried = (await Promise.all(guesses)).filter(({ status }) => status === 422);
    expect(tried.length).toBeLessThan(10);
  });

  test('keeps waiting twice as long each time', async () => {
    const user = await makeUser(portal);
    const attacker = new Visitor(portal);
    const waits = [];
    for (let round = 0; round < 4; round++) {
      await hammer(user);
      waits.push(Number((await attempt(attacker, user, 'a guess', newAddress())).headers['retry-after']));
      await letWaitsPass();
    }
    for (const [index, wait] of waits.slice(1).entries()) expect(wait).toBeGreaterThan(waits[index] ?? 0);
  });

  test('does not keep out the browser that has signed in before', async () => {
    const user = await makeUser(portal);
    const honest = await signIn(portal, user);
    await honest.post('/logout');
    await hammer(user);
    await honest.get('/login');
    expect((await attempt(honest, user, user.password, newAddress())).status).toBe(303);
  });

  test('from that very browser is slowed down too', async () => {
    const user = await makeUser(portal);
    const stolen = await signIn(portal, user);
    await stolen.post('/logout');
    await stolen.get('/login');
    let status = 0;
    for (let guesses = 0; guesses < 10 && status !== 429; guesses++) {
      status = (await attempt(stolen, user, 'a guess', newAddress())).status;
    }
    expect(status).toBe(429);
  });

  test('gains nothing from a device cookie of another account, or a forged one', async () => {
    const user = await makeUser(portal);
    const other = await signIn(portal, await makeUser(portal));
    await other.post('/logout');
    await hammer(user);
    await other.get('/login');
    expect((await attempt(other, user, 'a guess', newAddress())).status).toBe(429);
    const forger = new Visitor(portal);
    await forger.get('/login');
    const body = Buffer.from(JSON.stringify({ id: 'x', users: [user.id] })).toString('base64url');
    forger.agent.jar.setCookie(`device=${body}.${'A'.repeat(43)}`);
    expect((await attempt(forger, user, 'a guess', newAddress())).status).toBe(429);
  });

  test('ends for the honest one with the wait: the right password opens the account', async () => {
    const user = await makeUser(portal);
    await hammer(user);
    await letWaitsPass();
    expect((await attempt(new Visitor(portal), user, user.password, newAddress())).status).toBe(303);
    expect(await hammer(user)).toBeGreaterThan(3);
  });
});

describe('guessing from one address', () => {
  test('at many accounts is slowed down', async () => {
    const address = newAddress();
    const attacker = new Visitor(portal);
    let guesses = 0;
    while (
      guesses < 100 &&
      (await attempt(attacker, { email: `n${guesses}@example.com` }, 'x', address)).status !== 429
    ) {
      guesses++;
    }
    expect(guesses).toBeLessThan(60);
  });

  test('an office that types its passwords right is never slowed down', async () => {
    const address = newAddress();
    const user = await makeUser(portal);
    for (let signIns = 0; signIns < 35; signIns++) {
      expect((await attempt(new Visitor(portal), user, user.password, address)).status).toBe(303);
    }
  });
});

test('the counters stand in PostgreSQL, and hold no address of anybody', async () => {
  const user = await makeUser(portal);
  await hammer(user);
  const rows = await portal.database.prisma.$queryRaw<{ key: string }[]>(sql`select key from rate_limit`);
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter(({ key }) => key.includes('@'))).toEqual([]);
});

/** As if the time had come: the stored waits are over, the tries stay counted. */
const letWaitsPass = () =>
  portal.database.prisma.$executeRaw(sql`update rate_limit set expire = 0 where key like 'wait:%'`);
