import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogueOf } from './catalogue.ts';
import { openGate } from './gate.ts';
import { openListener } from './listener.ts';
import type { Attacker } from './people.ts';
import { runProgram } from './program.ts';
import type { Finding } from './report.ts';
import type { Stage } from './stage.ts';

// Those that ask nothing of the world outside this machine.
const MODULES = [
  ...['csp', 'cookieflags', 'http_headers', 'csrf', 'xss', 'permanentxss', 'sql', 'blindsql', 'exec', 'file'],
  ...['crlf', 'redirect', 'ssrf', 'xxe', 'htaccess', 'backup', 'methods', 'shellshock'],
];

/** Walks through the portal by itself, from every page there is, and tries what it finds in addresses and forms. */
export async function wapiti(stage: Stage, attacker: Attacker): Promise<{ findings: Finding[]; note: string }> {
  const shots = await catalogueOf(stage, attacker);
  const gate = await openGate(attacker);
  try {
    const starts = shots.filter(({ route }) => route.method === 'GET').map(({ path }) => path);
    const { findings, tried } = await scan(stage, `wapiti-${attacker.who}`, gate.url, starts);
    return { findings, note: `${MODULES.length} modules, ${tried} forms and addresses tried` };
  } finally {
    await gate.close();
  }
}

/** What it finds in a page that prints what it is asked, and lets SQL in. */
export const wapitiOnWeak = async (stage: Stage, port: number): Promise<Finding[]> =>
  (await scan(stage, 'wapiti-weak', `http://127.0.0.1:${port}`, ['/item?id=1', '/echo?q=a'])).findings.filter(
    ({ what }) => /^(?:SQL Injection|Cross Site Scripting)/.test(what),
  );

async function scan({ scratch, options }: Stage, name: string, url: string, paths: readonly string[]) {
  const listener = await openListener();
  const [file, seconds] = [join(scratch, `${name}.json`), options.minutes * 60];
  try {
    const starts = paths.flatMap((path) => ['-s', `${url}${path}`]);
    const args = [...walk(url, scratch, name, seconds), ...starts, '--endpoint', listener.url, '-o', file];
    const output = await runProgram('wapiti', args, { folder: scratch, log: name, seconds: seconds * 4 + 60 });
    const called = listener.calls.map((call) => ({ what: 'was made to call somebody', where: call }));
    const last = output.trim().split('\n').at(-1) ?? name;
    const broken = /Traceback \(most recent call last\)/.test(output)
      ? [{ what: 'the tool broke off', where: last }]
      : [];
    return { findings: [...told(file, url), ...called, ...broken], tried: output.match(/^\[\+\] /gm)?.length ?? 0 };
  } finally {
    await listener.close();
  }
}

const walk = (url: string, scratch: string, name: string, seconds: number): string[] => [
  ...[
    '-u',
    `${url}/`,
    '--scope',
    'domain',
    '-m',
    MODULES.join(','),
    '-S',
    'normal',
    '-d',
    '3',
    '--max-links-per-page',
    '40',
  ],
  ...['--max-scan-time', String(seconds), '--max-attack-time', String(Math.ceil(seconds / 9)), '-t', '10', '-l', '1'],
  ...['--flush-session', '--store-session', join(scratch, name), '--store-config', join(scratch, `${name}-config`)],
  ...['--no-bugreport', '-v', '1', '-f', 'json'],
];

interface Told {
  method: string;
  path: string;
  info: string;
  parameter: string | null;
}

/** Its report: weaknesses, and answers that it holds for strange. */
function told(file: string, url: string): Finding[] {
  if (!existsSync(file)) return [{ what: 'the tool made no report', where: file }];
  const report = JSON.parse(readFileSync(file, 'utf8')) as Record<
    'vulnerabilities' | 'anomalies',
    Record<string, Told[]>
  >;
  const lists = [...Object.entries(report.vulnerabilities), ...Object.entries(report.anomalies)];
  return lists.flatMap(([kind, each]) =>
    each.map(({ method, path, info, parameter }) => ({
      what: `${kind}: ${info.replaceAll(url, '').slice(0, 160)}`,
      where: `${method} ${path.replaceAll(url, '').slice(0, 120)}${parameter ? ` ${parameter}` : ''}`,
    })),
  );
}
