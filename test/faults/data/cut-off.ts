import type { Child } from '../../../src/platform/children.ts';
import { contracts } from '../../../src/queue/contracts.ts';
import type { Company } from '../../../src/tenancy/company.ts';
import { bring, check, importRow, start } from '../../imports/make.ts';
import { makeCompany, makeUser, type TestApp } from '../../make.ts';
import type { Options } from '../options.ts';
import { type Outcome, plain } from '../report.ts';
import type { Stage } from '../stage.ts';
import { pause, until } from '../wait.ts';

const MOST_SECONDS = 120;
// Long enough to begin, and not to end: of a few thousand rows some are written each time.
const LONGEST_LIFE = 2000;

interface Sum {
  kills: number;
  imports: number;
  rows: number;
  lost: number;
  doubled: number;
  added: number;
  recovery: number[];
  wrong: Set<string>;
}

/** The worker is killed while it checks a file and while it brings its rows in, again and again; then the same file comes a second time. */
export async function cutOff(stage: Stage, portal: TestApp): Promise<Outcome> {
  const { options } = stage;
  const sum: Sum = { kills: 0, imports: 0, rows: 0, lost: 0, doubled: 0, added: 0, recovery: [], wrong: new Set() };
  while (sum.kills < wantedOf(options)) await once(stage, portal, sum);
  return {
    ...plain({
      injected: sum.kills,
      operations: sum.rows,
      lost: sum.lost,
      doubled: sum.doubled,
      recovery: sum.recovery,
      misses: [sum.added > 0 && `the same file again added ${sum.added}`, ...sum.wrong],
      note: `${sum.imports} imports of ${options.rows} rows; the same file again added ${sum.added}`,
    }),
    name: 'F13 cut off',
  };
}

/** Of the short form one: each waits for a lease to lapse. */
const wantedOf = ({ short, kills }: Options): number => (short ? 1 : kills);

async function once(stage: Stage, portal: TestApp, sum: Sum): Promise<void> {
  const { rows } = stage.options;
  const company = await makeCompany(portal);
  const user = await makeUser(portal, { company });
  const file = Buffer.from(fileOf(rows));
  // Somebody is at work while it is read; from here on they die.
  const quiet = { ...portal, runJobs: async () => {} };
  const id = await bring(quiet, company, user.id, file);
  await check(quiet, company, id);
  await killing(stage, sum, survives('import.check'), () => isIn(quiet, company, id, ['checked', 'failed']));
  await start(quiet, company, id, user.id);
  await killing(stage, sum, survives('import.run'), () => isIn(quiet, company, id, ['done', 'failed']));
  const { state, counts } = await importRow(quiet, company, id);
  if (state !== 'done') sum.wrong.add(`an import is ${state}`);
  const good = rows - Math.floor(rows / BAD_EVERY);
  if (counts.refused !== rows - good) sum.wrong.add(`${counts.refused} rows refused instead of ${rows - good}`);
  const there = await customers(stage, company);
  sum.imports++;
  sum.rows += rows;
  sum.lost += Math.max(0, good - there);
  sum.doubled += Math.max(0, there - good);
  await again({ stage, portal: quiet, company, userId: user.id, file, there }, sum);
}

interface Again {
  stage: Stage;
  portal: TestApp;
  company: Company;
  userId: string;
  file: Buffer;
  there: number;
}

async function again({ stage, portal, company, userId, file, there }: Again, sum: Sum): Promise<void> {
  const worker = await stage.startWorker();
  const id = await bring(portal, company, userId, file);
  await check(portal, company, id);
  await until(() => isIn(portal, company, id, ['checked', 'failed']), MOST_SECONDS, 50);
  await start(portal, company, id, userId);
  await until(() => isIn(portal, company, id, ['done', 'failed']), MOST_SECONDS, 50);
  await worker.stop();
  const { counts } = await importRow(portal, company, id);
  sum.added += (counts.created ?? 0) + Math.abs((await customers(stage, company)) - there);
}

/** A job that ends every process that takes it up is given up: so many deaths it survives, with one attempt in hand. */
const survives = (name: 'import.check' | 'import.run'): number => contracts[name].attempts - 2;

/** Lets one work for a while, kills it, and starts the next, until it is over or there were enough. */
async function killing(stage: Stage, sum: Sum, most: number, isOver: () => Promise<boolean>): Promise<void> {
  let diedAt: number | null = null;
  const enough = Math.min(wantedOf(stage.options), sum.kills + most);
  while (!(await isOver())) {
    const before = await progress(stage);
    const worker = await stage.startWorker();
    const moves = async () => (await progress(stage)) !== before || (await isOver());
    await until(moves, MOST_SECONDS, 20);
    if (diedAt !== null) sum.recovery.push((performance.now() - diedAt) / 1000);
    diedAt = null;
    if (sum.kills >= enough) {
      await until(isOver, MOST_SECONDS, 50);
      await worker.stop();
      continue;
    }
    await pause(LONGEST_LIFE, stage.random);
    if (await isOver()) {
      await worker.stop();
      return;
    }
    await kill(worker);
    sum.kills++;
    diedAt = performance.now();
  }
}

async function kill(worker: Child): Promise<void> {
  if (worker.running()) process.kill(worker.pid, 'SIGKILL');
  await worker.ended;
}

const isIn = async (portal: TestApp, company: Company, id: string, states: readonly string[]) =>
  states.includes((await importRow(portal, company, id)).state);

/** Changes with every step of any import. */
async function progress({ ask }: Stage): Promise<string> {
  const [row] = await ask<{ at: string }>(
    `select coalesce(string_agg(id || state || rows_done || coalesce(attempt::text, ''), ' ' order by id), '') as at from import`,
  );
  return row?.at ?? '';
}

async function customers({ ask }: Stage, company: Company): Promise<number> {
  const [row] = await ask<{ count: number }>(
    'select count(*)::int as count from customer where company_id = $1 and merged_into is null',
    [company.id],
  );
  return row?.count ?? 0;
}

const BAD_EVERY = 10;

/** Every tenth row has a phone that is none. */
const fileOf = (rows: number): string =>
  ['Name,Phone,E-mail', ...Array.from({ length: rows }, (_, n) => lineOf(n + 1))].join('\r\n');

const lineOf = (n: number): string =>
  n % BAD_EVERY === 0 ? `Nobody ${n},12,` : `Customer ${n},+38067${String(1_000_000 + n)},c${n}@example.com`;
