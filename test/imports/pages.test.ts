import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { Response } from 'supertest';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { makeApp, makeCompany, makeUser, memberOf, signIn, type TestApp, type Visitor } from '../make.ts';
import { customersOf, importRow, rowsOf } from './make.ts';

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

async function shop(): Promise<{ company: Company; visitor: Visitor; email: string }> {
  const company = await makeCompany(portal);
  const user = await makeUser(portal, { company });
  return { company, visitor: await signIn(portal, user), email: user.email };
}

/** Sends the form with the file as a browser does: the fields first. */
function upload(visitor: Visitor, bytes: Buffer | string, name = 'клієнти.csv', fields: Record<string, string> = {}) {
  const sent = visitor.agent.post('/imports');
  const hidden = { _csrf: visitor.csrf, _company: visitor.companyId ?? '', ...fields };
  for (const [field, value] of Object.entries(hidden)) sent.field(field, value);
  return sent.attach('file', Buffer.from(bytes), name);
}

const idOf = (answer: Response) => String(answer.headers.location).split('/').at(-1) ?? '';
const TEXT = 'Name;Mobile no;E-mail\nОлена;0671111111;o@example.com\nІван;12;\nНіхто;;\n';
const columns = { c0: 'name', c1: 'phone', c2: 'email' };
const optionOf = (html: string, name: string) =>
  new RegExp(`name="${name}"[^]*?value="([^"]*)" selected`).exec(html)?.[1];

describe('C-13 the way of a file through the cabinet', () => {
  test('C-12 C-13 it is read, its columns are said, every row is checked, and only then customers are made', async () => {
    const { company, visitor, email } = await shop();
    expect((await visitor.get('/imports')).text).toContain('No imports yet');
    const brought = await upload(visitor, TEXT);
    expect(brought.status).toBe(303);
    const id = idOf(brought);
    const page = await visitor.get(`/imports/${id}`);
    expect(page.text).toContain('клієнти.csv');
    expect(['encoding', 'delimiter', 'c0', 'c1', 'c2'].map((name) => optionOf(page.text, name))).toEqual([
      ...['utf-8', ';', 'name', 'ignore', 'email'],
    ]);

    const nobody = await visitor.post(`/imports/${id}/mapping`, {
      c0: 'name',
      c1: 'region',
      c2: 'region',
      do: 'check',
    });
    expect(nobody.status).toBe(422);
    expect(nobody.text).toContain('Say which column is the phone');
    expect(nobody.text).toContain('Only one column may be this');
    expect(['c0', 'c1', 'c2'].map((name) => optionOf(nobody.text, name))).toEqual(['name', 'region', 'region']);

    await visitor.post(`/imports/${id}/mapping`, { ...columns, do: 'preview' });
    const preview = await visitor.get(`/imports/${id}?columns=1`);
    expect(preview.text).toContain('+380 67 111 1111');
    expect(preview.text).toContain('Mobile no: “12” is no phone number.');

    await visitor.post(`/imports/${id}/mapping`, { ...columns, do: 'check' });
    expect((await visitor.get(`/imports/${id}`)).text).toContain('hx-trigger="every 2s"');
    await portal.runJobs();
    const checked = await visitor.get(`/imports/${id}`);
    expect(checked.text).toContain('Nothing has been written yet');
    expect(checked.text).not.toContain('hx-trigger');
    expect(await customersOf(portal, company)).toEqual([]);
    expect((await visitor.get(`/imports/${id}/run`)).text).toContain('cannot be undone');

    const started = await visitor.post(`/imports/${id}/run`);
    expect([started.status, started.headers.location]).toEqual([303, `/imports/${id}`]);
    expect((await visitor.get(`/imports/${id}`)).text).toContain(email);
    await portal.runJobs();
    const [olena] = await customersOf(portal, company);
    expect(olena).toMatchObject({ name: 'Олена', phones: ['+380671111111'], emails: ['o@example.com'] });
    const done = await visitor.get(`/imports/${id}`);
    expect(done.text).toContain(`href="/customers/${olena?.id}"`);
    const refused = await visitor.get(`/imports/${id}?outcome=refused`);
    expect(refused.text).toContain('No phone, e-mail or account');
    expect(refused.text).not.toContain('o@example.com');
    expect((await visitor.get('/imports')).text).toContain('1 new · 2 refused');
    expect((await visitor.get('/customers')).text).toContain('Олена');
    expect((await visitor.get('/notices')).text).toContain('3 rows, 2 refused');
    expect((await visitor.post(`/imports/${id}/run`)).status).toBe(303);
    expect((await importRow(portal, company, id)).state).toBe('done');
  });

  test('C-13 shows which customers match, before anything is written', async () => {
    const { company, visitor } = await shop();
    await through(visitor, TEXT);
    const [olena] = await customersOf(portal, company);
    const id = idOf(await upload(visitor, 'Phone,Note\n067-111-11-11,hello\n'));
    await visitor.post(`/imports/${id}/mapping`, { c0: 'phone', c1: 'note', do: 'check' });
    await portal.runJobs();
    const page = await visitor.get(`/imports/${id}`);
    expect(page.text).toContain(`href="/customers/${olena?.id}"`);
    expect(await rowsOf(portal, id)).toMatchObject([{ expected: 'updated', outcome: null }]);
    expect((await customersOf(portal, company))[0]?.note).toBe('');
  });

  test('C-13 says that the very same file was imported before', async () => {
    const { visitor } = await shop();
    const first = await through(visitor, TEXT);
    const again = idOf(await upload(visitor, TEXT));
    await visitor.post(`/imports/${again}/mapping`, { ...columns, do: 'check' });
    await portal.runJobs();
    const page = await visitor.get(`/imports/${again}`);
    expect(page.text).toContain('The very same file was imported on');
    expect(page.text).toContain(`href="/imports/${first}"`);
  });

  test('C-13 another encoding or delimiter can be chosen, and a broken file says where it breaks', async () => {
    const { visitor } = await shop();
    const latin = Buffer.from('Name;Phone\nM\xfcller;0671111111\n', 'latin1');
    const id = idOf(await upload(visitor, latin));
    expect((await visitor.get(`/imports/${id}`)).text).toContain('Müller');
    const wrong = await visitor.post(`/imports/${id}/reading`, {
      encoding: 'utf-8',
      delimiter: ',',
      quotes: 'yes',
      heading: 'yes',
    });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('Line 2: here the text does not fit the encoding');
    expect(optionOf(wrong.text, 'encoding')).toBe('utf-8');
    await visitor.post(`/imports/${id}/reading`, {
      encoding: 'windows-1251',
      delimiter: ';',
      quotes: 'yes',
      heading: 'no',
    });
    expect((await visitor.get(`/imports/${id}`)).text).toContain('Mьller');

    const quoted = idOf(await upload(visitor, 'Name,Phone\nFirm "A",0671111111\n'));
    expect((await visitor.get(`/imports/${quoted}`)).text).toContain('quotes');
    await visitor.post(`/imports/${quoted}/reading`, {
      encoding: 'utf-8',
      delimiter: ',',
      quotes: 'no',
      heading: 'yes',
    });
    expect((await visitor.get(`/imports/${quoted}`)).text).toContain('Firm &quot;A&quot;');
  });

  test('C-13 the refused rows come as a file that can be mended and brought again', async () => {
    const { company, visitor } = await shop();
    const id = await through(visitor, 'Name,Phone\n"=cmd, ""x""",12\nОлена,0671111111\n');
    const file = await visitor.get(`/imports/${id}/refused/file`);
    expect(file.headers['content-disposition']).toContain('attachment');
    const rows: string[][] = parse(file.text, { bom: true });
    expect(rows).toEqual([
      ['Name', 'Phone', 'Line in the file', 'Why it was refused'],
      ['\'=cmd, "x"', '12', '2', 'Phone: “12” is no phone number.'],
    ]);
    await through(visitor, file.text.replace(',12,', ',0671111112,'));
    expect((await customersOf(portal, company)).map(({ name }) => name)).toEqual(['Олена', '=cmd, "x"']);
  });

  test('C-13 a file that is none, too big or not there is refused beside its field, and nothing of it is kept', async () => {
    const { company, visitor } = await shop();
    const refusals: [() => PromiseLike<Response>, string][] = [
      [() => upload(visitor, Buffer.from('%PDF-1.7')), 'This is no table'],
      [() => upload(visitor, ''), 'The file is empty'],
      [() => upload(visitor, 'Name,Phone\n'), 'no rows below the heading'],
      [() => upload(visitor, 'x', ''), 'choose a file'],
      [() => visitor.post('/imports'), 'choose a file'],
      [() => upload(visitor, Buffer.alloc(50 * 1024 * 1024 + 1, 'a')), 'too big'],
    ];
    for (const [send, words] of refusals) {
      const answer = await send();
      expect([answer.status, answer.text.includes(words)]).toEqual([422, true]);
    }
    expect(
      await portal.database.prisma.$queryRaw(sql`select id from import where company_id = ${company.id}::uuid`),
    ).toEqual([]);
  });

  test('C-13 a form with a file without its token, or of a viewer, is refused before the file is kept', async () => {
    const { company, visitor } = await shop();
    expect((await upload(visitor, TEXT, 'a.csv', { _csrf: 'guessed' })).status).toBe(403);
    const viewer = await memberOf(portal, company, 'viewer');
    expect((await upload(viewer, TEXT)).status).toBe(403);
    expect((await viewer.get('/imports')).status).toBe(403);
    expect((await viewer.get('/customers')).text).not.toContain('/imports');
    const broken = visitor.agent.post('/imports').set('Content-Type', 'multipart/form-data').send('no boundary');
    expect((await broken).status).toBe(400);
  });

  async function through(visitor: Visitor, text: string): Promise<string> {
    const id = idOf(await upload(visitor, text));
    const page = await visitor.get(`/imports/${id}`);
    const said = [...page.text.matchAll(/name="(c\d+)"/g)].map(([, name = '']) => [
      name,
      optionOf(page.text, name) ?? 'ignore',
    ]);
    const mobile = page.text.includes('Mobile no') ? { c1: 'phone' } : {};
    await visitor.post(`/imports/${id}/mapping`, { ...Object.fromEntries(said), ...mobile, do: 'check' });
    await portal.runJobs();
    await visitor.post(`/imports/${id}/run`);
    await portal.runJobs();
    return id;
  }
});

const HOSTILE = [
  `<script>alert(1)</script>`,
  `"><img src=x onerror=alert(1)>`,
  `'; drop table customer; --`,
  '{{constructor.constructor("return 1")()}}',
  '=HYPERLINK("http://evil.example")',
  'Robert\u202e evil',
  'Z\u0300\u0301\u0302\u0303algo',
  '👩‍👩‍👧‍👦 田中さん',
  'null',
  '../../etc/passwd',
  '%00%0a',
  '\\u0000 \\N \\.',
];

test('C-13 hostile texts pass through every field, the heading and the file name unharmed, and are shown as texts', async () => {
  const { company, visitor } = await shop();
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const heading = ['Phone', 'Name', 'Region', 'Note', 'Tags', 'Other channels', 'Account', HOSTILE[0] ?? ''];
  const lines = HOSTILE.map((text, n) => {
    const account = `"${text.replaceAll('"', '""')}"`;
    return [`+3806711122${10 + n}`, text, text, text, text.replace(/[,;|]/g, ' '), text, account, text]
      .map(cell)
      .join(',');
  });
  const id = idOf(await upload(visitor, [heading.map(cell).join(','), ...lines, ''].join('\n'), `${HOSTILE[1]}.csv`));
  const page = await visitor.get(`/imports/${id}`);
  expect(page.text).not.toContain('<script>alert');
  expect(page.text).not.toContain('<img src=x');
  const targets = ['phone', 'name', 'region', 'note', 'tags', 'channels', 'account', 'ignore'];
  await visitor.post(`/imports/${id}/mapping`, {
    ...Object.fromEntries(targets.map((target, n) => [`c${n}`, target])),
    do: 'check',
  });
  await portal.runJobs();
  await visitor.post(`/imports/${id}/run`);
  await portal.runJobs();
  const customers = await customersOf(portal, company);
  const stored = customers.map(({ name, region, note, channels, accounts, tags }) => ({
    name,
    region,
    note,
    channels,
    accounts,
    tags,
  }));
  expect(stored).toEqual(
    HOSTILE.map((text) => ({
      ...{ name: text, region: text, note: text, channels: text, accounts: [text] },
      tags: [text.replace(/[,;|]/g, ' ').trim()],
    })),
  );
  for (const path of [`/imports/${id}`, '/imports', '/notices']) {
    const shown = await visitor.get(path);
    expect(shown.status).toBe(200);
    expect(shown.text).not.toContain('<script>alert');
    expect(shown.text).not.toContain('<img src=x');
  }
});
