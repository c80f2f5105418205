import { readFileSync } from 'node:fs';

/** Writes a file where it is run: then it was code. */
const CODE = (file: string) => `require('fs').writeFileSync(${JSON.stringify(file)},'x')`;

/** What engines of templates run, and what breaks them; `file` is written by whatever is run after all. */
export function poisons(file: string): unknown[] {
  const code = CODE(file);
  return [
    `{{constructor.constructor(${JSON.stringify(code)})()}}`,
    `{{#with (lookup this 'constructor')}}{{#with (lookup this 'constructor')}}{{this "${code}"}}{{/with}}{{/with}}`,
    `{{#with "s" as |string|}}{{#with "e"}}{{this.pop}}{{this.push "${code}"}}{{/with}}{{/with}}`,
    ...['{{__proto__}}', '{{__proto__.polluted}}', '{{constructor}}', '{{prototype}}', '{{toString}}', '{{valueOf}}'],
    ...[
      '{{hasOwnProperty}}',
      '{{this}}',
      '{{.}}',
      '{{../company}}',
      '{{@root}}',
      '{{{name}}}',
      '{{&name}}',
      '{{> csrf}}',
    ],
    ...[
      '{{#each name}}x{{/each}}',
      '{{lookup name "constructor"}}',
      '{{name',
      '}}{{',
      '{{ {{name}} }}',
      '{{name|{{name}}}}',
    ],
    ...[
      '{{company.name}}',
      '{{companies[0].name}}',
      '{{customer.phone}}',
      '{{ name . constructor }}',
      '{{NAME}}',
      '{{nаme}}',
    ],
    `\${${code}}`,
    `<%= global.process.mainModule.${code} %>`,
    `#{global.process.mainModule.${code}}`,
    `{%= ${code} %}`,
    `[[\${${code}}]]`,
    `{{=<% %>=}}<%name%>`,
    ...[
      '$' + '{7*7}',
      '<%= 7*7 %>',
      '#{7*7}',
      '{7*7}',
      '@(7*7)',
      '%s%n%x$1\\1',
      '$&$`$$',
      '\\u007b\\u007bname\\u007d\\u007d',
    ],
    ...[
      '&lbrace;&lbrace;name&rbrace;&rbrace;',
      "'; drop table delivery; --",
      '<script>alert(1)</script>',
      '｛｛name｝｝',
    ],
    {
      type: 'Program',
      body: [{ type: 'MustacheStatement', path: { type: 'PathExpression', parts: ['name'] }, params: [] }],
    },
    { toString: 'x', __proto__: { text: 'x' } },
    ['{{name}}'],
    '{{'.repeat(800),
    `{{name|${' '.repeat(1500)}`,
    `{{${' '.repeat(1500)}name}}`,
    '{{name|'.repeat(200),
    'x'.repeat(9_500_000),
    `{{#each name}}${'y'.repeat(10_500_000)}{{/each}}`,
  ];
}

/** A list of texts, as JSON; none where no file is named. */
export const stringsOf = (file: string | null): string[] =>
  file === null ? [] : (JSON.parse(readFileSync(file, 'utf8')) as unknown[]).map(String);

/** Each line a text. */
export const linesOf = (file: string | null): string[] =>
  file === null
    ? []
    : readFileSync(file, 'utf8')
        .split(/\r?\n/)
        .filter((line) => line.trim() !== '');

const ALPHABETS = [
  ...['abcdefghijklmnopqrstuvwxyz  ', 'ABC €{}[]~^|\\ xyz', 'абвгґдеєжзиіїйклмнопрстуфхцчшщьюя  ', 'àéèùìòÄÖÜñß §¿ a'],
  ...['ab👩‍👩‍👧‍👦🏴 c', 'Zoe\u0308 ñ ’ “ ” – …', '0123456789 @£$¥ΔΦΓΛΩ\n', '漢字かな交じり文 ', 'مرحبا بالعالم '],
];

/** So many texts of all alphabets and lengths, around the borders of a part above all. */
export function textsFrom(random: () => number, many: number): string[] {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const around = [1, 66, 67, 68, 69, 70, 71, 133, 134, 135, 152, 153, 154, 159, 160, 161, 305, 306, 307, 400, 640];
  return Array.from({ length: many }, () => {
    const signs = Array.from(pick(ALPHABETS));
    const text = Array.from({ length: pick(around) }, () => pick(signs))
      .join('')
      .trim();
    return text === '' ? 'x' : text;
  });
}
