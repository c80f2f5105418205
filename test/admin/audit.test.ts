import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as audit from '../../src/audit/audit.ts';
import { newId } from '../../src/kernel/id.ts';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import {
  makeApp,
  makeCompany,
  makeUser,
  memberOf,
  signIn,
  type TestApp,
  type TestUser,
  type Visitor,
} from '../make.ts';

let portal: TestApp;
let admin: Visitor;
let honey: Company;
let owner: TestUser;
let visitor: Visitor;
const tag = newId();

beforeAll(async () => {
  portal = await makeApp();
  admin = await signIn(portal, await makeUser(portal, { admin: true }));
  honey = await makeCompany(portal, { slug: 'honey' });
  owner = await makeUser(portal, { company: honey });
  visitor = await signIn(portal, owner);
  await portal.tenancy.inCompany(honey, async (db) => {
    await audit.write(db, { userId: owner.id, action: 'tag.created', subject: { id: tag, name: '=1+1' } });
    await audit.write(db, { userId: null, action: 'consent.recorded', subject: { customers: 3 } });
  });
  const other = await makeCompany(portal, { slug: 'other' });
  await portal.tenancy.inCompany(other, (db) =>
    audit.write(db, { userId: null, action: 'tag.removed', subject: { id: newId(), name: 'Kanarienvogel' } }),
  );
});
afterAll(() => portal.close());

/** What was done, as the page tells it. */
const deeds = ({ text }: { text: string }) =>
  [...text.matchAll(/<td><strong>([^<]+)<\/strong>/g)].map(([, deed]) => deed);

const plain = (html: string) => html.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');

describe('the log', () => {
  test('is narrowed by who, what, company, what it was done to and days, all of it in the address', async () => {
    const ask = async (query: string) => deeds(await admin.get(`/admin/audit?${query}`));
    expect(await ask(`who=${owner.email}`)).toEqual(['A tag was added']);
    expect(await ask('company=honey&action=consent.recorded')).toHaveLength(1);
    expect(await ask(`subject=${tag}`)).toEqual(['A tag was added']);
    expect(await ask('company=other')).toContain('A tag was deleted');
    expect((await ask('company=honey')).length).toBeGreaterThan(2);
    const today = new Date().toISOString().slice(0, 10);
    expect(await ask(`subject=${tag}&from=${today}&to=${today}`)).toHaveLength(1);
    expect(await ask(`subject=${tag}&to=2020-01-01`)).toEqual([]);
    expect((await admin.get('/admin/audit?to=2020-01-01')).text).toContain('Nothing like that was done');
  });

  test('finds nothing for whom or what there is not, says so beside the field, and keeps what was typed', async () => {
    const wrong = { who: 'nobody@example.com', company: 'nowhere', subject: 'half-an-id', from: '2026-02-31' };
    const { text } = await admin.get(`/admin/audit?${new URLSearchParams(wrong)}`);
    for (const [field, typed] of Object.entries(wrong)) {
      expect(text).toContain(`aria-describedby="d-${field}"`);
      expect(text).toContain(`value="${typed}"`);
    }
    expect(deeds({ text })).toEqual([]);
  });

  test('is read on below the last one, with the filter kept', async () => {
    const company = await makeCompany(portal);
    await portal.tenancy.inCompany(company, async (db) => {
      for (let n = 0; n < 60; n++)
        await audit.write(db, { userId: null, action: 'tag.changed', subject: { name: `${n}` } });
    });
    const first = await admin.get(`/admin/audit?company=${company.slug}&action=tag.changed`);
    expect(deeds(first)).toHaveLength(50);
    const older = /href="(\/admin\/audit\?[^"]*before=[^"]+)"/.exec(plain(first.text))?.[1] ?? '';
    expect(older).toContain(`company=${company.slug}`);
    expect(deeds(await admin.get(older))).toHaveLength(10);
  });

  test('goes out as a table whose cells no spreadsheet runs; that it was taken is written down', async () => {
    const { text, headers } = await admin.get(`/admin/audit/file?subject=${tag}`);
    expect(headers['content-disposition']).toContain('attachment');
    expect(headers['cache-control']).toBe('no-store');
    const [head, line, end] = text.split('\r\n');
    expect(head).toBe('\uFEFFTime (UTC),Who,What,Action,Company,Details');
    expect(line).toContain(`${owner.email},A tag was added,tag.created`);
    expect([end, text.split('\r\n').length]).toEqual(['', 3]);
    expect((await admin.get('/admin/audit?action=audit.taken')).text).toContain(tag);
    const formula = await portal.tenancy
      .inCompany(honey, async (db) => {
        await db.execute(
          sql`insert into audit_entry (id, company_id, action) values (${newId()}::uuid, ${honey.id}::uuid, '=cmd|calc')`,
        );
      })
      .then(() => admin.get('/admin/audit/file?company=honey'));
    expect(formula.text).toContain(",'=cmd|calc,");
  });
});

describe('an owner', () => {
  test('reads what was done in the company and nothing of another, whatever the address names', async () => {
    const { text, status } = await visitor.get('/settings/audit');
    expect(status).toBe(200);
    expect(deeds({ text })).toContain('A tag was added');
    for (const query of ['', '?company=other', '?action=tag.removed', `?who=${owner.email}`])
      for (const path of ['/settings/audit', '/settings/audit/file'])
        expect((await visitor.get(path + query)).text).not.toContain('Kanarienvogel');
  });

  test('takes it as a file; managers and viewers do not see it', async () => {
    expect((await visitor.get(`/settings/audit/file?subject=${tag}`)).text).toContain('tag.created');
    for (const role of ['manager', 'viewer'] as const) {
      const member = await memberOf(portal, honey, role);
      for (const path of ['/settings/audit', '/settings/audit/file']) expect((await member.get(path)).status).toBe(403);
    }
  });

  test('learns of what people outside the company did, and not who they are', async () => {
    await portal.tenancy.inPortal(async (db) => {
      const stranger = await db.tables.user.findFirstOrThrow({ where: { admin: true } });
      await audit.write(db, {
        userId: stranger.id,
        action: 'company.changed',
        companyId: honey.id,
        subject: { plan: 'paid' },
      });
    });
    const { text } = await visitor.get('/settings/audit?action=company.changed');
    expect(text).toContain('somebody outside the company');
  });
});
