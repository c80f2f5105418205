import type { File } from './judged.ts';

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

/** Broken and odd text files, and what of each must come in. */
export const TEXT_FILES: File[] = [
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
];

const wide = (sign: string) => Array.from({ length: 300 }, (_, n) => `${sign}${n}`).join(',');
