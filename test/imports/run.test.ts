import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { drift } from '../../src/identity/identity.ts';
import * as imports from '../../src/imports/imports.ts';
import { ingestOrders } from '../../src/ingest/ingest.ts';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { letters, makeApp, makeCompany, makeUser, type TestApp, type TestUser } from '../make.ts';
import { bring, check, customersOf, importFile, importRow, rowsOf, start } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

async function shop(wishes: Parameters<typeof makeCompany>[1] = {}): Promise<{ company: Company; user: TestUser }> {
  const company = await makeCompany(portal, wishes);
  return { company, user: await makeUser(portal, { company }) };
}

const outcomes = async (id: string) => (await rowsOf(portal, id)).map(({ outcome }) => outcome);
const order = (externalId: string, customer: object) => ({
  ...{ externalId, placedAt: '2026-11-01T10:00:00Z', currency: 'UAH', total: '10.00' },
  customer,
});
const arrivals = async (company: Company) =>
  (
    await portal.database.prisma.$queryRaw<{ n: number }[]>(
      sql`select count(*)::int as n from arrival where company_id = ${company.id}::uuid`,
    )
  )[0]?.n;

const importsOf = async (company: Company) =>
  (
    await portal.database.prisma.$queryRaw<{ n: number }[]>(
      sql`select count(*)::int as n from import where company_id = ${company.id}::uuid`,
    )
  )[0]?.n;

describe('rows of a file', () => {
  test('C-12 C-13 become customers with everything that the row says, and stay without any order', async () => {
    const { company, user } = await shop();
    const id = await importFile(
      portal,
      company,
      user.id,
      'Name;Phone;Second phone;E-mail;Gender;Region;Note;Tags;Other channels;Account\n' +
        'Олена Коваль;0671234567;+380 50 111 22 33;Olena@Example.com;ж;Київ;"Дзвонити\nпісля 18";VIP, опт;@olena;u-1\n',
    );
    expect(await outcomes(id)).toEqual(['created']);
    const [customer] = await customersOf(portal, company);
    expect(customer).toMatchObject({
      ...{ name: 'Олена Коваль', gender: 'female', region: 'Київ', note: 'Дзвонити\nпісля 18', channels: '@olena' },
      ...{ phones: ['+380671234567', '+380501112233'], emails: ['olena@example.com'], accounts: ['u-1'] },
      tags: ['VIP', 'опт'],
    });
    expect((await rowsOf(portal, id))[0]?.customer_id).toBe(customer?.id);
    const history = await portal.database.prisma.$queryRaw<{ action: string; user_id: string }[]>(
      sql`select action, user_id from customer_change where customer_id = ${customer?.id}::uuid`,
    );
    expect(history).toEqual([{ action: 'imported', user_id: user.id }]);
  });

  test('C-13 are known by the contacts of orders, whose name counts more, and fill what is missing', async () => {
    const { company, user } = await shop();
    await ingestOrders(
      portal.tenancy,
      company,
      [order('1', { name: 'Order Name', phones: ['067 123 45 67'] })],
      new Date(),
    );
    const id = await importFile(
      portal,
      company,
      user.id,
      'Name,Phone,E-mail,Region,Note\nFile Name,380671234567,a@example.com,Lviv,first\nFile Name,380671234567,a@example.com,Lviv,second\n',
    );
    expect(await outcomes(id)).toEqual(['updated', 'unchanged']);
    expect((await rowsOf(portal, id))[1]?.problems).toEqual([{ code: 'noteKept', column: null }]);
    const customers = await customersOf(portal, company);
    expect(customers).toHaveLength(1);
    expect(customers[0]).toMatchObject({
      name: 'Order Name',
      region: 'Lviv',
      emails: ['a@example.com'],
      note: 'first',
    });
  });

  test('C-13 that name two customers merge them, where the company merges by itself', async () => {
    for (const [identity, outcome, left] of [
      ['automatic', 'merged', 1],
      ['ask', 'unchanged', 2],
    ] as const) {
      const { company, user } = await shop({ identity });
      const two = [order('1', { phones: ['0671234567'] }), order('2', { emails: ['b@example.com'] })];
      await ingestOrders(portal.tenancy, company, two, new Date());
      const id = await importFile(portal, company, user.id, 'Phone,E-mail\n0671234567,b@example.com\n');
      expect(await outcomes(id)).toEqual([outcome]);
      expect(await customersOf(portal, company)).toHaveLength(left);
    }
  });

  test('C-13 come as they were foretold, also when they meet within the file', async () => {
    const { company, user } = await shop();
    const id = await importFile(
      portal,
      company,
      user.id,
      'Name,Phone,E-mail\n' +
        'A,0671111111,\nB,,b@example.com\nA,0671111111,\nA,0671111111,b@example.com\nA2,0671111111,\nNobody,,\nC,not a phone,c@example.com\n',
    );
    const rows = await rowsOf(portal, id);
    expect(rows.map(({ expected }) => expected)).toEqual(rows.map(({ outcome }) => outcome));
    expect(rows.map(({ outcome }) => outcome)).toEqual([
      ...['created', 'created', 'unchanged', 'merged', 'updated', 'refused', 'refused'],
    ]);
    expect(await customersOf(portal, company)).toMatchObject([{ name: 'A2', phones: ['+380671111111'] }]);
    expect((await importRow(portal, company, id)).counts).toEqual({
      created: 2,
      unchanged: 1,
      merged: 1,
      updated: 1,
      refused: 2,
    });
  });

  test('C-13 of the same file, or of another one with the same rows, add nothing the second time', async () => {
    const { company, user } = await shop();
    const text = 'Name,Phone,E-mail,Note,Tags\nA,0671111111,a@example.com,note,tag\nB,,b@example.com,,\n';
    await importFile(portal, company, user.id, text);
    const before = [await customersOf(portal, company), await arrivals(company)];
    const again = await importFile(portal, company, user.id, text);
    const other = await importFile(
      portal,
      company,
      user.id,
      'E-mail;Phone;Name\nB@EXAMPLE.com;;B\na@example.com;+380 67 111 11 11;A\n',
    );
    expect(await outcomes(again)).toEqual(['unchanged', 'unchanged']);
    expect(await outcomes(other)).toEqual(['unchanged', 'unchanged']);
    expect([await customersOf(portal, company), await arrivals(company)]).toEqual(before);
    expect(await portal.tenancy.inCompany(company, drift)).toEqual({ customers: 0, days: 0, uncounted: 0 });
  });

  test('C-13 are no activity and no dealing: nobody becomes new or loyal by a file', async () => {
    const { company, user } = await shop();
    await importFile(portal, company, user.id, 'Phone\n0671111111\n');
    const [row] = await portal.database.prisma.$queryRaw<object[]>(sql`
      select activities_count::int as activities, first_activity_at, (select count(*)::int from dealing where company_id = c.company_id) as dealings
      from customer c where company_id = ${company.id}::uuid`);
    expect(row).toEqual({ activities: 0, first_activity_at: null, dealings: 0 });
  });
});

describe('an import', () => {
  const many = (rows: number) =>
    `Name,Phone\n${Array.from({ length: rows }, (_, n) => `Person ${n},067${String(1_000_000 + n)}\n`).join('')}`;

  test('C-13 that was killed in the middle goes on where it was: every row once', async () => {
    const { company, user } = await shop();
    const id = await bring(portal, company, user.id, many(1200));
    await check(portal, company, id);
    expect(await customersOf(portal, company)).toHaveLength(0);
    await start(portal, company, id, user.id);
    const killed = new AbortController();
    let transactions = 0;
    const tenancy: TestApp['tenancy'] = {
      ...portal.tenancy,
      // The second batch has been committed when the process ends.
      inCompany: async (key, work) => {
        const answer = await portal.tenancy.inCompany(key, work);
        if (++transactions === 3) killed.abort(new Error('killed'));
        return answer;
      },
    };
    await expect(imports.run({ ...portal.services, tenancy }, company, id, killed.signal)).rejects.toThrow('killed');
    const { state, rows_done: done } = await importRow(portal, company, id);
    expect(state).toBe('running');
    expect(Number(done)).toBeGreaterThan(0);
    expect(Number(done)).toBeLessThan(1200);
    expect(await customersOf(portal, company)).toHaveLength(Number(done));
    await portal.runJobs();
    await imports.run(portal.services, company, id, new AbortController().signal);
    expect(await customersOf(portal, company)).toHaveLength(1200);
    expect(await importRow(portal, company, id)).toMatchObject({
      state: 'done',
      rows_done: 1200n,
      counts: { created: 1200 },
    });
    expect(await arrivals(company)).toBe(1200);
    expect(await letters(portal, user.email)).toHaveLength(1);
  });

  test('C-13 run by two workers at once brings every row once', async () => {
    const { company, user } = await shop();
    const id = await bring(portal, company, user.id, many(1100));
    await check(portal, company, id);
    await start(portal, company, id, user.id);
    const never = new AbortController().signal;
    await Promise.all([1, 2].map(() => imports.run(portal.services, company, id, never)));
    await portal.runJobs();
    expect(await importRow(portal, company, id)).toMatchObject({ state: 'done', counts: { created: 1100 } });
    expect(await arrivals(company)).toBe(1100);
  });

  test('C-13 tells at the end how it went, by a notice and a letter in the language of who brought it', async () => {
    const company = await makeCompany(portal, { name: 'Ромашка' });
    const user = await makeUser(portal, { company, locale: 'uk' });
    const id = await importFile(portal, company, user.id, 'Name,Phone\nA,0671111111\nB,12\n');
    const [letter] = await letters(portal, user.email);
    expect(letter?.subject).toBe('Імпорт клієнтів завершено – Ромашка');
    expect(letter?.body).toContain(`http://localhost:3000/imports/${id}`);
    expect(letter?.body).toContain('Нові: 1');
    expect(letter?.body).toContain('Відхилені: 1');
    const notices = await portal.database.prisma.$queryRaw<{ kind: string; data: object }[]>(
      sql`select kind, data from notice where user_id = ${user.id}::uuid`,
    );
    expect(notices).toEqual([
      { kind: 'import-done', data: { file: 'customers.csv', count: 2, refused: 1, path: `/imports/${id}` } },
    ]);
  });

  test('C-13 brings nobody back who was erased between the check and the run, and keeps no first rows', async () => {
    const { company, user } = await shop();
    const id = await bring(portal, company, user.id, many(3));
    await check(portal, company, id);
    await portal.database.prisma.$executeRaw(
      sql`update import_row set cells = '[]' where import_id = ${id}::uuid and line = 3`,
    );
    await start(portal, company, id, user.id);
    await portal.runJobs();
    expect(await outcomes(id)).toEqual(['created', 'refused', 'created']);
    const { state, reading } = await importRow(portal, company, id);
    expect(state).toBe('done');
    expect(reading).toMatchObject({ rows: [{ cells: ['Name', 'Phone'] }] });
  });

  test('C-13 that is cancelled brings nothing more, and keeps no file', async () => {
    const { company, user } = await shop();
    const id = await bring(portal, company, user.id, many(10));
    await check(portal, company, id);
    await start(portal, company, id, user.id);
    expect(await imports.cancel(portal.services, company, id, user.id)).toBe(true);
    expect(await imports.cancel(portal.services, company, id, user.id)).toBe(false);
    await portal.runJobs();
    expect(await importRow(portal, company, id)).toMatchObject({ state: 'cancelled', file_key: null });
    expect(await customersOf(portal, company)).toEqual([]);
  });

  test('C-13 keeps rows and file for 30 days', async () => {
    const { company, user } = await shop();
    const waiting = await bring(portal, company, user.id, many(2));
    const done = await importFile(portal, company, user.id, many(3));
    portal.setNow(new Date(Date.now() + 29 * 86_400_000));
    await imports.expire(portal.services);
    expect(await rowsOf(portal, done)).toHaveLength(3);
    portal.setNow(new Date(Date.now() + 31 * 86_400_000));
    await imports.expire(portal.services);
    portal.setNow(null);
    expect(await rowsOf(portal, done)).toEqual([]);
    expect(await importRow(portal, company, done)).toMatchObject({ state: 'done', counts: { created: 3 } });
    expect(await importRow(portal, company, waiting)).toMatchObject({ state: 'cancelled', file_key: null });
    expect(await customersOf(portal, company)).toHaveLength(3);
  });

  test('C-13 whose file cannot be thrown away keeps no other company from being cleared', async () => {
    const [bad, good] = [await shop(), await shop()];
    const stuck = await bring(portal, bad.company, bad.user.id, many(2));
    const waiting = await bring(portal, good.company, good.user.id, many(1100));
    await check(portal, good.company, waiting);
    const services: TestApp['services'] = {
      ...portal.services,
      files: {
        ...portal.services.files,
        remove: (key) =>
          key.includes(bad.company.id) ? Promise.reject(new Error('no way')) : portal.services.files.remove(key),
      },
    };
    portal.setNow(new Date(Date.now() + 31 * 86_400_000));
    await expect(imports.expire(services)).rejects.toThrow(bad.company.id);
    expect(await importRow(portal, good.company, waiting)).toMatchObject({ state: 'cancelled', file_key: null });
    expect(await rowsOf(portal, waiting)).toEqual([]);
    expect(await importRow(portal, bad.company, stuck)).toMatchObject({ state: 'cancelled' });
    await imports.expire(portal.services);
    portal.setNow(null);
    expect(await importRow(portal, bad.company, stuck)).toMatchObject({ file_key: null });
  });

  test('C-13 that was cut off while its file came in is shown to nobody, and thrown away', async () => {
    const { company, user } = await shop();
    const { files } = portal.services;
    const removed: string[] = [];
    const key = await new Promise<string>((resolve) => {
      // The process ends as soon as the file is there.
      const open = (key: string) => new Promise<never>(() => resolve(key));
      const upload = { name: 'a.csv', stream: Readable.from([Buffer.from(many(2))]), tooBig: () => false };
      void imports.bring({ ...portal.services, files: { ...files, open } }, company, user.id, upload);
    });
    const shelf = () => portal.tenancy.inCompany(company, (db) => imports.list(db, 10, null));
    expect(await shelf()).toEqual({ imports: [], more: false });
    const remove = async (key: string) => {
      removed.push(key);
      await files.remove(key);
    };
    for (const hours of [23, 25]) {
      portal.setNow(new Date(Date.now() + hours * 3_600_000));
      await imports.expire({ ...portal.services, files: { ...files, remove } });
      expect(removed.filter((each) => each === key)).toHaveLength(hours === 25 ? 1 : 0);
    }
    portal.setNow(null);
    expect(await files.open(key)).toBeNull();
    expect(await importsOf(company)).toBe(0);
  });

  test('C-13 of a file that is none of ours leaves nothing', async () => {
    const { company, user } = await shop();
    await expect(bring(portal, company, user.id, Buffer.from('%PDF-1.7 '))).rejects.toThrow();
    await expect(bring(portal, company, user.id, 'Name,Phone\n')).rejects.toThrow();
    expect(await importsOf(company)).toBe(0);
  });
});
