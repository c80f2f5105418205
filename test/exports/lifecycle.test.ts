import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runJob } from '../../jobs/run.ts';
import { removeMember } from '../../src/auth/auth.ts';
import * as exports from '../../src/exports/exports.ts';
import { makeFile } from '../../src/exports/make-file.ts';
import { sql } from '../../src/platform/db.ts';
import type { FileStore } from '../../src/platform/files.ts';
import { translator } from '../../src/platform/i18n.ts';
import type { Company } from '../../src/tenancy/company.ts';
import type { Services } from '../../src/web/services.ts';
import { person, storePeople } from '../customers/make.ts';
import { makeApp, makeCompany, makeUser, type TestApp } from '../make.ts';
import { column, exportRow, fileOf, filesOf, readCsv, request } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

async function companyWith(customers: number): Promise<Company> {
  const company = await makeCompany(portal, { name: 'Ромашка' });
  const people = Array.from({ length: customers }, (_, n) => person({ name: `Customer ${n}` }));
  await storePeople(portal.tenancy, company, people);
  return company;
}

const never = new AbortController().signal;
const run = (company: Company, id: string, services: Partial<Services> = {}, signal = never) =>
  exports.run({ ...portal.services, ...services }, company, id, signal);

/** The file store, with something happening at the moment a file is begun. */
const filesWhere = (draft: FileStore['draft']): FileStore => ({ ...portal.services.files, draft });

const letters = (email: string) =>
  portal.database.prisma.$queryRaw<{ subject: string; body: string }[]>(
    sql`select subject, body from outbox where address = ${email}`,
  );
const notices = (userId: string) =>
  portal.database.prisma.$queryRaw<{ kind: string; data: unknown }[]>(
    sql`select kind, data from notice where user_id = ${userId}::uuid`,
  );

describe('an export that is finished', () => {
  test('P-93 P-94 sends the link by e-mail in the language of the person, and says so in the cabinet', async () => {
    const company = await companyWith(3);
    const user = await makeUser(portal, { company });
    const id = await request(portal, company, { userId: user.id, locale: 'uk' });
    await portal.runJobs();
    const [letter, ...others] = await letters(user.email);
    expect(others).toEqual([]);
    expect(letter?.subject).toBe('Ваш експорт клієнтів готовий – Ромашка');
    expect(letter?.body).toContain(`http://localhost:3000/companies/${company.id}/exports/${id}/file`);
    expect(letter?.body).toContain('3 рядки');
    expect(await notices(user.id)).toEqual([{ kind: 'export-done', data: { count: 3, path: '/exports' } }]);
  });

  test('tells the size and the checksum of its file, which expires after 7 days', async () => {
    const company = await companyWith(3);
    portal.setNow(new Date('2026-11-21T10:00:00Z'));
    const id = await request(portal, company);
    await portal.runJobs();
    portal.setNow(null);
    const bytes = await fileOf(portal, id);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(await exportRow(portal, id)).toMatchObject({ state: 'done', size: bytes.length, sha256, rows_total: 3 });
    const [row] = await portal.database.prisma.$queryRaw<{ expires_at: Date }[]>(
      sql`select expires_at from export where id = ${id}::uuid`,
    );
    expect(row?.expires_at).toEqual(new Date('2026-11-28T10:00:00Z'));
  });

  test('changes nothing when its job runs again', async () => {
    const company = await companyWith(2);
    const user = await makeUser(portal, { company });
    const id = await request(portal, company, { userId: user.id });
    await portal.runJobs();
    const before = await exportRow(portal, id);
    await run(company, id);
    expect(await exportRow(portal, id)).toEqual(before);
    expect(filesOf(portal, company)).toHaveLength(1);
    expect(await letters(user.email)).toHaveLength(1);
  });

  test('writes no letter to who has left the company since', async () => {
    const company = await companyWith(1);
    const [owner, user] = [await makeUser(portal, { company }), await makeUser(portal, { company })];
    const id = await request(portal, company, { userId: user.id });
    await portal.tenancy.inCompany(company, (db) => removeMember(db, user.id, owner.id));
    await portal.runJobs();
    expect(await exportRow(portal, id)).toMatchObject({ state: 'done' });
    expect(await letters(user.email)).toEqual([]);
  });

  test('is one moment of the database: what changes meanwhile is not mixed in', async () => {
    const company = await companyWith(700);
    const chunks: Buffer[] = [];
    const file = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        chunks.push(chunk);
        done();
      },
    });
    const selection = { where: sql`c.merged_into is null`, order: sql`c.id` };
    const change = once(async () => {
      await storePeople(portal.tenancy, company, [person({ name: 'Newcomer' })]);
      await portal.tenancy.inCompany(company, (db) => db.execute(sql`update customer set name = 'Changed'`));
    });
    const facts = await portal.tenancy.inSnapshot(company, (snapshot) =>
      makeFile(snapshot, { format: 'csv', selection, t: translator('en'), progress: change }, file),
    );
    const names = column(readCsv(Buffer.concat(chunks)), 'Name');
    expect(facts.rows).toBe(700);
    expect(names).toHaveLength(700);
    expect(names).not.toContain('Newcomer');
    expect(names).not.toContain('Changed');
  });
});

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => {
    done ??= work();
    return done;
  };
}

describe('an export that is cancelled', () => {
  test('before it began is never made', async () => {
    const company = await companyWith(2);
    const user = await makeUser(portal, { company });
    const id = await request(portal, company, { userId: user.id });
    expect(await exports.cancel(portal.services, company, id, user.id)).toBe(true);
    await portal.runJobs();
    expect(await exportRow(portal, id)).toMatchObject({ state: 'cancelled', file_key: null });
    expect(filesOf(portal, company)).toEqual([]);
    expect(await letters(user.email)).toEqual([]);
  });

  test('while it runs stops and leaves no file', async () => {
    const company = await companyWith(600);
    const user = await makeUser(portal, { company });
    const id = await request(portal, company, { userId: user.id });
    const files = filesWhere(async (key) => {
      const draft = await portal.services.files.draft(key);
      await exports.cancel(portal.services, company, id, user.id);
      return draft;
    });
    await run(company, id, { files });
    expect(await exportRow(portal, id)).toMatchObject({ state: 'cancelled', file_key: null, size: null });
    expect(filesOf(portal, company)).toEqual([]);
    expect(await letters(user.email)).toEqual([]);
  });

  test('cannot be cancelled once it is finished', async () => {
    const company = await companyWith(1);
    const user = await makeUser(portal, { company });
    const id = await request(portal, company, { userId: user.id });
    await portal.runJobs();
    expect(await exports.cancel(portal.services, company, id, user.id)).toBe(false);
    expect(await exportRow(portal, id)).toMatchObject({ state: 'done' });
  });
});

describe('an export that fails', () => {
  const fullDisk = () =>
    filesWhere(async (key) => {
      const draft = await portal.services.files.draft(key);
      const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      const stream = new Writable({ write: (_chunk, _encoding, done) => done(full) });
      return { ...draft, stream };
    });

  test.each(['csv', 'xlsx'] as const)('on a full disk leaves no file and is tried again (.%s)', async (format) => {
    const company = await companyWith(900);
    const id = await request(portal, company, { format });
    await expect(run(company, id, { files: fullDisk() })).rejects.toThrow('ENOSPC');
    expect(await exportRow(portal, id)).toMatchObject({ state: 'queued', file_key: null, rows_done: 0 });
    expect(filesOf(portal, company)).toEqual([]);
    await run(company, id);
    expect(await exportRow(portal, id)).toMatchObject({ state: 'done', rows_total: 900 });
  });

  test('for the last time has failed: the cabinet says why, and no file is left', async () => {
    const company = await companyWith(1);
    const user = await makeUser(portal, { company });
    const id = await request(portal, company, { userId: user.id });
    const [job] = await portal.database.prisma.$queryRaw<{ id: string }[]>(
      sql`update job set attempts = 2 where company_id = ${company.id}::uuid and name = 'export.run' returning id`,
    );
    const services = { ...portal.services, files: fullDisk() };
    await runJob({ services, mailer: null, stopping: never }, job?.id ?? '');
    expect(await exportRow(portal, id)).toMatchObject({ state: 'failed', error: 'full', file_key: null });
    expect(await notices(user.id)).toMatchObject([{ kind: 'export-failed' }]);
    expect(filesOf(portal, company)).toEqual([]);
  });

  test('because the database connection was cut ends at once, and is made whole the next time', async () => {
    const company = await companyWith(1500);
    const id = await request(portal, company);
    const files = filesWhere(async (key) => {
      const draft = await portal.services.files.draft(key);
      draft.stream.once('pipe', () => void cutSnapshots());
      return draft;
    });
    await run(company, id, { files }).catch(() => {});
    await run(company, id);
    expect(readCsv(await fileOf(portal, id))).toHaveLength(1501);
    expect(filesOf(portal, company)).toHaveLength(1);
  });
});

async function cutSnapshots(): Promise<void> {
  await portal.database.prisma.$executeRaw(sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null`);
}

describe('an export whose worker was killed', () => {
  test('begins anew; what the first one left is thrown away', async () => {
    const company = await companyWith(3);
    const id = await request(portal, company);
    const key = `exports/${company.id}/${id}-0123456789ab`;
    const folder = join(portal.services.config.dataDir, 'files', 'exports', company.id);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(portal.services.config.dataDir, 'files', key), 'whole, but nobody was told');
    writeFileSync(join(portal.services.config.dataDir, 'files', `${key}.0123456789ab.part`), 'half');
    await portal.database.prisma.$executeRaw(
      sql`update export set state = 'running', file_key = ${key}, rows_done = 2 where id = ${id}::uuid`,
    );
    await portal.runJobs();
    expect(readCsv(await fileOf(portal, id))).toHaveLength(4);
    expect(filesOf(portal, company)).toHaveLength(1);
  });

  test('is finished by one of two that run it at the same time: one file, one letter', async () => {
    const company = await companyWith(800);
    const user = await makeUser(portal, { company });
    const id = await request(portal, company, { userId: user.id });
    await Promise.allSettled([run(company, id), run(company, id)]);
    await run(company, id);
    expect(await exportRow(portal, id)).toMatchObject({ state: 'done', rows_total: 800 });
    expect(readCsv(await fileOf(portal, id))).toHaveLength(801);
    expect(filesOf(portal, company)).toHaveLength(1);
    expect(await letters(user.email)).toHaveLength(1);
  });

  test('is handed back when the process is told to stop, and does not count as a try', async () => {
    const company = await companyWith(3);
    const id = await request(portal, company);
    const [job] = await portal.database.prisma.$queryRaw<{ id: string }[]>(
      sql`select id from job where company_id = ${company.id}::uuid and name = 'export.run'`,
    );
    await runJob({ services: portal.services, mailer: null, stopping: AbortSignal.abort() }, job?.id ?? '');
    const rows = await portal.database.prisma.$queryRaw<unknown[]>(
      sql`select attempts::int as attempts, leased_until, due_at <= now() as due from job where id = ${job?.id}::uuid`,
    );
    expect(rows).toEqual([{ attempts: 0, leased_until: null, due: true }]);
    expect(await exportRow(portal, id)).toMatchObject({ state: 'queued', file_key: null });
    expect(filesOf(portal, company)).toEqual([]);
    await portal.runJobs();
    expect(await exportRow(portal, id)).toMatchObject({ state: 'done' });
  });
});

test('three exports of a company may be unfinished at a time', async () => {
  const company = await companyWith(1);
  const user = await makeUser(portal, { company });
  const wish = { userId: user.id, locale: 'en', format: 'csv', filter: '' } as const;
  const ids = [];
  for (let times = 0; times < 4; times++) {
    ids.push(await portal.tenancy.inCompany(company, (db) => exports.request(db, wish)));
  }
  expect(ids.map((id) => id !== null)).toEqual([true, true, true, false]);
});

test('a filter is kept as it was understood', async () => {
  const company = await companyWith(1);
  const filter = 'segment=new&where=gender%3Ais%3Afemale&where=nonsense&per=50&page=3&_csrf=secret&sort=name';
  const id = await request(portal, company, { filter });
  expect((await exportRow(portal, id)).filter).toBe('segment=new&where=gender%3Ais%3Afemale&sort=name');
});
