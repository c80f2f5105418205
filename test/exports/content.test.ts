import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as customers from '../../src/customers/customers.ts';
import { uncsvCell } from '../../src/kernel/csv.ts';
import { isCleanText } from '../../src/kernel/text.ts';
import { sql } from '../../src/platform/db.ts';
import type { Company } from '../../src/tenancy/company.ts';
import { person, storePeople } from '../customers/make.ts';
import { sharedData } from '../kernel/shared-data.ts';
import { makeApp, makeCompany, type TestApp } from '../make.ts';
import { column, exported, exportRow, fileOf, readXlsx, request, text } from './make.ts';

const FORMATS = ['xlsx', 'csv'] as const;

let portal: TestApp;
beforeAll(async () => {
  portal = await makeApp();
});
afterAll(() => portal.close());

describe.each(FORMATS)('P-92 the .%s file', (format) => {
  test('holds exactly the customers that the list shows, in its order: preset, conditions, search and sort', async () => {
    const company = await makeCompany(portal);
    const recent = new Date(Date.now() - 5 * 86_400_000);
    const people = Array.from({ length: 60 }, (_, n) =>
      person({
        name: `${n % 3 === 0 ? 'Олена' : 'Ivan'} ${n}`,
        gender: n % 2 === 0 ? 'female' : 'male',
        orders: n % 5,
        lastActivity: n % 5 > 0 ? recent : null,
        lastOrder: n % 5 > 0 ? recent : null,
      }),
    );
    await storePeople(portal.tenancy, company, people);
    const filter = 'segment=loyal&where=gender%3Ais%3Afemale&q=олена&sort=-orders';
    const shown = await listed(company, filter);
    const rows = await exported(portal, company, { format, filter });
    expect(shown.length).toBeGreaterThan(3);
    expect(column(rows, 'Name')).toEqual(shown);
  });

  test('holds as many rows as were counted, over many batches, and none twice', async () => {
    const company = await makeCompany(portal);
    const people = Array.from({ length: 1101 }, (_, n) =>
      person({ name: `Customer ${n}`, phones: [`+38067${1000000 + n}`] }),
    );
    await storePeople(portal.tenancy, company, people);
    const id = await request(portal, company, { format });
    await portal.runJobs();
    expect(await exportRow(portal, id)).toMatchObject({ state: 'done', rows_total: 1101, rows_done: 1101 });
    const rows = await exported(portal, company, { format });
    expect(new Set(column(rows, 'Phones')).size).toBe(1101);
  });

  test('leaves out merged customers and those of other companies', async () => {
    const [company, other] = [await makeCompany(portal), await makeCompany(portal)];
    const [survivor, merged] = [person({ name: 'Survivor' }), person({ name: 'Merged' })];
    await storePeople(portal.tenancy, company, [survivor, merged]);
    await storePeople(portal.tenancy, other, [person({ name: 'Foreigner' })]);
    await portal.tenancy.inCompany(company, (db) =>
      db.execute(sql`update customer set merged_into = ${survivor.id}::uuid where id = ${merged.id}::uuid`),
    );
    expect(column(await exported(portal, company, { format }), 'Name')).toEqual(['Survivor']);
  });

  test('has its header only where nobody is found', async () => {
    const company = await makeCompany(portal);
    const rows = await exported(portal, company, { format, filter: 'q=nobody' });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toContain('Phones');
  });

  test('has headers and words in the language of the person', async () => {
    const company = await makeCompany(portal);
    await storePeople(portal.tenancy, company, [person({ name: 'Олена', gender: 'female' })]);
    const rows = await exported(portal, company, { format, locale: 'uk' });
    expect(rows[0]?.slice(0, 3)).toEqual(['Ім’я', 'Телефони', 'Електронні адреси']);
    expect(column(rows, 'Стать')).toEqual(['жіноча']);
  });

  test('gives every text back sign by sign', async () => {
    const company = await makeCompany(portal);
    const names = [...new Set([...NAUGHTY, ...sharedNaughty()])].filter((name) => isCleanText(name));
    await storePeople(
      portal.tenancy,
      company,
      names.map((name) => person({ name, region: name })),
    );
    const rows = await exported(portal, company, { format });
    const given = (cells: string[]) => cells.map((cell) => (format === 'csv' ? uncsvCell(cell) : cell)).sort();
    expect(given(column(rows, 'Name'))).toEqual(names.toSorted());
    expect(given(column(rows, 'Region'))).toEqual(names.toSorted());
  });
});

// What breaks spreadsheets, XML and CSV; the long list is read where it is there.
const NAUGHTY = [
  ...['', ' ', ' leading and trailing ', 'line\nbreak', 'carriage\r\nreturn', 'tab\there', '\tstarts with one'],
  ...[
    '"quoted"',
    'comma, semicolon; pipe|',
    "'apostrophe",
    "''two",
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    "'=1+1",
    '+380671234567',
  ],
  ...[
    '<b>&amp;</b>',
    ']]>',
    '_x0041_',
    '_x005F_x0041_',
    '_x00g1_',
    '\u0001\u001f\u007f\u0085',
    '\uFFFE\uFFFF',
    '\uFEFF',
  ],
  ...['0501234567', '1E5', 'TRUE', 'null', '🌼', 'e\u0301', 'ﷺ', '\u202Etest', 'Їжак', '田中'],
];

function sharedNaughty(): string[] {
  return JSON.parse(sharedData('naughty_strings.json') ?? '[]');
}

async function listed(company: Company, filter: string): Promise<string[]> {
  const { state } = customers.parseListState(new URLSearchParams(`${filter}&per=100`), company);
  const page = await portal.tenancy.inCompany(company, (db) => customers.list(db, state, new Date()));
  return page.rows.map(({ name }) => name);
}

describe('cells', () => {
  const full = person({
    name: 'Олена Коваль',
    gender: 'female',
    region: 'Київ',
    orders: 7,
    threads: 2,
    sum: 123_456n,
    unconverted: [
      { currency: 'PLN', amount: '1250' },
      { currency: 'JPY', amount: '900' },
    ],
    lastActivity: new Date('2026-07-01T21:30:15Z'),
    lastOrder: new Date('2026-01-15T22:10:00Z'),
    created: new Date('2025-12-31T23:59:59Z'),
    phones: ['+380671234567', '+380501112233'],
    emails: ['olena@example.com', 'second@example.com'],
  });

  test('of .csv are plain: decimal sums, local times of the company, all contacts (P-42, P-43, P-46, P-48)', async () => {
    const company = await makeCompany(portal, { timezone: 'Europe/Kyiv' });
    await storePeople(portal.tenancy, company, [full]);
    const rows = await exported(portal, company);
    const cell = (header: string) => column(rows, header)[0];
    expect(uncsvCell(cell('Phones') ?? '')).toBe('+380671234567, +380501112233');
    expect(cell('E-mails')).toBe('olena@example.com, second@example.com');
    expect(cell('Orders')).toBe('7');
    expect(cell('Sum of orders')).toBe('1234.56');
    expect(cell('Currency')).toBe('UAH');
    expect(cell('Not converted')).toBe('12.50 PLN, 900 JPY');
    expect(cell('Last activity')).toBe('2026-07-02 00:30:15');
    expect(cell('Last order')).toBe('2026-01-16 00:10:00');
    expect(cell('Added')).toBe('2026-01-01 01:59:59');
  });

  test('P-11 of .xlsx are typed: numbers, times and texts are what they are', async () => {
    const company = await makeCompany(portal, { timezone: 'Europe/Kyiv' });
    await storePeople(portal.tenancy, company, [full, person({ name: '0501234567', phones: ['+380931112233'] })]);
    const id = await request(portal, company, { format: 'xlsx', filter: 'sort=-orders' });
    await portal.runJobs();
    const [sheet] = await readXlsx(await fileOf(portal, id));
    const [header = [], first = [], second = []] = sheet?.rows ?? [];
    const cell = (name: string) => first[header.indexOf(name)];
    expect(sheet?.name).toBe('Customers');
    expect(cell('Orders')).toBe(7);
    expect(cell('Sum of orders')).toBe(1234.56);
    expect(cell('Phones')).toBe('+380671234567, +380501112233');
    expect(cell('Last activity')).toEqual(new Date('2026-07-02T00:30:15Z'));
    expect(second[0]).toBe('0501234567');
    expect(second[header.indexOf('Last order')]).toBeNull();
  });

  test.each([
    ['JPY', '123456', 123456],
    ['KWD', '123.456', 123.456],
  ])('of sums have the decimals of %s', async (currency, inCsv, inXlsx) => {
    const company = await makeCompany(portal, { currency });
    await storePeople(portal.tenancy, company, [full]);
    expect(column(await exported(portal, company), 'Sum of orders')).toEqual([inCsv]);
    expect(column(await exported(portal, company, { format: 'xlsx' }), 'Sum of orders')).toEqual([String(inXlsx)]);
  });

  test('that a spreadsheet would run are texts in .xlsx, and have an apostrophe in .csv; E-mail and phone columns too', async () => {
    const company = await makeCompany(portal);
    const formulas = ['=HYPERLINK("http://evil.example","x")', '@SUM(1)', '-2+3', '\t=1', "+cmd|'/C calc'!A0"];
    await storePeople(
      portal.tenancy,
      company,
      formulas.map((name, n) => person({ name, emails: [`=${n}@example.com`] })),
    );
    const csv = await exported(portal, company);
    for (const cell of [...column(csv, 'Name'), ...column(csv, 'E-mails')]) expect(cell).toMatch(/^'/);
    const id = await request(portal, company, { format: 'xlsx' });
    await portal.runJobs();
    const [sheet] = await readXlsx(await fileOf(portal, id));
    const names = sheet?.rows.slice(1).map(([name]) => name) ?? [];
    expect(names.map((name) => text(name)).sort()).toEqual(formulas.toSorted());
    for (const name of names) expect(name).not.toHaveProperty('formula');
  });
});
