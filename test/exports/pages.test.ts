import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Response } from 'supertest';
import { newId } from '../../src/kernel/id.ts';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { person, storePeople } from '../customers/make.ts';
import { joinCompany, makeApp, makeCompany, makeUser, memberOf, signIn, type TestApp, Visitor } from '../make.ts';
import { exportRow, filesOf, readCsv, request } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

async function companyWith(names: string[]): Promise<Company> {
  const company = await makeCompany(portal, { name: 'Їжак "&" Co' });
  await storePeople(
    portal.tenancy,
    company,
    names.map((name) => person({ name })),
  );
  return company;
}

async function finished(company: Company): Promise<string> {
  const id = await request(portal, company);
  await portal.runJobs();
  return id;
}

const file = (id: string) => `/exports/${id}/file`;
const withoutNumber = (answer: Response) =>
  answer.text
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '')
    .replace(/nonce="[^"]*"/g, '')
    .replace(/value="[\w-]{20,}"/g, '')
    .replace(/x-csrf-token":"[^"]*"/, '');
const latest = async (company: Company) => {
  const rows = await portal.database.prisma.$queryRaw<{ id: string }[]>(
    sql`select id from export where company_id = ${company.id}::uuid order by created_at desc, id desc limit 1`,
  );
  return rows[0]?.id ?? '';
};

describe('the way of an export through the cabinet', () => {
  test('P-92 P-94 the button makes the file, and the cabinet says that the link will come by e-mail', async () => {
    const company = await companyWith(['Олена', 'Ivan']);
    const user = await makeUser(portal, { company });
    const visitor = await signIn(portal, user);
    const answer = await visitor.post('/exports', { filter: 'q=олена', format: 'csv' });
    expect([answer.status, answer.headers.location]).toEqual([303, '/exports']);
    const waiting = await visitor.get('/exports');
    expect(waiting.text).toContain(`The link will come by e-mail to ${user.email}`);
    expect(waiting.text).toContain('hx-trigger="every 2s"');
    await portal.runJobs();
    const page = await visitor.get('/exports');
    expect(page.text).not.toContain('hx-trigger');
    expect(page.text).toContain('1 customer');
    expect(page.text).toContain(user.name);
    const id = await latest(company);
    expect(page.text).toContain((await exportRow(portal, id)).sha256);
    const taken = await visitor.get(file(id));
    expect(readCsv(Buffer.from(taken.text)).map(([name]) => name)).toEqual(['Name', 'Олена']);
  });

  test('shows how far it is while it runs', async () => {
    const company = await companyWith([]);
    const id = await request(portal, company);
    await portal.database.prisma.$executeRaw(
      sql`update export set state = 'running', rows_done = 1500, rows_total = 6000 where id = ${id}::uuid`,
    );
    const page = await (await memberOf(portal, company)).get('/exports');
    expect(page.text).toContain('<progress class="progress mt-2 mb-1" value="1500" max="6000"');
    expect(page.text).toContain('1,500 of 6,000');
  });

  test('is cancelled by its button', async () => {
    const company = await companyWith([]);
    const id = await request(portal, company);
    const visitor = await memberOf(portal, company);
    const answer = await visitor.post(`/exports/${id}/cancellation`);
    expect(answer.status).toBe(303);
    expect((await exportRow(portal, id)).state).toBe('cancelled');
    expect((await visitor.get('/exports')).text).toContain('Cancelled');
  });

  test('is revoked after a question, without any script', async () => {
    const company = await companyWith(['Somebody']);
    const id = await finished(company);
    const visitor = await memberOf(portal, company);
    const question = await visitor.get(`/exports/${id}/revocation`);
    expect(question.text).toContain('Revoke this file?');
    expect((await exportRow(portal, id)).state).toBe('done');
    await visitor.post(`/exports/${id}/revocation`);
    expect(await exportRow(portal, id)).toMatchObject({ state: 'revoked', file_key: null });
    expect(filesOf(portal, company)).toEqual([]);
    expect((await visitor.get(`/exports/${id}/revocation`)).status).toBe(404);
  });

  test('begins with a page that says how', async () => {
    const page = await (await memberOf(portal, await companyWith([]))).get('/exports');
    expect(page.text).toContain('No exports yet');
    expect(page.text).toContain('href="/customers"');
  });

  test('is told about 20 at a time', async () => {
    const company = await companyWith([]);
    const user = await makeUser(portal, { company });
    await portal.database.prisma.$executeRaw(sql`
      insert into export (company_id, id, user_id, format, state)
      select ${company.id}::uuid, gen_random_uuid(), ${user.id}::uuid, 'csv', 'cancelled' from generate_series(1, 25)`);
    const visitor = await signIn(portal, user);
    const ids = (text: string) => [...text.matchAll(/id="export-([^"]*)"/g)].map(([, id]) => id);
    const first = await visitor.get('/exports');
    const older = /href="(\/exports\?before[^"]*)">Older/.exec(first.text)?.[1] ?? '';
    const second = await visitor.get(older.replace('&#x3D;', '='));
    expect(ids(first.text)).toHaveLength(20);
    expect(new Set([...ids(first.text), ...ids(second.text)]).size).toBe(25);
  });

  test.each([
    ['an unknown format', { format: 'pdf' }],
    ['two formats', { format: ['csv', 'xlsx'] }],
    ['an endless filter', { filter: 'x'.repeat(20_001) }],
  ])('refuses what is no export: %s', async (_what, fields) => {
    const company = await companyWith([]);
    const visitor = await memberOf(portal, company);
    await visitor.post('/exports', fields);
    expect((await visitor.get('/exports')).text).toContain('could not be understood');
    expect(await latest(company)).toBe('');
  });
});

describe('the link of an export', () => {
  test('gives the file under a readable name, to be saved and not kept by anybody on the way', async () => {
    const company = await companyWith(['Somebody']);
    const id = await finished(company);
    const { headers, text } = await (await memberOf(portal, company)).get(file(id));
    expect(headers['content-disposition']).toMatch(
      /^attachment; filename=".*"; filename\*=UTF-8''Customers%20of%20%D0%87/,
    );
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(headers['content-length']).toBe(String(Buffer.byteLength(text)));
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
  });

  test('writes down every download with person and address, and none for a mere look', async () => {
    const company = await companyWith(['Somebody']);
    const id = await finished(company);
    const user = await makeUser(portal, { company, role: 'manager' });
    const visitor = await signIn(portal, user);
    await visitor.get(file(id));
    await visitor.get(file(id));
    await visitor.agent.head(file(id));
    const rows = await portal.database.prisma.$queryRaw<unknown[]>(
      sql`select user_id, address from export_download where export_id = ${id}::uuid`,
    );
    const entry = { user_id: user.id, address: expect.stringContaining('127.0.0.1') };
    expect(rows).toEqual([entry, entry]);
    expect((await visitor.get('/exports')).text).toContain('downloaded 2 times');
  });

  test('asks those who are not signed in to sign in, and brings them back', async () => {
    const id = await finished(await companyWith([]));
    const answer = await new Visitor(portal).get(file(id));
    expect([answer.status, answer.headers.location]).toEqual([303, `/login?next=${encodeURIComponent(file(id))}`]);
  });

  test('answers a viewer that it is not allowed', async () => {
    const company = await companyWith([]);
    const id = await finished(company);
    const viewer = await memberOf(portal, company, 'viewer');
    expect((await viewer.get(file(id))).status).toBe(403);
    expect((await viewer.get('/exports')).status).toBe(403);
    expect((await viewer.post('/exports')).status).toBe(403);
  });

  test('is the same nothing for foreign, unknown, unfinished, expired, revoked, failed and lost files', async () => {
    const company = await companyWith(['Somebody']);
    const visitor = await memberOf(portal, company);
    const unknown = await visitor.get(file(newId()));
    expect(unknown.status).toBe(404);
    const [foreign, revoked, failed, expired, lost] = [
      await finished(await companyWith([])),
      await finished(company),
      await finished(company),
      await finished(company),
      await finished(company),
    ];
    const unfinished = await request(portal, company);
    const set = (id: string, change: ReturnType<typeof sql>) =>
      portal.database.prisma.$executeRaw(sql`update export set ${change} where id = ${id}::uuid`);
    await set(revoked, sql`state = 'revoked'`);
    await set(failed, sql`state = 'failed'`);
    await set(expired, sql`expires_at = now() - interval '1 second'`);
    const { file_key: key } = await exportRow(portal, lost);
    await portal.services.files.remove(key ?? '');
    for (const id of [foreign, revoked, failed, expired, lost, unfinished]) {
      const answer = await visitor.get(file(id));
      expect(answer.status).toBe(404);
      expect(withoutNumber(answer)).toBe(withoutNumber(unknown));
    }
  });

  test('works for a member of two companies in the one that it belongs to', async () => {
    const [company, other] = [await companyWith([]), await companyWith([])];
    const id = await finished(company);
    const user = await makeUser(portal, { company: other });
    await joinCompany(portal, user, company);
    const visitor = await signIn(portal, user);
    const answers = [];
    for (const { id: current } of [other, company]) {
      await visitor.post(`/companies/${current}/current`);
      answers.push((await visitor.get(file(id))).status);
    }
    expect(answers).toEqual([404, 200]);
  });

  test('ends after 7 days: the file is thrown away, the others stay', async () => {
    const company = await companyWith([]);
    const old = await finished(company);
    await portal.database.prisma.$executeRaw(
      sql`update export set expires_at = now() - interval '1 second' where id = ${old}::uuid`,
    );
    const young = await finished(company);
    const visitor = await memberOf(portal, company);
    expect((await visitor.get('/exports')).text).toContain('Expired');
    await expireAll();
    expect(await exportRow(portal, old)).toMatchObject({ state: 'expired', file_key: null });
    expect(filesOf(portal, company)).toHaveLength(1);
    expect((await visitor.get(file(young))).status).toBe(200);
  });
});

async function expireAll(): Promise<void> {
  await portal.database.prisma.$executeRaw(
    sql`insert into job (id, name) values (gen_random_uuid(), 'exports.expire')`,
  );
  await portal.runJobs();
}

describe('the link of the letter', () => {
  const fromLetter = (company: Company, id: string) => `/companies/${company.id}/exports/${id}/file`;

  test('P-93 works for somebody of several companies, whichever the session is in', async () => {
    const [first, second] = [await companyWith(['Anna']), await companyWith(['Olena'])];
    const id = await finished(second);
    const user = await makeUser(portal, { company: first, role: 'viewer' });
    await joinCompany(portal, user, second);
    const visitor = await signIn(portal, user);
    const answer = await visitor.get(fromLetter(second, id));
    expect([answer.status, answer.text.includes('Olena')]).toEqual([200, true]);
  });

  test('is not there for strangers, for viewers, and under another company', async () => {
    const [company, other] = [await companyWith(['Olena']), await companyWith(['Anna'])];
    const id = await finished(company);
    const [owner, viewer, stranger] = [
      await memberOf(portal, company),
      await memberOf(portal, company, 'viewer'),
      await memberOf(portal, other),
    ];
    const answers = [
      await viewer.get(fromLetter(company, id)),
      await stranger.get(fromLetter(company, id)),
      await stranger.get(fromLetter(other, id)),
      await owner.get(fromLetter(other, id)),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  });
});

describe('the file of everything about one person', () => {
  test('is taken by those alone who may have it made, from the list and from the letter', async () => {
    const company = await companyWith(['Somebody']);
    const [owner, manager] = [await memberOf(portal, company), await memberOf(portal, company, 'manager')];
    const [customer] = await portal.database.prisma.$queryRaw<{ id: string }[]>(
      sql`select id from customer where company_id = ${company.id}::uuid`,
    );
    await owner.get(`/customers/${customer?.id}/copy`);
    await owner.post(`/customers/${customer?.id}/copy`);
    await portal.runJobs();
    const id = await latest(company);
    const ways = [file(id), `/companies/${company.id}${file(id)}`];
    const statuses = async (visitor: Visitor) => {
      const answers = [];
      for (const way of ways) answers.push((await visitor.get(way)).status);
      return answers;
    };
    expect(await statuses(manager)).toEqual([404, 404]);
    expect(await statuses(owner)).toEqual([200, 200]);
    const listed = async (visitor: Visitor) => (await visitor.get('/exports')).text;
    expect(await listed(owner)).toContain(`href="${file(id)}"`);
    const seen = await listed(manager);
    expect([seen.includes(`export-${id}`), seen.includes(`href="${file(id)}"`)]).toEqual([true, false]);
  });
});
