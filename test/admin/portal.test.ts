import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ACTIONS, FIELDS } from '../../src/audit/audit.ts';
import { sql } from '../../src/platform/db.ts';
import { translator } from '../../src/platform/i18n.ts';
import {
  apiKey,
  letters,
  makeApp,
  makeCompany,
  makeUser,
  memberOf,
  signIn,
  type TestApp,
  type Visitor,
} from '../make.ts';

let portal: TestApp;
let admin: Visitor;
beforeAll(async () => {
  portal = await makeApp();
  admin = await signIn(portal, await makeUser(portal, { admin: true }));
});
afterAll(() => portal.close());

const actions = async () => {
  const rows = await portal.database.prisma.$queryRaw<{ action: string }[]>(
    sql`select action from audit_entry where user_id is not null order by at, id`,
  );
  return rows.map(({ action }) => action);
};

const company = {
  name: 'Honey',
  slug: 'honey',
  country: 'UA',
  currency: 'UAH',
  timezone: 'Europe/Kyiv',
  locale: 'uk',
  plan: 'paid',
};

describe('companies', () => {
  test('are made by an administrator, and written down', async () => {
    expect((await admin.post('/admin/companies', company)).status).toBe(303);
    expect(await portal.tenancy.companyOfOperator('honey')).toMatchObject(company);
    expect(await actions()).toContain('company.created');
    expect((await admin.get('/admin/companies?q=HON')).text).toContain('Honey');
    expect((await admin.get('/admin/companies?q=nobody')).text).not.toContain('Honey');
  });

  test('with a short name that is taken, or with a wrong country, currency or zone, are refused beside the field', async () => {
    const taken = await makeCompany(portal);
    const wrong = { ...company, slug: taken.slug };
    expect((await admin.post('/admin/companies', wrong)).text).toContain('Another company has this short name.');
    for (const field of ['country', 'currency', 'timezone']) {
      const { status, text } = await admin.post('/admin/companies', { ...company, slug: 'other', [field]: 'XX' });
      expect([field, status]).toEqual([field, 422]);
      expect(text).toContain(`aria-describedby="d-${field}"`);
      expect(text).toContain('value="Honey"');
    }
  });

  test('P-05 lose and get their plan, and it counts from the next page on', async () => {
    const seller = await makeCompany(portal);
    const owner = await memberOf(portal, seller);
    const saysUnpaid = async () => (await owner.get('/settings/company')).text.includes('no paid plan');
    expect(await saysUnpaid()).toBe(false);
    await admin.post(`/admin/companies/${seller.id}`, { name: seller.name, plan: 'free' });
    expect(await saysUnpaid()).toBe(true);
    await admin.post(`/admin/companies/${seller.id}`, { name: seller.name, plan: 'paid' });
    expect(await saysUnpaid()).toBe(false);
    expect(await actions()).toContain('company.changed');
  });
});

describe('users', () => {
  test('are made with a company and a role, and choose their password by letter', async () => {
    const seller = await makeCompany(portal);
    const user = { email: 'made@example.com', name: 'Made', locale: 'en', company: seller.slug, role: 'manager' };
    expect((await admin.post('/admin/users', user)).status).toBe(303);
    await portal.runJobs();
    expect(await letters(portal, 'made@example.com')).toHaveLength(1);
    expect((await admin.get('/admin/users?q=made@')).text).toContain(`${seller.name} · Manager`);
  });

  test('of an unknown company, or with an address that is taken, are refused', async () => {
    const there = await makeUser(portal);
    const user = { email: there.email, name: 'Twice', locale: 'en', company: '', role: 'owner' };
    expect((await admin.post('/admin/users', user)).text).toContain('There is a user with this e-mail already.');
    const lost = { ...user, email: 'lost@example.com', company: 'nowhere' };
    expect((await admin.post('/admin/users', lost)).text).toContain('There is no company of this short name.');
    expect((await admin.get('/admin/users?q=lost@')).text).not.toContain('>Twice<');
  });

  test('who are kept out are signed out at once and cannot come back, until they are let in', async () => {
    const user = await makeUser(portal, { company: await makeCompany(portal) });
    const visitor = await signIn(portal, user);
    await admin.post(`/admin/users/${user.id}`, { disabled: 'on' });
    expect((await visitor.get('/profile')).status).toBe(303);
    await expect(signIn(portal, user)).rejects.toThrow('422');
    await admin.post(`/admin/users/${user.id}`, {});
    expect((await (await signIn(portal, user)).get('/profile')).status).toBe(200);
    expect((await visitor.get('/profile')).status).toBe(303);
  });

  test('who were kept out come back with no session of before, also one that nobody used meanwhile', async () => {
    const user = await makeUser(portal);
    const before = await signIn(portal, user);
    await admin.post(`/admin/users/${user.id}`, { disabled: 'on' });
    await admin.post(`/admin/users/${user.id}`, {});
    expect((await before.get('/profile')).headers.location).toBe('/login?next=%2Fprofile');
    const [sessions] = await portal.database.prisma.$queryRaw<{ count: number }[]>(
      sql`select count(*)::int as count from sign_in where user_id = ${user.id}::uuid`,
    );
    expect(sessions?.count).toBe(0);
  });

  test('become moderators and administrators, but nobody takes the last right from themselves', async () => {
    const user = await makeUser(portal);
    await admin.post(`/admin/users/${user.id}`, { admin: 'on', moderator: 'on' });
    const second = await signIn(portal, user);
    expect((await second.get('/admin/users')).status).toBe(200);
    const { status, text } = await second.post(`/admin/users/${user.id}`, { moderator: 'on' });
    expect([status, text.includes('cannot take your own')]).toEqual([422, true]);
    expect(await actions()).toContain('user.rights');
  });
});

describe('exchange rates', () => {
  test('are set for a day, replaced on the same day, and written down', async () => {
    const rate = { from: 'EUR', to: 'UAH', rate: '45.1', day: '2026-11-01' };
    expect((await admin.post('/admin/rates', rate)).status).toBe(303);
    await admin.post('/admin/rates', { ...rate, rate: '46.25' });
    const { text } = await admin.get('/admin/rates');
    expect(text).toContain('46.25');
    expect(text).not.toContain('45.1<');
    expect(await actions()).toContain('rate.set');
  });

  test.each([
    { from: 'EUR', to: 'EUR', rate: '1', day: '2026-11-01' },
    { from: 'EUR', to: 'UAH', rate: '0', day: '2026-11-01' },
    { from: 'EUR', to: 'UAH', rate: '-4', day: '2026-11-01' },
    { from: 'EUR', to: 'UAH', rate: '45,1', day: '2026-11-01' },
    { from: 'EUR', to: 'UAH', rate: '45.1', day: '2026-02-30' },
    { from: 'XXA', to: 'UAH', rate: '45.1', day: '2026-11-01' },
  ])('that cannot be right are refused: %j', async (rate) => {
    expect((await admin.post('/admin/rates', rate)).status).toBe(422);
  });
});

describe('what was done', () => {
  test('is shown to administrators, newest first, in words, page by page', async () => {
    const made = await makeCompany(portal, { name: 'Written down' });
    const { text } = await admin.get('/admin/audit');
    expect(text).toContain('A company was made');
    expect(text).toContain('Written down');
    expect(text.indexOf(made.slug)).toBeGreaterThan(0);
    for (let number = 0; number < 51; number++)
      await admin.post('/admin/rates', { ...rateOfToday, rate: `${number + 1}` });
    const older = /audit\?before&#x3D;([^"]+)"/.exec((await admin.get('/admin/audit')).text)?.[1];
    expect((await admin.get(`/admin/audit?before=${older}`)).text).toContain('Written down');
  });

  test('has words for every deed, and for all that is said of it', () => {
    for (const locale of ['en', 'uk'] as const) {
      for (const field of FIELDS) expect(translator(locale)(`admin.audit.field.${field}`)).not.toContain('admin.audit');
      for (const action of ACTIONS) expect(translator(locale)(`admin.action.${action}`)).not.toContain('admin.action');
    }
  });
});

const rateOfToday = { from: 'USD', to: 'UAH', day: '2026-11-21' };

describe('keys of the portal', () => {
  const make = (name: string, scopes: string | string[]) => admin.post('/admin/keys', { name, scopes });
  const keyIn = (text: string) => /value="(clk_[^"]+)"/.exec(text)?.[1] ?? '';

  test('are shown once and open every company, until they are revoked after a second question', async () => {
    const companies = [await makeCompany(portal), await makeCompany(portal)];
    await admin.get('/admin/keys');
    const answer = await make('Marketplace', ['ingest', 'read']);
    const key = keyIn(answer.text);
    expect([answer.status, answer.headers['cache-control']]).toEqual([201, 'no-store']);
    for (const { id, slug } of companies) {
      expect(await portal.tenancy.keyHolder(key, slug)).toMatchObject({ scopes: ['ingest', 'read'], company: { id } });
    }
    const list = (await admin.get('/admin/keys')).text;
    expect(list).toContain(`clk_…${key.slice(-4)}`);
    expect(list).not.toContain(key);
    const path = /\/admin\/keys\/[0-9a-f-]+\/revocation/.exec(list)?.[0] ?? '';
    expect((await admin.get(path)).text).toContain('Revoke the key “Marketplace”?');
    expect((await admin.post(path)).headers.location).toBe('/admin/keys');
    expect(await portal.tenancy.keyHolder(key, null)).toBeNull();
    expect((await admin.post(path)).status).toBe(404);
    expect(await actions()).toEqual(expect.arrayContaining(['key.made', 'key.revoked']));
  });

  test('without a name or a scope are not made', async () => {
    await admin.get('/admin/keys');
    const { status, text } = await make('Nothing', []);
    expect([status, text.includes('Tick at least one.'), text.includes('value="Nothing"')]).toEqual([422, true, true]);
    expect((await make('', 'read')).status).toBe(422);
  });

  test('are not those of a company, nor does a company’s owner see or make one', async () => {
    const shop = await makeCompany(portal);
    const theirs = (await portal.tenancy.keyHolder(await apiKey(portal, shop), null))?.keyId;
    const ours = (await portal.tenancy.keyHolder(await apiKey(portal, null), null))?.keyId;
    expect((await admin.get('/admin/keys')).text).not.toContain(theirs);
    expect((await admin.post(`/admin/keys/${theirs}/revocation`)).status).toBe(404);
    const owner = await memberOf(portal, shop);
    expect((await owner.get('/settings/keys')).text).not.toContain(ours);
    expect((await owner.post(`/settings/keys/${ours}/revocation`)).status).toBe(404);
    expect((await owner.post('/admin/keys', { name: 'Mine', scopes: 'read' })).status).toBe(403);
  });
});
