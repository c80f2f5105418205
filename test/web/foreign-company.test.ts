import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { joinCompany, makeApp, makeCompany, makeUser, signIn, type TestApp, type TestUser } from '../make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

/** Somebody of two companies, whose form was shown in the first while another tab has moved on to the second. */
async function twoTabs() {
  const first = await makeCompany(portal, { name: 'First & Sons' });
  const second = await makeCompany(portal, { name: 'Second' });
  const user = await makeUser(portal, { company: first });
  await joinCompany(portal, user, second);
  const visitor = await signIn(portal, user);
  await visitor.get('/settings/company');
  expect(visitor.companyId).toBe(first.id);
  expect((await visitor.post(`/companies/${second.id}/current`)).status).toBe(303);
  return { first, second, user, visitor };
}

const typed = { name: 'Typed <name>', timezone: 'Europe/Kyiv', locale: 'en', identity: 'ask', extra: ['one', 'two'] };

const nameOf = async ({ id }: Company) => (await portal.tenancy.companyOfJob({ companyId: id }))?.name;

const leave = ({ id }: Company, user: TestUser) =>
  portal.database.prisma.$executeRaw(
    sql`delete from membership where company_id = ${id}::uuid and user_id = ${user.id}::uuid`,
  );

describe('a form saved from a tab of another company', () => {
  test('changes neither, names both, and keeps everything that was typed', async () => {
    const { first, second, visitor } = await twoTabs();
    const { status, text } = await visitor.post('/settings/company', { ...typed, _company: first.id });
    expect(status).toBe(409);
    expect(text).toContain('First &amp; Sons');
    expect(text).toContain('Second');
    expect(text).toContain('name="name" value="Typed &lt;name&gt;"');
    expect(text.match(/name="extra" value="(one|two)"/g)).toHaveLength(2);
    expect([await nameOf(first), await nameOf(second)]).toEqual(['First & Sons', 'Second']);
  });

  test('is sent again by one button, into the company it was shown in', async () => {
    const { first, second, visitor } = await twoTabs();
    const fields = { ...typed, _company: first.id };
    await visitor.post('/settings/company', fields);
    expect((await visitor.post('/settings/company', { ...fields, _switch: '1' })).status).toBe(303);
    expect([await nameOf(first), await nameOf(second)]).toEqual(['Typed <name>', 'Second']);
    expect((await visitor.get('/settings/company')).text).toContain('Typed &lt;name&gt;');
  });

  test('of a company one was removed from offers no way there', async () => {
    const { first, user, visitor } = await twoTabs();
    await leave(first, user);
    const { status, text } = await visitor.post('/settings/company', { ...typed, _company: first.id, _switch: '1' });
    expect(status).toBe(409);
    expect(text).not.toContain('First &amp; Sons');
    expect(text).not.toContain('_switch');
    expect(await nameOf(first)).toBe('First & Sons');
  });

  test('counts the role there: no more than that company allows', async () => {
    const company = await makeCompany(portal);
    const own = await makeCompany(portal);
    const user = await makeUser(portal, { company: own });
    await joinCompany(portal, user, company, 'viewer');
    const visitor = await signIn(portal, user);
    const answer = await visitor.post('/settings/company', { ...typed, _company: company.id, _switch: '1' });
    expect(answer.status).toBe(403);
    expect(await nameOf(company)).not.toBe('Typed <name>');
  });

  test('names nobody else’s company', async () => {
    const foreign = await makeCompany(portal, { name: 'Foreign company' });
    const { visitor } = await twoTabs();
    const { status, text } = await visitor.post('/settings/company', { ...typed, _company: foreign.id });
    expect(status).toBe(409);
    expect(text).not.toContain('Foreign company');
  });
});
