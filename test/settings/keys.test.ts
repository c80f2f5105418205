import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from '../../src/platform/db.ts';
import { apiKey, makeApp, makeCompany, memberOf, type TestApp, type Visitor } from '../make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

async function make(owner: Visitor, fields: Record<string, string | string[]>) {
  const answer = await owner.post('/settings/keys', fields);
  return { answer, key: /value="(clk_[^"]+)"/.exec(answer.text)?.[1] ?? '' };
}

describe('a key of the API', () => {
  test('is shown once, works, and only its hash is kept', async () => {
    const company = await makeCompany(portal);
    const owner = await memberOf(portal, company);
    const { answer, key } = await make(owner, { name: 'Shop', scopes: ['ingest', 'read'] });
    expect(answer.status).toBe(201);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(await portal.tenancy.keyHolder(key, company.slug)).toMatchObject({
      scopes: ['ingest', 'read'],
      company: { id: company.id },
    });
    const list = (await owner.get('/settings/keys')).text;
    expect(list).toContain(`clk_…${key.slice(-4)}`);
    expect(list).not.toContain(key);
    const rows = await portal.database.prisma.$queryRaw(
      sql`select * from api_key where company_id = ${company.id}::uuid`,
    );
    expect(JSON.stringify(rows)).not.toContain(key);
  });

  test('with one scope alone holds that one; with none it is not made', async () => {
    const company = await makeCompany(portal);
    const owner = await memberOf(portal, company);
    const { key } = await make(owner, { name: 'Reader', scopes: 'read' });
    expect((await portal.tenancy.keyHolder(key, company.slug))?.scopes).toEqual(['read']);
    const { answer } = await make(owner, { name: 'Nothing' });
    expect([answer.status, answer.text.includes('Tick at least one.')]).toEqual([422, true]);
    expect(answer.text).toContain('value="Nothing"');
    expect((await make(owner, { name: 'Made up', scopes: 'everything' })).answer.status).toBe(422);
  });

  test('is revoked after a second question, and opens nothing from then on', async () => {
    const company = await makeCompany(portal);
    const owner = await memberOf(portal, company);
    const { key } = await make(owner, { name: 'Old', scopes: 'read' });
    const id = /keys\/([0-9a-f-]+)\/revocation/.exec((await owner.get('/settings/keys')).text)?.[1];
    expect((await owner.get(`/settings/keys/${id}/revocation`)).text).toContain('Revoke the key “Old”?');
    expect((await owner.post(`/settings/keys/${id}/revocation`)).status).toBe(303);
    expect(await portal.tenancy.keyHolder(key, company.slug)).toBeNull();
    expect((await owner.post(`/settings/keys/${id}/revocation`)).status).toBe(404);
  });

  test('P-05 can be revoked without a paid plan', async () => {
    const company = await makeCompany(portal, { plan: 'free' });
    const leaked = await apiKey(portal, company);
    const { keyId = '' } = (await portal.tenancy.keyHolder(leaked, null)) ?? {};
    const owner = await memberOf(portal, company);
    expect((await owner.get('/settings/keys')).text).toContain(`/settings/keys/${keyId}/revocation`);
    expect((await owner.post(`/settings/keys/${keyId}/revocation`)).status).toBe(303);
    expect(await portal.tenancy.keyHolder(leaked, null)).toBeNull();
  });

  test('of another company can be neither seen nor revoked', async () => {
    const company = await makeCompany(portal);
    const { key } = await make(await memberOf(portal, company), { name: 'Theirs', scopes: 'read' });
    const holder = await portal.tenancy.keyHolder(key, null);
    const other = await memberOf(portal, await makeCompany(portal));
    expect((await other.get('/settings/keys')).text).not.toContain('Theirs');
    for (const method of ['get', 'post'] as const) {
      expect((await other[method](`/settings/keys/${holder?.keyId}/revocation`)).status).toBe(404);
    }
    expect(await portal.tenancy.keyHolder(key, null)).not.toBeNull();
  });
});
