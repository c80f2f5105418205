import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import ExcelJS from 'exceljs';
import { FileError } from '../../src/imports/read/file-error.ts';
import { makeApp, makeCompany, makeUser, type TestApp, type TestUser } from '../make.ts';
import { bring, check, customersOf, importRow, rowsOf, start } from './make.ts';
import { headings, parts, row, text, zip } from './zip.ts';

let portal: TestApp;
let user: TestUser;
beforeAll(async () => {
  portal = await makeApp();
  user = await makeUser(portal, { company: await makeCompany(portal) });
});
afterAll(() => portal.close());

/** What of a file must come in, each row as `name phones e-mails accounts`, and which lines must be refused, for what. */
interface Expected {
  right?: string[];
  refused?: [line: number, ...codes: string[]][];
  /** the file as a whole is refused, with the line where it goes wrong */
  fault?: string;
}

type File = [what: string, make: () => Buffer | Promise<Buffer>, expected: Expected];

const utf8 = (content: string) => Buffer.from(content);
const OLENA = 'Олена +380671234567';
const PLAIN = 'Ім’я,Телефон\r\nОлена,0671234567\r\nІван,0501234567\r\n';
const BOTH = [OLENA, 'Іван +380501234567'];

/** Windows-1251 of what these tests need. */
const cp1251 = (content: string) =>
  Buffer.from(
    [...content].map((sign) => {
      const code = sign.codePointAt(0) ?? 0;
      if (code < 0x80) return code;
      if (sign === '’') return 0x92;
      if (sign === 'І') return 0xb2;
      if (sign === 'і') return 0xb3;
      return code - 0x410 + 0xc0;
    }),
  );
const utf16 = (content: string, big: boolean, mark: boolean) => {
  const bytes = Buffer.from((mark ? '\uFEFF' : '') + content, 'utf16le');
  return big ? bytes.swap16() : bytes;
};
const xlsx = (rows: string, more: { shared?: string; styles?: string } = {}) =>
  zip(parts({ rows: headings + rows, ...more }));

const FILES: File[] = [
  ['UTF-8 with a byte order mark', () => utf8(`\uFEFF${PLAIN}`), { right: BOTH }],
  ['UTF-16 little endian', () => utf16(PLAIN, false, true), { right: BOTH }],
  ['UTF-16 big endian', () => utf16(PLAIN, true, true), { right: BOTH }],
  ['UTF-16 little endian without a mark', () => utf16(PLAIN, false, false), { right: BOTH }],
  ['UTF-16 big endian without a mark', () => utf16(PLAIN, true, false), { right: BOTH }],
  ['Windows-1251', () => cp1251(PLAIN), { right: BOTH }],
  ['lines that end in CR alone', () => utf8(PLAIN.replaceAll('\r\n', '\r')), { right: BOTH }],
  [
    'lines that end in three ways',
    () => utf8('Name,Phone\nA,0671111111\rB,0671111112\r\nC,0671111113'),
    {
      right: ['A +380671111111', 'B +380671111112', 'C +380671111113'],
    },
  ],
  [
    'line breaks of every kind in quotes',
    () => utf8('Name,Phone\n"Anna\nMaria",0671111111\n"B\r\nC",0671111112\n"D\rE",0671111113\n'),
    {
      right: ['Anna\nMaria +380671111111', 'B\r\nC +380671111112', 'D\rE +380671111113'],
    },
  ],
  [
    'a quote that is never closed',
    () => utf8('Name,Phone\nA,0671111111\n"B,0671111112\nC,0671111113\n'),
    { fault: 'quoteOpen at line 3' },
  ],
  [
    'text after a closing quote',
    () => utf8('Name,Phone\nA,0671111111\n"B" C,0671111112\n'),
    { fault: 'quoteAfter at line 3' },
  ],
  [
    'a quote within a cell',
    () => utf8('Name,Phone\nA,0671111111\nFirm "B",0671111112\n'),
    { fault: 'quoteInside at line 3' },
  ],
  ['a NUL', () => utf8('Name,Phone\nA,0671111111\nB\0,0671111112\n'), { fault: 'nul at line 3' }],
  [
    'broken UTF-8',
    () => Buffer.concat([utf8('Ім’я,Телефон\nОлена,0671234567\nІва'), Buffer.from([0xd0]), utf8(',0501234567\n')]),
    {
      fault: 'badText at line 3',
    },
  ],
  [
    'UTF-16 with half a character at its end',
    () => utf16(PLAIN, false, true).subarray(0, -1),
    { fault: 'badText at line 4' },
  ],
  [
    'ids as numbers with a point, and shortened ones',
    () => utf8('Customer ID,Phone\n17850.0,\n13047.00,380671111111.0\n1.23E+05,\n,3.80501E+11\n17850.5,\n'),
    {
      right: [' 17850', ' +380671111111 13047', ' 17850.5'],
      refused: [
        [4, 'scientific'],
        [5, 'scientific'],
      ],
    },
  ],
  [
    'phones with their zero, without it, and with an apostrophe',
    () =>
      utf8("Name;Phone\nA;0501234567\nB;501234568\nC;'0501234569\nD;380501234560\nE;+38 (050) 123-45-61\nF;12345\n"),
    {
      right: ['A +380501234567', 'B +380501234568', 'C +380501234569', 'D +380501234560', 'E +380501234561'],
      refused: [[7, 'phone']],
    },
  ],
  [
    'what a spreadsheet would run',
    () =>
      utf8(
        "Name,Phone\n=cmd|' /C calc'!A0,0671111111\n'=SUM(A1),0671111112\n@x,0671111113\n-1,\"'+380671111114, +380671111115\"\n",
      ),
    {
      right: [
        "=cmd|' /C calc'!A0 +380671111111",
        '=SUM(A1) +380671111112',
        '@x +380671111113',
        '-1 +380671111114 +380671111115',
      ],
    },
  ],
  [
    'headings that occur twice',
    () => utf8('Phone,Name,Phone,Name\n0671111111,Olena,0671111112,Koval\n'),
    { right: ['Olena Koval +380671111111 +380671111112'] },
  ],
  [
    'rows too short and too long',
    () =>
      utf8('Name,Phone,E-mail\nA,0671111111\nB,0671111112,b@example.com,,\nKoval, Olena,0671111113,c@example.com\nD\n'),
    {
      right: ['A +380671111111', 'B +380671111112 b@example.com'],
      refused: [
        [4, 'tooManyCells', 'phone', 'email'],
        [5, 'noContact'],
      ],
    },
  ],
  ['nothing', () => utf8(''), { fault: 'empty' }],
  ['nothing but blank lines', () => utf8('\n ,\t\r\n\n'), { fault: 'empty' }],
  ['headings alone', () => utf8('Name,Phone,E-mail\n'), { fault: 'noRows' }],
  ['300 columns', () => utf8(`${wide('c')},Phone\n${wide('x')},0671111111\n`), { right: [' +380671111111'] }],
  ['1,000,000 columns', () => utf8(`Phone${','.repeat(1_000_000)}\n`), { fault: 'tooWide at line 1' }],
  [
    '600 columns in one row',
    () => utf8(`Name,Phone\nA,0671111111\nB${','.repeat(600)}\n`),
    { fault: 'tooWide at line 3' },
  ],
  [
    'a cell of 20,000 signs',
    () => utf8(`Name,Phone\n${'N'.repeat(20_000)},0671111111\nB,0671111112\n`),
    { right: ['B +380671111112'], refused: [[2, 'tooLong']] },
  ],
  [
    'a cell of two million signs',
    () => utf8(`Name,Phone\nA,0671111111\n"${'N'.repeat(2_000_000)}",0671111112\n`),
    { fault: 'rowTooLong at line 3' },
  ],
  [
    'semicolons, with commas in the cells',
    () => utf8('Name;Phone;Region\nKoval, Olena;0671111111;Kyiv, Podil\n'),
    { right: ['Koval, Olena +380671111111'] },
  ],
  ['tabs', () => utf8('Name\tPhone\nOlena\t0671111111\n'), { right: ['Olena +380671111111'] }],
  ['bars', () => utf8('Name|Phone\nOlena|0671111111\n'), { right: ['Olena +380671111111'] }],
  [
    'no headings',
    () => utf8('Olena,0671111111,o@example.com\nIvan,0671111112,i@example.com\n'),
    { right: [' +380671111111 o@example.com', ' +380671111112 i@example.com'] },
  ],
  [
    'damaged characters, and halves of them',
    () => utf8('Name,Phone\nOl\uFFFDna,0671111111\nB,0671111112\n'),
    { right: ['B +380671111112'], refused: [[2, 'damaged']] },
  ],
  [
    'words for gender in six languages, and one that is none',
    () =>
      utf8(
        'Phone,Gender\n0671111111,ж\n0671111112,männlich\n0671111113,kobieta\n0671111114,мъж\n0671111115,unknown\n0671111116,yes\n',
      ),
    {
      right: [' +380671111111', ' +380671111112', ' +380671111113', ' +380671111114', ' +380671111115'],
      refused: [[7, 'gender']],
    },
  ],
  [
    'a picture',
    () => Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]),
    { fault: 'notTable' },
  ],
  [
    'an old .xls',
    () => Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), Buffer.alloc(600)]),
    { fault: 'oldExcel' },
  ],
  [
    'an .xlsx named .csv, of a program of others',
    () => workbook(),
    { right: ['Олена +380671234567 u-1', '=cmd +380501234567'] },
  ],
  [
    'numbers in an .xlsx',
    () =>
      xlsx(
        row(2, text('A2', 'A'), '<c r="B2"><v>380671111111</v></c>', '<c r="C2"><v>17850.0</v></c>') +
          row(3, text('A3', 'B'), '<c r="B3"><v>3.80671111112E11</v></c>', '<c r="C3"><v>1.7851E4</v></c>') +
          row(4, text('A4', 'C'), '<c r="B4"><v>671111113</v></c>') +
          row(5, text('A5', 'D'), '<c r="C5"><v>12345678901234567890</v></c>'),
      ),
    {
      right: ['A +380671111111 17850', 'B +380671111112 17851', 'C +380671111113'],
      refused: [[5, 'digitsLost']],
    },
  ],
  [
    'formulas in an .xlsx',
    () =>
      xlsx(
        row(
          2,
          '<c r="A2" t="str"><f>A9&amp;" "&amp;B9</f><v>Olena Koval</v></c>',
          '<c r="B2"><f>1+1</f><v>380671111111</v></c>',
        ) +
          row(3, text('A3', 'B'), '<c r="B3"><f>cmd()</f></c>') +
          row(4, text('A4', 'C'), '<c r="B4" t="e"><f>1/0</f><v>#DIV/0!</v></c>'),
      ),
    {
      right: ['Olena Koval +380671111111'],
      refused: [
        [3, 'formula'],
        [4, 'cellError'],
      ],
    },
  ],
  [
    'dates and texts in pieces in an .xlsx',
    () =>
      xlsx(
        row(2, '<c r="A2" t="s"><v>0</v></c>', text('B2', '0671111111')) +
          row(3, '<c r="A3" s="1"><v>45000</v></c>', text('B3', '0671111112')) +
          row(
            4,
            '<c r="A4" t="inlineStr"><is><r><t>Anna</t></r><r><t xml:space="preserve"> Maria</t></r></is></c>',
            text('B4', '0671111113'),
          ),
        {
          shared: '<si><r><t>Ol</t></r><r><t>ena</t></r><rPh><t>spoken</t></rPh></si>',
          styles:
            '<numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>',
        },
      ),
    {
      right: ['Olena +380671111111', 'Anna Maria +380671111113'],
      refused: [[3, 'date']],
    },
  ],
  [
    'an .xlsx with prefixes and without addresses',
    () =>
      zip(
        parts({
          rows: '<x:row><x:c t="inlineStr"><x:is><x:t>Phone</x:t></x:is></x:c></x:row><x:row r="5"><x:c><x:v>671111111</x:v></x:c></x:row>',
        }),
      ),
    { right: [' +380671111111'] },
  ],
  [
    'an .xlsx cut off',
    () => xlsx(row(2, text('A2', 'A'), text('B2', '0671111111'))).subarray(0, -40),
    { fault: 'zipBroken' },
  ],
  [
    'an .xlsx with a wrong checksum',
    () =>
      zip(parts({ rows: headings + row(2, text('B2', '0671111111')) }), (name) =>
        name.includes('sheet1') ? { crc: 1 } : {},
      ),
    { fault: 'zipBroken' },
  ],
  [
    'an .xlsx whose sheet is no XML',
    () => zip(parts({ rows: `${headings}<row r="2"><c r="B2"><v>1</row>` })),
    { fault: 'sheetBroken' },
  ],
  [
    'an .xlsx that would grow by its entities',
    () =>
      zip([
        ...parts({ rows: headings }).slice(0, 4),
        {
          name: 'xl/worksheets/sheet1.xml',
          data: '<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]><worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>',
        },
      ]),
    { fault: 'sheetBroken' },
  ],
  [
    'an .xlsx that unpacks to a thousand times its size',
    () => zip(parts({ rows: headings, shared: `<si><t>${'0'.repeat(70 * 1024 * 1024)}</t></si>` })),
    { fault: 'tooBigInside' },
  ],
  [
    'an .xlsx that lies about what it unpacks to',
    () =>
      zip(parts({ rows: headings, shared: `<si><t>${'0'.repeat(70 * 1024 * 1024)}</t></si>` }), (name) =>
        name.includes('shared') ? { size: 100 } : {},
      ),
    { fault: 'rowTooLong' },
  ],
  ['an .xlsx without a sheet', () => zip([{ name: 'word/document.xml', data: '<w/>' }]), { fault: 'noSheet' }],
];

const wide = (sign: string) => Array.from({ length: 300 }, (_, n) => `${sign}${n}`).join(',');

async function workbook(): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('Клієнти');
  sheet.addRow(['Ім’я', 'Телефон', 'Обліковий запис']);
  sheet.addRow(['Олена', '0671234567', 'u-1']);
  sheet.addRow(['=cmd', 501234567]);
  return Buffer.from(await book.xlsx.writeBuffer());
}

describe('C-13 malformed files: rows come in right or are refused with a reason, none is silently wrong', () => {
  test.each(FILES)('%s', async (_what, make, { right = [], refused = [], fault }) => {
    const company = await makeCompany(portal);
    const result = await bringAndCheck(company, user.id, await make());
    if (fault !== undefined) return expect(result).toBe(fault);
    if (typeof result === 'string') throw new Error(result);
    expect(await customersOf(portal, company)).toEqual([]);
    await start(portal, company, result.id, user.id);
    await portal.runJobs();
    const customers = await customersOf(portal, company);
    expect(customers.map((each) => [each.name, ...each.phones, ...each.emails, ...each.accounts].join(' '))).toEqual(
      right,
    );
    const rows = await rowsOf(portal, result.id);
    expect(
      rows
        .filter(({ outcome }) => outcome === 'refused')
        .map(({ line, problems }) => [line, ...problems.map(({ code }) => code)]),
    ).toEqual(refused);
    expect(rows.filter(({ outcome }) => outcome === null)).toEqual([]);
  });

  /** The id, or why the file is refused: at once, or by the check. */
  async function bringAndCheck(company: Parameters<typeof bring>[1], userId: string, bytes: Buffer) {
    try {
      const id = await bring(portal, company, userId, bytes);
      const brought = await importRow(portal, company, id);
      await check(portal, company, id, brought.reading.width === 0 ? ['phone'] : undefined);
      const { state, error } = await importRow(portal, company, id);
      return state === 'failed' ? (error ?? '').replace(':', ' at line ') : { id };
    } catch (error) {
      if (error instanceof FileError) return error.message;
      throw error;
    }
  }
});
