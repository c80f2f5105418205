import { existsSync } from 'node:fs';
import { type Answer, call, site } from '../../bench/load.ts';
import { residentMegabytes } from '../../bench/processes.ts';
import { zip } from '../../imports/zip.ts';
import { foreignIn } from '../canaries.ts';
import { type Listener, openListener } from '../listener.ts';
import type { Attacker } from '../people.ts';
import type { Finding } from '../report.ts';
import type { Stage } from '../stage.ts';

const NAMES = [
  ...[
    '../../../odd-name.csv',
    '..\\..\\odd-name.csv',
    '/tmp/odd-name.csv',
    'odd\u0000name.csv',
    'odd.html',
    'odd.svg',
    'odd.php.csv',
    '.htaccess',
  ],
  ...[
    'con',
    `${'x'.repeat(5000)}.csv`,
    'a"; filename="b.csv',
    'a\r\nX-Odd: 1.csv',
    '<script>alert(1)</script>.csv',
    '\u202evsc.exe',
    '%2e%2e%2fodd-name.csv',
    ' ',
  ],
];

const TABLE = 'Name,Phone\nOdd,+380671234599\n';

/** Files that are not what they say, or grow when they are opened. Each is answered, nothing is called, nothing is left elsewhere. */
export async function files(stage: Stage, attacker: Attacker): Promise<{ findings: Finding[]; note: string }> {
  const findings: Finding[] = [];
  const listener = await openListener();
  const [before, started] = [residentMegabytes(stage.web.pid) ?? 0, performance.now()];
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, residentMegabytes(stage.web.pid) ?? 0);
  }, 50);
  const bring = async (what: string, name: string, data: Buffer | string) => {
    const at = performance.now();
    const answer = await upload(attacker, '/imports', name, data).catch(String);
    if (typeof answer === 'string') {
      findings.push({ what: `got no answer (${answer})`, where: `${what}: ${name.slice(0, 40)}` });
      return;
    }
    const page = await pageBehind(attacker, answer);
    const seconds = (performance.now() - at) / 1000;
    const wrong = judge(answer, page, seconds);
    if (wrong) findings.push({ what: wrong, where: `${what}: ${name.slice(0, 40)}` });
  };
  try {
    for (const name of NAMES) await bring('a name', name, TABLE);
    const contents = Object.entries(CONTENTS(listener));
    for (const [what, data] of contents) {
      for (const name of ['odd.xlsx', 'odd.csv', 'odd.html']) await bring(what, name, data);
    }
    for (const call of listener.calls) findings.push({ what: 'was made to call somebody', where: call });
    for (const place of ['/tmp/odd-name.csv', '/odd-name.csv']) {
      if (existsSync(place)) findings.push({ what: 'a file was left elsewhere', where: place });
    }
    if (peak - before > MOST_MEGABYTES)
      findings.push({ what: `memory grew by ${Math.round(peak - before)} MB`, where: 'web' });
    const took = ((performance.now() - started) / 1000).toFixed(0);
    const note = `${NAMES.length} names, ${contents.length} files; memory ${Math.round(before)} to at most ${Math.round(peak)} MB in ${took} s`;
    return { findings, note };
  } finally {
    clearInterval(timer);
    await listener.close();
  }
}

const MOST_MEGABYTES = 400;
const MOST_SECONDS = 15;

function judge(answer: Answer, page: Answer | null, seconds: number): string | null {
  if (![303, 400, 413, 422].includes(answer.status)) return `was answered ${answer.status}`;
  if (answer.headers['x-odd'] !== undefined) return 'writes a header';
  const shown = `${answer.body}${page?.body ?? ''}`;
  if (/root:x:0|<script>alert/.test(shown)) return 'shows what it should not';
  if (foreignIn(shown)) return `shows ${foreignIn(shown)}`;
  if (page && page.status >= 500) return `its page is answered ${page.status}`;
  return seconds > MOST_SECONDS ? `took ${seconds.toFixed(0)} s` : null;
}

const pageBehind = async ({ site: at }: Attacker, { headers }: Answer) =>
  headers.location?.startsWith('/imports/') ? call(site(at.port, at.headers), headers.location) : null;

/** A connection of its own: to make such a file takes longer than an idle one is kept. */
function upload({ site: at, hidden }: Attacker, path: string, name: string, data: Buffer | string): Promise<Answer> {
  const edge = 'edge-of-a-part';
  const fields = Object.entries(hidden).map(
    ([field, value]) => `--${edge}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`,
  );
  const head = `--${edge}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: text/csv\r\n\r\n`;
  const body = Buffer.concat([
    Buffer.from(fields.join('') + head),
    Buffer.from(data),
    Buffer.from(`\r\n--${edge}--\r\n`),
  ]);
  return call(site(at.port, at.headers), path, {
    method: 'POST',
    headers: { 'content-type': `multipart/form-data; boundary=${edge}` },
    body,
  });
}

const WORKBOOK =
  '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>';
const LINKS =
  '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>';

const workbook = (sheet: string | Buffer, more: { name: string; data: string | Buffer }[] = []) =>
  zip([
    { name: 'xl/workbook.xml', data: WORKBOOK },
    { name: 'xl/_rels/workbook.xml.rels', data: LINKS },
    { name: 'xl/worksheets/sheet1.xml', data: sheet },
    ...more,
  ]);

const sheetOf = (cells: string, before = '') =>
  `<?xml version="1.0"?>${before}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>${cells}</t></is></c></row></sheetData></worksheet>`;

const laughs = () => {
  const levels = Array.from({ length: 12 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`);
  return `<!DOCTYPE x [<!ENTITY l0 "ha">${levels.join('')}]>`;
};

const CONTENTS = ({ url }: Listener): Record<string, Buffer | string> => ({
  'an entity from elsewhere': workbook(sheetOf('&x;', `<!DOCTYPE x [<!ENTITY x SYSTEM "${url}/entity">]>`)),
  'an entity from a file': workbook(sheetOf('&x;', '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>')),
  'a definition from elsewhere': workbook(sheetOf('x', `<!DOCTYPE x SYSTEM "${url}/definition">`)),
  'a billion laughs': workbook(sheetOf('&l12;', laughs())),
  'a sheet of 500 MB': workbook(Buffer.concat([Buffer.from(sheetOf('x').slice(0, -12)), Buffer.alloc(500e6, ' ')])),
  'a cell of 200 MB': workbook(sheetOf('a'.repeat(200e6))),
  'deeply nested': workbook(sheetOf('<a>'.repeat(200_000))),
  'names that climb': workbook(sheetOf('x'), [{ name: '../../../tmp/odd-name.csv', data: 'x' }]),
  '20,000 files': workbook(
    sheetOf('x'),
    Array.from({ length: 20_000 }, (_, n) => ({ name: `x${n}`, data: '' })),
  ),
  'a picture that is a table': Buffer.concat([Buffer.from('GIF89a,Phone\n'), Buffer.from(TABLE)]),
  'a page': '<!doctype html><script>alert(1)</script>,Phone\nOdd,+380671234599\n',
  'the head of a zip': Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(1000, 'A')]),
  'half of a zip': workbook(sheetOf('x')).subarray(0, 300),
  'one line of 20 MB': `Name\n${'a'.repeat(20e6)}`,
  'quotes that never end': `Name,Phone\n"${'a,"'.repeat(500_000)}`,
  '100,000 columns': `${'a,'.repeat(100_000)}\n${'1,'.repeat(100_000)}`,
});
