import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '../../../src/kernel/id.ts';
import { makeUser, signIn, type TestApp, type Visitor } from '../../make.ts';
import { type Outcome, plain } from '../report.ts';
import type { Stage } from '../stage.ts';
import { sleep, until } from '../wait.ts';
import { makeWorld, type World } from '../world.ts';
import { quantile } from './abreast.ts';
import { type Disk, openDisk } from './full-disk.ts';
import { inPortal } from './portal.ts';

// As much as what was written is in the way of: less than one of these files.
const ROOM = 16 * 1024;
const MOST_SECONDS = 120;

interface Sum {
  exports: number;
  uploads: number;
  wrong: string[];
}

/** F11: no room for what is exported, nor for what is brought to be imported; then there is some again. */
export const full = (stage: Stage): Promise<Outcome[]> =>
  inPortal(stage, async (portal) => {
    const folder = join(stage.services.config.dataDir, 'files');
    const world = await makeWorld(stage, { recipients: stage.options.short ? 1000 : 5000 });
    const owner = await signIn(portal, await makeUser(portal, { company: world.company }));
    const worker = await stage.startWorker();
    const disk = await openDisk(folder, () => [stage.web, worker]);
    try {
      return [await through(stage, portal, { world, owner, disk })];
    } finally {
      await worker.stop();
      await disk.close();
    }
  });

interface Scene {
  world: World;
  owner: Visitor;
  disk: Disk;
}

async function through(stage: Stage, portal: TestApp, scene: Scene): Promise<Outcome> {
  const { disk, owner } = scene;
  const times = stage.options.short ? 1 : 10;
  const sum: Sum = { exports: 0, uploads: 0, wrong: [] };
  const other = await signIn(
    portal,
    await makeUser(portal, { company: (await makeWorld(stage, { recipients: 200 })).company }),
  );
  const calm = await beside(other, () => sleep(stage.options.short ? 500 : 5000));
  await disk.fill(ROOM);
  const busy = await beside(other, async () => {
    for (let n = 0; n < times; n++) {
      for (const format of ['csv', 'xlsx'] as const) await exportOnce(stage, scene, format, sum);
      await upload(stage, scene, sum);
    }
  });
  await disk.empty();
  const left = filesBelow(stage);
  const start = performance.now();
  await exportAgain(stage, scene, sum);
  const recovery = (performance.now() - start) / 1000;
  const shown = (await owner.get('/exports')).text;
  return plain({
    injected: sum.exports + sum.uploads,
    operations: sum.exports + sum.uploads,
    recovery: [recovery],
    misses: [
      ...new Set(sum.wrong),
      left > 0 && `${left} files left`,
      busy.failed > 0 && `${busy.failed} pages of others failed`,
    ],
    note: `${disk.how}; ${sum.exports} exports and ${sum.uploads} uploads refused with “${/There was no room[^.]*/.exec(shown)?.[0] ?? 'nothing'}”; files left ${left}, others’ p95 ${ms(busy)} beside ${ms(calm)} ms in peace`,
  });
}

async function exportOnce(stage: Stage, { world, owner }: Scene, format: string, sum: Sum): Promise<void> {
  const id = await wanted(stage, owner, world, format);
  // Each try comes at once and not after minutes.
  const tried = () =>
    stage.ask(
      `update job set due_at = now() where payload ->> 'exportId' = $1 and due_at between now() and now() + interval '1 day'`,
      [id],
    );
  const isOver = async () => {
    await tried();
    return ['failed', 'done'].includes(await stateOf(stage, id));
  };
  await until(isOver, MOST_SECONDS, 200);
  sum.exports++;
  if ((await stateOf(stage, id)) !== 'failed')
    sum.wrong.push(`an export for which there was no room is ${await stateOf(stage, id)}`);
  if (!(await owner.get('/exports')).text.includes('There was no room left'))
    sum.wrong.push('nobody is told that there was no room');
  const taken = await owner.get(`/exports/${id}/file`);
  if (taken.status !== 404) sum.wrong.push(`half a file could be taken (${taken.status})`);
}

async function upload(stage: Stage, { world, owner }: Scene, sum: Sum): Promise<void> {
  const before = await imports(stage, world);
  const rows = Array.from({ length: 5000 }, (_, n) => `Customer ${n},067${String(n).padStart(7, '0')}`);
  const sent = owner.agent.post('/imports');
  for (const [name, value] of Object.entries({ _csrf: owner.csrf, _company: world.company.id }))
    sent.field(name, value);
  const answer = await sent.attach('file', Buffer.from(['Name,Phone', ...rows].join('\n')), 'people.csv');
  sum.uploads++;
  if (answer.status !== 507 || !answer.text.includes('There is no room left'))
    sum.wrong.push(`an upload for which there is no room is answered ${answer.status}`);
  if ((await imports(stage, world)) !== before) sum.wrong.push('an upload for which there was no room left a row');
}

/** There is room: the same again is done. */
async function exportAgain(stage: Stage, { world, owner }: Scene, sum: Sum): Promise<void> {
  const id = await wanted(stage, owner, world, 'csv');
  await until(async () => (await stateOf(stage, id)) === 'done', MOST_SECONDS, 50);
  const { status, text } = await owner.get(`/exports/${id}/file`);
  const lines = text.trim().split('\r\n').length - 1;
  if (status !== 200 || lines !== world.numbers.length)
    sum.wrong.push(`with room again, ${lines} rows of ${world.numbers.length}`);
  // What lies on this disk goes with it.
  await owner.post(`/exports/${id}/revocation`);
}

async function wanted(stage: Stage, owner: Visitor, { company }: World, format: string): Promise<string> {
  const known = new Set(
    (await stage.ask<{ id: string }>('select id from export where company_id = $1', [company.id])).map(({ id }) => id),
  );
  await owner.post('/exports', { format, filter: '' });
  const rows = await stage.ask<{ id: string }>('select id from export where company_id = $1', [company.id]);
  return rows.find(({ id }) => !known.has(id))?.id ?? newId();
}

async function stateOf({ ask }: Stage, id: string): Promise<string> {
  const [row] = await ask<{ state: string }>('select state from export where id = $1', [id]);
  return row?.state ?? 'gone';
}

const filesBelow = ({ services }: Stage): number =>
  readdirSync(join(services.config.dataDir, 'files'), { recursive: true, withFileTypes: true }).filter((each) =>
    each.isFile(),
  ).length;

async function imports({ ask }: Stage, { company }: World): Promise<number> {
  const rows = await ask('select id from import where company_id = $1', [company.id]);
  return rows.length;
}

interface Beside {
  times: number[];
  failed: number;
}

/** Somebody of another company looks at the list, ten times a second. */
async function beside(visitor: Visitor, work: () => Promise<void>): Promise<Beside> {
  const seen: Beside = { times: [], failed: 0 };
  let over = false;
  const looking = (async () => {
    while (!over) {
      const start = performance.now();
      const { status } = await visitor.get('/customers');
      seen.times.push(performance.now() - start);
      if (status !== 200) seen.failed++;
      await sleep(100);
    }
  })();
  try {
    await work();
  } finally {
    over = true;
    await looking;
  }
  return seen;
}

const ms = ({ times }: Beside) => quantile(times, 0.95).toFixed(0);
