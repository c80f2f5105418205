import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import { makeApp, signIn, type TestApp } from '../make.ts';
import { operate } from './operator.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const company = (slug: string, ...more: string[]) =>
  operate(
    portal,
    'company:create',
    ...['--slug', slug, '--name', 'Blue Shop', '--country', 'UA', '--currency', 'UAH', '--timezone', 'Europe/Kyiv'],
    ...more,
  );

const user = (email: string, ...more: string[]) =>
  operate(portal, 'user:create', '--email', email, '--password', 'long enough', '--name', 'Olha', ...more);

describe('company:create', () => {
  test('makes a company with everything that is the default', async () => {
    const { code, answer } = await company('defaults');
    expect({ code, answer }).toEqual({
      code: 0,
      answer: {
        id: expect.any(String),
        ...{ slug: 'defaults', name: 'Blue Shop', country: 'UA', currency: 'UAH', timezone: 'Europe/Kyiv' },
        ...{ locale: 'en', plan: 'paid', quietHours: '20:00-9:00' },
      },
    });
    expect(await portal.tenancy.companyOfOperator('defaults')).toMatchObject({ plan: 'paid', identity: 'automatic' });
  });

  test('P-05 makes one without a paid plan, in Ukrainian, without quiet hours', async () => {
    const { answer } = await company('free', '--plan', 'free', '--locale', 'uk', '--quiet-hours', 'off');
    expect(answer).toMatchObject({ plan: 'free', locale: 'uk', quietHours: null });
    expect(await portal.tenancy.companyOfOperator('free')).toMatchObject({ plan: 'free', locale: 'uk' });
  });

  test('refuses a slug that is taken, and makes nothing', async () => {
    await company('taken');
    const { code, answer, error } = await company('taken');
    expect({ code, answer }).toEqual({ code: 1, answer: null });
    expect(error).toBe('--slug: Another company has this short name.');
  });
});

describe('user:create', () => {
  test('makes a member who can sign in', async () => {
    await company('members');
    const { code, answer } = await user('Member@Example.com', '--company', 'members', '--role', 'manager');
    expect(code).toBe(0);
    expect(answer).toEqual({
      id: expect.any(String),
      ...{ email: 'member@example.com', company: 'members', role: 'manager' },
    });
    const visitor = await signIn(portal, { id: '', name: '', email: 'member@example.com', password: 'long enough' });
    expect((await visitor.get('/customers')).status).toBe(200);
  });

  test.each([
    ['--moderator', { moderator: true, admin: false }],
    ['--admin', { moderator: false, admin: true }],
  ])('makes a user of the portal with %s', async (flag, rights) => {
    const email = `${flag.slice(2)}@example.com`;
    expect((await user(email, flag)).answer).toMatchObject({ email, ...rights });
    const [row] = await portal.tenancy.inPortal((db) =>
      db.query(sql`select moderator, admin from app_user where email = ${email}`),
    );
    expect(row).toEqual(rights);
  });

  test('somebody with an account joins a further company with its password, once', async () => {
    await company('first');
    await company('second');
    const first = await user('both@example.com', '--company', 'first', '--role', 'owner');
    const second = await user('both@example.com', '--company', 'second', '--role', 'viewer');
    expect(second.code).toBe(0);
    expect(second.answer).toMatchObject({ id: (first.answer as { id: string }).id, role: 'viewer' });
    const again = await user('both@example.com', '--company', 'second', '--role', 'owner');
    expect(again).toMatchObject({ code: 1, error: '--email both@example.com is a member already' });
  });

  test('an account is not taken over with another password', async () => {
    await company('wanted');
    await user('mine@example.com');
    const argv = ['--email', 'mine@example.com', '--password', 'another one', '--name', 'X'];
    const taken = await operate(portal, 'user:create', ...argv, '--company', 'wanted', '--role', 'owner');
    expect(taken).toMatchObject({ code: 1, error: '--email mine@example.com has an account with another password' });
    expect(await user('mine@example.com')).toMatchObject({ code: 1, answer: null });
  });

  test('a company that is not there is named, with those that are; nobody is made', async () => {
    await company('there');
    const { code, error } = await user('lost@example.com', '--company', 'nowhere', '--role', 'owner');
    expect(code).toBe(1);
    expect(error).toMatch(/^--company nowhere: there is no such company; there are .*there/);
    expect((await user('lost@example.com')).code).toBe(0);
  });

  test('a password keeps its blanks, and may begin with a dash', async () => {
    const argv = ['--email', 'dash@example.com', '--password=-- two words ', '--name', 'Dash', '--admin'];
    expect((await operate(portal, 'user:create', ...argv)).code).toBe(0);
    await signIn(portal, { id: '', name: '', email: 'dash@example.com', password: '-- two words ' });
  });
});

describe('key:create', () => {
  test('answers a key that opens its company and no other', async () => {
    await company('keys');
    await company('others');
    const { answer } = await operate(portal, 'key:create', '--company', 'keys', '--name', 'till');
    const { key, scopes } = answer as { key: string; scopes: string[] };
    expect(scopes).toEqual(['ingest', 'read']);
    expect((await portal.tenancy.keyHolder(key, 'keys'))?.company?.slug).toBe('keys');
    expect((await portal.tenancy.keyHolder(key, 'others'))?.company).toBeNull();
  });

  test('answers a key of the portal with the scopes that were wanted', async () => {
    await company('any');
    const argv = ['--portal', '--name', 'back end', '--scopes', 'ingest, consents'];
    const { key } = (await operate(portal, 'key:create', ...argv)).answer as { key: string };
    const holder = await portal.tenancy.keyHolder(key, 'any');
    expect(holder).toMatchObject({ scopes: ['ingest', 'consents'], company: { slug: 'any' } });
  });
});

test('everything the operator made is in the audit log, without a user and without a secret', async () => {
  await company('audited');
  await user('audited@example.com', '--company', 'audited', '--role', 'owner');
  await operate(portal, 'key:create', '--company', 'audited', '--name', 'audited key');
  const entries = await portal.tenancy.inPortal((db) =>
    db.query<{ action: string; user_id: string | null; subject: object }>(sql`
      select action, user_id, subject from audit_entry where subject::text like '%audited%'
        or company_id = (select id from company where slug = 'audited')`),
  );
  const actions = entries.map((entry) => entry.action);
  expect(actions).toEqual(expect.arrayContaining(['company.created', 'user.created', 'member.added', 'key.made']));
  expect(entries.every((entry) => entry.user_id === null)).toBe(true);
  expect(JSON.stringify(entries)).not.toMatch(/long enough|clk_/);
});

test('migrate says what it applied: nothing, on a database that is new enough', async () => {
  expect(await operate(portal, 'migrate')).toEqual({ code: 0, answer: { applied: [] }, error: '' });
});

test('seed:demo leaves a portal alone that holds something', async () => {
  await company('mine');
  const { code, answer, error } = await operate(portal, 'seed:demo');
  expect({ code, answer }).toEqual({ code: 1, answer: null });
  expect(error).toMatch(/^the portal holds companies or users already/);
});
