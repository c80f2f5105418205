import ExcelJS from 'exceljs';
import type { File } from './judged.ts';
import { headings, parts, row, text, zip } from './zip.ts';

const xlsx = (rows: string, more: { shared?: string; styles?: string } = {}) =>
  zip(parts({ rows: headings + rows, ...more }));

/** The same of .xlsx, and of what only pretends to be one. */
export const XLSX_FILES: File[] = [
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

async function workbook(): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet('Клієнти');
  sheet.addRow(['Ім’я', 'Телефон', 'Обліковий запис']);
  sheet.addRow(['Олена', '0671234567', 'u-1']);
  sheet.addRow(['=cmd', 501234567]);
  return Buffer.from(await book.xlsx.writeBuffer());
}
