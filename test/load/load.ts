import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname, resolve } from 'node:path';
import { rootPath } from '../../src/platform/root.ts';
import { bars } from '../bench/bars.ts';
import { query } from '../bench/build/cluster.ts';
import { letIn } from './crowd.ts';
import { watchMemory } from './memory.ts';
import { type Options, readOptions } from './options.ts';
import { watchWorks } from './progress.ts';
import { proveCampaign, proveExport, proveImport, proveKept } from './proof.ts';
import { memoryTable, misses, pagesTable, pictures, proofTable, type Result } from './report.ts';
import { openBook } from './samples.ts';
import { openStage, type Stage } from './stage.ts';
import { forgetTrace, readTrace, traceJobs } from './trace.ts';
import { makeUsers, openAgent, signInAll } from './users.ts';
import { keepNothing, type Someone, type World } from './visit.ts';
import { begin, prepare } from './works.ts';

/**
 * `npm run load`: people click, programs post, while a file is imported, a campaign sent and another file exported; then everything that
 * was acknowledged is looked for. Prints tables; ends with 1 when something is not as it has to be. Everything it starts ends with it.
 */
async function main(options: Options): Promise<boolean> {
  const stage = await openStage(options, say);
  try {
    const result = await run(stage);
    const missed = misses(result);
    tell(result, missed);
    keep(options, result, missed);
    return missed.length === 0;
  } finally {
    await stage.close();
  }
}

const OWN = 5;

async function run(stage: Stage): Promise<Result> {
  const { options, cluster, company, port, proxy } = stage;
  const stamp = String(Date.now()).slice(-8);
  await makeUsers(stage, stamp);
  const { key } = await prepare(stage);
  const agent = openAgent();
  const users = await signInAll(stage, stamp, agent);
  const owner = users.find(({ number }) => number === 0)?.site;
  if (!owner) throw new Error('nobody is an owner');
  const api = { port, agent, headers: { authorization: `Bearer ${key}` } };
  const people = await draw(stage);
  const [own, others] = [people.slice(0, options.users * OWN), people.slice(options.users * OWN)];
  say(`${users.length} users are signed in; ${options.minutes} minutes begin, at load ${loadavg()[0]?.toFixed(1)}`);

  await traceJobs(cluster.superuserUrl);
  const book = openBook();
  const memory = watchMemory(stage);
  const until = performance.now() + options.minutes * 60_000;
  let number = Number(stamp) % 10_000_000;
  let campaignId: string | null = null;
  const world: World = {
    ...{ book, kept: keepNothing(), api, people: others, companyId: company.id, companyName: company.name },
    base: `/api/v1/companies/${company.slug}`,
    campaign: () => campaignId,
    next: () => String(++number),
  };
  const { think, seed } = options;
  const crowd = letIn({
    ...{ world, users, think, seed, until },
    own: (user) => own.slice(user.number * OWN, (user.number + 1) * OWN),
  });
  const works = await begin(stage, owner, api, stamp);
  campaignId = works.campaignId;
  const foreman = await watchWorks(stage, owner, works);
  await crowd;
  const seconds = (performance.now() - book.started) / 1000;
  say(`everybody has gone; the long works are: ${JSON.stringify(foreman.progress())}`);
  const isOver = await foreman.over(performance.now() + options.wait * 60_000);
  await foreman.stop();
  memory.stop();
  if (!isOver) say(`after ${options.wait} more minutes some are still not over: ${JSON.stringify(foreman.progress())}`);

  const proofs = await proveKept(stage, world.kept);
  const states = foreman.progress();
  if (works.exportId && states.export?.state === 'done') proofs.push(await proveExport(stage, owner, works));
  const passed = proxy?.passed() ?? null;
  const failures = [...(proxy?.failures() ?? [])];
  const journal = await stage.end();
  if (works.importId && states.import?.state === 'done') proofs.push(await proveImport(stage, stamp));
  if (works.campaignId && states.campaign?.state === 'finished') {
    const { refused, ...proof } = await proveCampaign(stage, works, journal);
    proofs.push(proof);
    if (refused > 0) failures.push(`${refused} callbacks were not answered with 2xx`);
  }
  const trace = await readTrace(cluster.superuserUrl);
  await forgetTrace(cluster.superuserUrl);
  agent.destroy();
  return { book, seconds, memory: memory.lines, works: states, proofs, trace, passed, failures, bar: bars.memory };
}

/** From all over the time line; those who are changed are nobody else's. */
const draw = ({ cluster, company, options }: Stage): Promise<Someone[]> =>
  query(cluster.superuserUrl, SOME, [company.id, options.users * OWN + 1000]);

const SOME = `
  select c.id, c.name, min(value) filter (where kind = 'email') as email, min(value) filter (where kind = 'phone') as phone
  from (select company_id, id, name from customer where company_id = $1 and listed and name <> '' order by hashtext(id::text) limit $2) c
  join contact k on k.company_id = c.company_id and k.customer_id = c.id
  group by c.id, c.name having count(distinct kind) = 2 order by hashtext(c.id::text)`;

function tell(result: Result, missed: readonly string[]): void {
  const { book, seconds, works, trace, passed } = result;
  const perSecond = (book.samples.length / seconds).toFixed(1);
  say(`\n${pagesTable(result)}\n\n${memoryTable(result)}\n\n${proofTable(result)}\n`);
  for (const [name, { state, seconds: taken }] of Object.entries(works))
    say(`${name}: ${state}${taken === null ? '' : ` after ${taken.toFixed(0)} s`}`);
  say(`${perSecond} answers a second; load ${loadavg()[0]?.toFixed(1)}`);
  say(
    `jobs: ${trace.taken} taken (${Object.entries(trace.by)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')}), ${trace.done} done, ` +
      `${trace.handedBack} put off or handed back, ${trace.retried} tried again, run twice ${trace.takenOver}`,
  );
  if (passed) say(`requests to each web process: ${passed.join(', ')}`);
  for (const miss of missed) say(`MISSED: ${miss}`);
}

function keep(options: Options, result: Result, missed: readonly string[]): void {
  const file = resolve(rootPath(), options.json);
  mkdirSync(dirname(file), { recursive: true });
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length };
  writeFileSync(file, `${JSON.stringify({ date: new Date().toISOString(), machine, options, missed, ...result })}\n`);
  const drawn = Object.entries(pictures(result));
  for (const [name, text] of drawn) if (options.docs) writeFileSync(rootPath('docs', name), text);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  process.exitCode = (await main(readOptions(process.argv.slice(2)))) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  // The crowd would click on at what is no more.
  process.exit(1);
}
