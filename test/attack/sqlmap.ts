import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRandom } from '../../src/demo/random.ts';
import { catalogueOf, type Shot } from './catalogue.ts';
import type { Attacker } from './people.ts';
import { runProgram } from './program.ts';
import type { Finding } from './report.ts';
import type { Stage } from './stage.ts';

const MARK = '*';

/**
 * Every parameter of query, form, JSON, path, cookie and header of every request. It knows that it has PostgreSQL before it, and looks
 * for errors, unions, and answers that differ or come late.
 */
export async function sqlmap(stage: Stage, attacker: Attacker): Promise<{ findings: Finding[]; note: string }> {
  const { options, port } = stage;
  const shots = await catalogueOf(stage, attacker);
  const all = [...shots.flatMap((shot) => requestsOf(shot, attacker, port)), headersOf(attacker, port)];
  const requests = options.short ? some(all, 12, options.seed) : all;
  const { findings, output } = await scan(stage, `sqlmap-${attacker.who}`, requests);
  const tested = output.match(/do you want to test this URL/g)?.length ?? 0;
  const parameters =
    output.match(/parameter '.*' (?:does not seem to be|is vulnerable|appears to be .* injectable)/g)?.length ?? 0;
  const cut = tested < requests.length ? `, ${requests.length - tested} not reached` : '';
  return { findings, note: `${tested} addresses, ${parameters} parameters${cut}` };
}

/** What it finds in a page that lets SQL in. */
export async function sqlmapOnWeak(stage: Stage, port: number): Promise<Finding[]> {
  const texts = ['/item?id=1', '/echo?q=a'].map((path) => `GET ${path} HTTP/1.1\nHost: 127.0.0.1:${port}\n\n`);
  return (await scan(stage, 'sqlmap-weak', texts)).findings;
}

async function scan({ scratch, options }: Stage, name: string, requests: readonly string[]) {
  const [file, results] = [join(scratch, `${name}.log`), join(scratch, `${name}.csv`)];
  writeFileSync(file, requests.map((request) => `${RULE}\n${request}\n${RULE}\n`).join('\n'));
  const args = [...ARGS, '-l', file, `--results-file=${results}`, `--output-dir=${join(scratch, name)}`];
  const output = await runProgram('sqlmap', args, { folder: scratch, log: name, seconds: options.minutes * 60 });
  return { findings: injections(results), output };
}

const RULE = '='.repeat(54);

// No code or data is ever taken out: it is asked whether a parameter lets anything in.
const ARGS = [
  ...['--ignore-stdin', '--batch', '--disable-coloring', '--flush-session', '--dbms=PostgreSQL', '--technique=BEUST'],
  ...[
    '--level=1',
    '--risk=2',
    '--time-sec=2',
    '--timeout=20',
    '--retries=1',
    '--ignore-redirects',
    '--drop-set-cookie',
  ],
  ...[
    '--param-exclude=^(_csrf|_company)$',
    '--ignore-code=*',
    '--threads=1',
    '--answers=skip further tests=N,keep testing=N',
  ],
];

/** One for what is named in the request, and one for each id in its path. */
function requestsOf({ route, path, query, form, json }: Shot, attacker: Attacker, port: number): string[] {
  const { method } = route;
  const search = new URLSearchParams(query).toString();
  const body = json ?? (form && new URLSearchParams(form).toString());
  const type = json ? 'application/json' : 'application/x-www-form-urlencoded';
  const marked = [...route.path.matchAll(/:\w+/g)].map((_, nth) => markNth(route.path, path, nth));
  const addresses = search || Object.keys(form ?? {}).length > 2 || json ? [search ? `${path}?${search}` : path] : [];
  return [...addresses, ...marked].map((address) => requestText(method, address, attacker, port, body, type));
}

function markNth(pattern: string, path: string, nth: number): string {
  const places = pattern.split('/').flatMap((part, place) => (part.startsWith(':') ? [place] : []));
  const parts = path.split('/');
  return parts.map((part, place) => (place === places[nth] ? part + MARK : part)).join('/');
}

function requestText(
  method: string,
  address: string,
  { headers }: Attacker,
  port: number,
  body: string | null,
  type: string,
): string {
  const lines = [`${method} ${address} HTTP/1.1`, `Host: 127.0.0.1:${port}`];
  const sent = body === null ? {} : { 'content-type': type };
  for (const [name, value] of Object.entries({ ...headers, ...sent })) lines.push(`${name}: ${value}`);
  return `${lines.join('\n')}\n\n${body ?? ''}`;
}

/** What is no parameter, and is read all the same. */
function headersOf({ headers }: Attacker, port: number): string {
  const { cookie = '', authorization } = headers;
  const lines = [
    'GET /customers HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    `Cookie: ${cookie}; lang=en${MARK}; device=x${MARK}`,
  ];
  for (const name of READ) lines.push(`${name}: 1${MARK}`);
  lines.push(authorization ? `Authorization: ${authorization}${MARK}` : `Authorization: Bearer x${MARK}`);
  return `${lines.join('\n')}\n\n`;
}

const READ = [
  'User-Agent',
  'Referer',
  'Accept-Language',
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'Origin',
  'X-Request-Id',
];

function some<T>(all: readonly T[], most: number, seed: number): T[] {
  const { next } = openRandom(seed);
  return [...all]
    .map((each) => ({ each, at: next() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, most)
    .map(({ each }) => each);
}

/** Its table of results has one line for each parameter that let something in. */
function injections(file: string): Finding[] {
  if (!existsSync(file)) return [];
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  return lines.filter((line) => line !== '').map((line) => ({ what: 'lets SQL in', where: line }));
}
