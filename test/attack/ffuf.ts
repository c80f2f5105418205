import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRandom } from '../../src/demo/random.ts';
import type { Route } from '../../src/web/context.ts';
import { pages } from '../isolation/world.ts';
import { CANARIES } from './canaries.ts';
import { catalogueOf, matches, type Shot } from './catalogue.ts';
import type { Attacker } from './people.ts';
import { runProgram } from './program.ts';
import type { Finding } from './report.ts';
import type { Stage } from './stage.ts';
import { hostileStrings } from './strings.ts';
import { hiddenPaths } from './words.ts';

/** What no answer may hold: what another company has, the inside of the program, files beside the public ones. */
const SECRETS = `${CANARIES.join('|')}|node_modules|\\.ts:[0-9]+|PrismaClient|syntax error at|root:x:0|"devDependencies"|SESSION_SECRET`;

/** Looks for hidden addresses, then sends every hostile string as every parameter. An answer that shows a secret, or none, is a finding. */
export async function ffuf(stage: Stage, attacker: Attacker): Promise<{ findings: Finding[]; note: string }> {
  const { options } = stage;
  const shots = await catalogueOf(stage, attacker);
  const [paths, strings] = [hiddenPaths(), hostileStrings(options.strings)];
  const found = await hidden(stage, attacker, paths, shots);
  const asked = shots.filter(({ route, query }) => route.method === 'GET' && Object.keys(query).length > 0);
  const typed = shots.filter(({ form, json }) => form !== null || json !== null);
  const [gets, posts] = options.short ? [some(asked, 10, options.seed), some(typed, 5, options.seed)] : [asked, typed];
  const findings = [...found, ...(await queries(stage, attacker, gets, strings))];
  for (const shot of posts) findings.push(...(await bodies(stage, attacker, shot, strings)));
  const note = `${paths.length} addresses, ${strings.length} strings in ${gets.length} addresses and ${posts.length} forms`;
  return { findings, note };
}

/** What it finds where a file of secrets lies open. */
export async function ffufOnWeak(stage: Stage, port: number): Promise<Finding[]> {
  const nobody = stage.attackers.nobody;
  const list = write(stage, 'paths', hiddenPaths());
  const args = ['-w', `${list}:PATH`, '-u', `http://127.0.0.1:${port}/PATH`, '-mc', '500-599', '-mr', SECRETS];
  const hits = await run(stage, nobody, 'weak', args, 'PATH');
  return hits.filter(({ path }) => path === '.env').map(({ path }) => ({ what: 'shows a secret', where: path }));
}

/** Whatever answers 200 must be a page of ours. */
async function hidden(
  stage: Stage,
  attacker: Attacker,
  paths: readonly string[],
  shots: readonly Shot[],
): Promise<Finding[]> {
  const list = write(stage, 'paths', paths);
  const args = ['-w', `${list}:PATH`, '-u', `${stage.url}/PATH`, '-mc', '200,500-599'];
  const hits = await run(stage, attacker, 'hidden', args, 'PATH');
  const known = [...pages.filter(({ permission }) => permission === 'public'), ...shots.map(({ route }) => route)];
  return hits
    .filter(({ path, status }) => status >= 500 || !known.some((route) => isAt(route, path)))
    .map(({ path, status }) => ({ what: `answers ${status}`, where: `/${path}` }));
}

/** The address of a page, and the same with a slash at its end or a question behind it. */
const isAt = (route: Route, path: string): boolean =>
  matches(route, `/${path.split('?')[0]}`.replace(/\/+$/, '') || '/');

const queries = (stage: Stage, attacker: Attacker, shots: readonly Shot[], strings: readonly string[]) => {
  const places = shots.flatMap(({ path, query }) => Object.keys(query).map((name) => `${path.slice(1)}?${name}=`));
  const lists = ['-w', `${write(stage, 'places', places)}:PLACE`, '-w', `${write(stage, 'strings', strings)}:STRING`];
  return leaks(stage, attacker, 'queries', [...lists, '-u', `${stage.url}/PLACESTRING`]);
};

const bodies = (
  stage: Stage,
  attacker: Attacker,
  { name, path, route, form, json }: Shot,
  strings: readonly string[],
) => {
  const variants = json === null ? formVariants(form ?? {}, attacker.hidden) : jsonVariants(json);
  if (variants.length === 0) return [];
  const words = json === null ? strings : strings.map((text) => JSON.stringify(decodeURIComponent(text)).slice(1, -1));
  const lists = [
    '-w',
    `${write(
      stage,
      'before',
      variants.map(([before]) => before),
    )}:BEFORE`,
    '-w',
    `${write(stage, 'strings', words)}:STRING`,
  ];
  const type = json === null ? 'application/x-www-form-urlencoded' : 'application/json';
  const sent = ['-X', route.method, '-d', `BEFORESTRING${variants[0]?.[1] ?? ''}`, '-H', `Content-Type: ${type}`];
  return leaks(stage, attacker, name, [...lists, ...sent, '-u', `${stage.url}${path}`]);
};

/** Each field once in the last place, where the string is put behind it. */
function formVariants(
  form: Readonly<Record<string, string>>,
  hidden: Readonly<Record<string, string>>,
): [string, string][] {
  const names = Object.keys(form).filter((name) => !(name in hidden));
  return names.map((name) => {
    const { [name]: _, ...rest } = form;
    return [`${new URLSearchParams(rest)}&${encodeURIComponent(name)}=`, ''];
  });
}

/** The first text inside takes each string. */
function jsonVariants(json: string): [string, string][] {
  const at = /"(?:externalId|name)":"/.exec(json);
  if (!at) return [];
  const start = at.index + at[0].length;
  return [[json.slice(0, start), json.slice(json.indexOf('"', start))]];
}

const leaks = async (stage: Stage, attacker: Attacker, name: string, args: string[]): Promise<Finding[]> =>
  (await run(stage, attacker, name, [...args, '-mc', '500-599', '-mr', SECRETS], 'STRING')).map(
    ({ status, url, path }) => ({
      what: status >= 500 ? `answers ${status}` : `shows ${new RegExp(SECRETS).exec(path)?.[0] ?? 'a secret'}`,
      where: `${name}: ${url.slice(0, 200)} with ${path.slice(0, 80)}`,
    }),
  );

interface Hit {
  status: number;
  url: string;
  /** the word that was put in */
  path: string;
}

let runs = 0;

async function run(stage: Stage, { headers }: Attacker, name: string, args: string[], word: string): Promise<Hit[]> {
  const log = `ffuf-${++runs}`;
  const [file, folder] = [join(stage.scratch, `${log}.json`), join(stage.scratch, log)];
  mkdirSync(folder);
  const worn = Object.entries(headers).flatMap(([key, value]) => ['-H', `${key}: ${value}`]);
  const most = [
    '-t',
    '16',
    '-timeout',
    '20',
    '-maxtime',
    String(stage.options.minutes * 60),
    '-s',
    '-o',
    file,
    '-of',
    'json',
    '-od',
    folder,
  ];
  await runProgram('ffuf', [...args, ...worn, ...most], {
    folder: stage.scratch,
    log,
    seconds: stage.options.minutes * 60 + 20,
  });
  if (!existsSync(file))
    throw new Error(
      `ffuf made no report of ${name}: ${readFileSync(join(stage.scratch, `${log}.txt`), 'utf8').slice(-500)}`,
    );
  const { results } = JSON.parse(readFileSync(file, 'utf8')) as {
    results: { status: number; url: string; input: Record<string, string> }[] | null;
  };
  const shown = readdirSync(folder).length;
  return (results ?? []).map(({ status, url, input }) => ({ status, url, path: input[word] ?? String(shown) }));
}

function write({ scratch }: Stage, name: string, lines: readonly string[]): string {
  const file = join(scratch, `words-${name}`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

function some<T>(all: readonly T[], most: number, seed: number): T[] {
  const { next } = openRandom(seed);
  return all
    .map((each) => ({ each, at: next() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, most)
    .map(({ each }) => each);
}
