import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { seal, unseal } from '../../src/auth/second-factor/seal.ts';
import { newId } from '../../src/kernel/id.ts';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import {
  joinCompany,
  letters,
  makeApp,
  makeCompany,
  makeUser,
  memberOf,
  signIn,
  type TestApp,
  type TestUser,
  Visitor,
} from '../make.ts';
import { operate } from '../operator/operator.ts';
import { codeOf, makeTime, type Time, turnOn } from './second-factor-make.ts';

let portal: TestApp;
let time: Time;
beforeAll(async () => {
  portal = await makeApp();
  time = makeTime(portal);
});
afterAll(() => portal.close());

describe('a company that wants it of all its members', () => {
  let company: Company;
  let owner: Visitor;
  let member: TestUser;
  beforeAll(async () => {
    company = await makeCompany(portal);
    const user = await makeUser(portal, { company });
    member = await makeUser(portal, { company, role: 'manager' });
    owner = await signIn(portal, user);
    await owner.get('/settings/users');
    await owner.post('/settings/second-factor', { wanted: 'on' });
    expect((await owner.get('/settings/users')).text).toContain('Set it up for yourself first');
    await turnOn(owner, user, time);
    await owner.get('/settings/users');
    await owner.post('/settings/second-factor', { wanted: 'on' });
  });

  test('leads one without to setting it up, from every page and form of the company, letters’ links too', async () => {
    const visitor = await signIn(portal, member);
    const gets = ['/customers', '/notices', '/exports', '/sms', `/companies/${company.id}/exports/${newId()}/file`];
    for (const path of gets) {
      expect([path, (await visitor.get(path)).headers.location]).toEqual([path, '/profile/security']);
    }
    for (const path of ['/exports', '/tags', '/notices/read']) {
      expect([path, (await visitor.post(path)).headers.location]).toEqual([path, '/profile/security']);
    }
    expect((await visitor.get('/profile/security')).text).toContain(`${company.name} wants two-factor sign-in`);
    const { text } = await visitor.get('/profile');
    expect(text).not.toContain('role="alert"');
  });

  test('lets one in who has set it up, who then cannot turn it off', async () => {
    const visitor = await signIn(portal, member);
    const { secret } = await turnOn(visitor, member, time);
    expect((await visitor.get('/customers')).status).toBe(200);
    const fields = { current: member.password, code: codeOf(secret, time.pass()) };
    expect((await visitor.post('/profile/security/removal', fields)).headers.location).toBe('/profile/security');
    expect((await visitor.get('/profile/security')).text).toContain('it cannot be turned off');
  });

  test('shuts nobody out of another company of theirs', async () => {
    const user = await makeUser(portal, { company: await makeCompany(portal) });
    await joinCompany(portal, user, company, 'viewer');
    const visitor = await signIn(portal, user);
    expect((await visitor.get('/customers')).status).toBe(200);
    await visitor.get('/companies');
    await visitor.post(`/companies/${company.id}/current`);
    expect((await visitor.get('/customers')).headers.location).toBe('/profile/security');
  });
});

test('the portal can want it of administrators and moderators, and of nobody else', async () => {
  const own = await makeApp();
  const clock = makeTime(own);
  const company = await makeCompany(own);
  const [boss, moderator] = [await makeUser(own, { admin: true }), await makeUser(own, { moderator: true })];
  const admin = await signIn(own, boss);
  await admin.get('/admin/settings');
  await admin.post('/admin/settings', { 'secondFactor.portal': 'on' });
  expect((await admin.get('/admin/users')).headers.location).toBe('/profile/security');
  expect((await (await signIn(own, moderator)).get('/moderation')).headers.location).toBe('/profile/security');
  expect((await (await memberOf(own, company)).get('/customers')).status).toBe(200);
  expect((await admin.get('/profile/security')).text).toContain('The portal wants two-factor sign-in');
  await turnOn(admin, boss, clock);
  expect((await admin.get('/admin/users')).status).toBe(200);
  await own.close();
});

describe('a lost second factor', () => {
  test('is taken away by an owner, written down and told; every session of the person ends', async () => {
    const company = await makeCompany(portal);
    const [owner, lost] = [await memberOf(portal, company), await withFactor({ company, role: 'viewer' })];
    const path = `/settings/users/${lost.user.id}/second-factor-removal`;
    expect((await owner.get(`/settings/users/${lost.user.id}`)).text).toContain(path);
    await owner.get(path);
    expect((await owner.post(path)).status).toBe(303);
    expect((await lost.visitor.get('/profile')).status).toBe(303);
    await expect(signIn(portal, lost.user)).resolves.toBeInstanceOf(Visitor);
    expect((await letters(portal, lost.user.email))[0]?.subject).toBe('Your second factor was removed');
    expect(await deeds(lost.user)).toContainEqual({ action: 'secondFactor.removed', company: company.id });
  });

  test('of somebody who belongs to another company or to the portal too is not an owner’s, nor one’s own', async () => {
    const company = await makeCompany(portal);
    const user = await makeUser(portal, { company });
    const owner = await signIn(portal, user);
    const elsewhere = await withFactor({ company });
    await joinCompany(portal, elsewhere.user, await makeCompany(portal));
    const boss = await withFactor({ company, admin: true });
    await turnOn(owner, user, time);
    for (const { id } of [elsewhere.user, boss.user, user]) {
      expect((await owner.get(`/settings/users/${id}/second-factor-removal`)).status).toBe(404);
      await owner.get('/settings/users');
      expect((await owner.post(`/settings/users/${id}/second-factor-removal`)).status).toBe(404);
    }
    expect((await elsewhere.visitor.get('/profile')).status).toBe(200);
  });

  test('is taken away by an administrator, or by the operator’s command', async () => {
    const admin = await signIn(portal, await makeUser(portal, { admin: true }));
    const [first, second] = [await withFactor({}), await withFactor({})];
    await admin.get(`/admin/users/${first.user.id}/second-factor-removal`);
    await admin.post(`/admin/users/${first.user.id}/second-factor-removal`);
    await expect(signIn(portal, first.user)).resolves.toBeInstanceOf(Visitor);
    const reset = () => operate(portal, 'user:reset-second-factor', '--email', second.user.email.toUpperCase());
    expect((await reset()).answer).toMatchObject({ removed: true });
    expect((await reset()).answer).toMatchObject({ removed: false });
    await expect(signIn(portal, second.user)).resolves.toBeInstanceOf(Visitor);
  });
});

describe('the seal of a secret', () => {
  const [older, newer] = [{ sessionSecret: 'the first one of all' }, { sessionSecret: 'the one that follows' }];

  test('is opened by the key before this one too, and by no other, for no other person', () => {
    const sealed = seal('SECRET', 'me', older);
    expect(unseal(sealed, 'me', older)).toEqual({ text: 'SECRET', stale: false });
    expect(unseal(sealed, 'me', { ...newer, earlierSessionSecret: older.sessionSecret })).toEqual({
      text: 'SECRET',
      stale: true,
    });
    expect(unseal(sealed, 'me', newer)).toBeNull();
    expect(unseal(sealed, 'somebody else', older)).toBeNull();
    expect(unseal(`${sealed.slice(0, -2)}AA`, 'me', older)).toBeNull();
  });

  test('is renewed under the new key when it is used', async () => {
    const { user, secret } = await withFactor({});
    const before = await sealOf(user);
    const { secrets } = portal.services;
    const now = {
      ...secrets,
      sessionSecret: 'the secret of the day after',
      earlierSessionSecret: secrets.sessionSecret,
    };
    Object.assign(portal.services, { secrets: now });
    const visitor = await halfWay(user);
    expect((await visitor.post('/login/code', { code: codeOf(secret, time.pass()) })).status).toBe(303);
    Object.assign(portal.services, { secrets });
    const after = await sealOf(user);
    expect(after).not.toBe(before);
    expect(unseal(after, user.id, { sessionSecret: now.sessionSecret })?.stale).toBe(false);
  });
});

async function withFactor(wishes: Parameters<typeof makeUser>[1]) {
  const user = await makeUser(portal, wishes);
  const visitor = await signIn(portal, user);
  return { user, visitor, ...(await turnOn(visitor, user, time)) };
}

async function halfWay(user: TestUser): Promise<Visitor> {
  const visitor = new Visitor(portal);
  await visitor.get('/login');
  await visitor.post('/login', { email: user.email, password: user.password });
  await visitor.get('/login/code');
  return visitor;
}

const sealOf = async ({ id }: TestUser) =>
  (
    await portal.database.prisma.$queryRaw<{ secret: string }[]>(
      sql`select secret from second_factor where user_id = ${id}::uuid`,
    )
  )[0]?.secret ?? '';

const deeds = ({ id }: TestUser) =>
  portal.database.prisma.$queryRaw<{ action: string; company: string | null }[]>(
    sql`select action, company_id as company from audit_entry where subject ->> 'id' = ${id}`,
  );
