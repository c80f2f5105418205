import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import { makeApp, makeCompany, memberOf, type TestApp } from '../make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

const profile = { name: 'New name', timezone: 'America/New_York', locale: 'uk', identity: 'ask' };

describe('the settings of a company', () => {
  test('are saved, written down, and in force at once', async () => {
    const company = await makeCompany(portal);
    const owner = await memberOf(portal, company);
    expect((await owner.post('/settings/company', profile)).status).toBe(303);
    expect(await portal.tenancy.companyOfJob({ companyId: company.id })).toMatchObject(profile);
    const entries = await portal.database.prisma.$queryRaw<{ action: string }[]>(
      sql`select action from audit_entry where company_id = ${company.id}::uuid order by at, id`,
    );
    expect(entries.map(({ action }) => action)).toContain('company.profile');
    const shown = (await owner.get('/settings/company')).text;
    expect(shown).toContain('value="New name"');
    expect(shown).toContain('value="America/New_York"');
  });

  test('that cannot be right are refused beside their field, with everything typed kept', async () => {
    const company = await makeCompany(portal);
    const owner = await memberOf(portal, company);
    const { status, text } = await owner.post('/settings/company', { ...profile, name: ' ', timezone: 'Mars/Base' });
    expect(status).toBe(422);
    expect(text).toContain('This is no time zone.');
    expect(text).toContain('Please fill this in.');
    expect(text).toContain('value="Mars/Base"');
    expect(text).toMatch(/value="ask" checked/);
    expect((await portal.tenancy.companyOfJob({ companyId: company.id }))?.name).toBe(company.name);
  });

  test('another time zone counts the customers under their new days', async () => {
    const company = await makeCompany(portal, { timezone: 'Europe/Kyiv' });
    const owner = await memberOf(portal, company);
    await portal.database.prisma.$executeRaw(sql`
      insert into customer (company_id, id, activities_count, last_activity_at, rollup_day, rollup_class)
      values (${company.id}::uuid, gen_random_uuid(), 1, '2026-03-10T23:00:00Z', '2026-03-11', 'one')`);
    await portal.database.prisma.$executeRaw(
      sql`insert into activity_rollup (company_id, day, class, customers) values (${company.id}::uuid, '2026-03-11', 'one', 1)`,
    );
    await owner.post('/settings/company', profile);
    const days = await portal.database.prisma.$queryRaw<{ day: string; customers: bigint }[]>(
      sql`select day::text, customers from activity_rollup where company_id = ${company.id}::uuid and customers > 0`,
    );
    expect(days).toEqual([{ day: '2026-03-10', customers: 1n }]);
  });
});
