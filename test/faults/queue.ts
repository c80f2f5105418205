import { add, check } from './check.ts';
import { finished, settle } from './finish.ts';
import { type Outcome, outcome } from './report.ts';
import type { Stage } from './stage.ts';
import { pause, sleep, until } from './wait.ts';
import { launchTo, makeWorld, setPace, type World } from './world.ts';

// In production everything is looked through twice a minute.
const MOST_SECONDS = 120;
const PACE = 60;

interface Launched {
  world: World;
  campaignId: string;
}

/** F5: a big campaign under way, and small ones whose wake is lost with the queue. */
export async function queueFalls(stage: Stage): Promise<Outcome[]> {
  const { options, redis, standin, random } = stage;
  const wanted = options.falls;
  standin.turn({ ...CALLBACKS, seed: options.seed });
  await setPace(stage, PACE);
  await redis.kill();
  const all: Launched[] = [await launchNew(stage, wanted * 100)];
  const worker = await stage.startWorker();
  await sleep(3000);
  await redis.start();
  const recovery = [await secondsUntilMore(stage)];
  for (let n = 0; n < wanted; n++) {
    await pause(500, random);
    const falls = n % 2 === 1;
    if (falls) await redis.kill();
    const small = await launchNew(stage, 5);
    all.push(small);
    if (falls) {
      await sleep(random() * 2000);
      await redis.start();
    } else await redis.flush();
    recovery.push(await secondsUntil(() => isCalled(stage, small)));
  }
  await setPace(stage, 500);
  await finished(
    stage,
    all.map(({ campaignId }) => campaignId),
    worker,
  );
  await settle(stage);
  const survived = worker.running() && stage.web.running();
  await worker.stop();
  const found = await Promise.all(all.map(({ world, campaignId }) => check(stage, world, [campaignId])));
  return [
    outcome(add(found), {
      injected: wanted + 1,
      recovery,
      misses: [!survived && 'a process did not survive'],
      note: `away at the start of the worker, flushed ${Math.ceil(wanted / 2)} times, killed ${Math.floor(wanted / 2)} times`,
    }),
  ];
}

const CALLBACKS = {
  latency: [5, 40],
  callbacks: { copies: [1, 2], shuffled: true, lost: 0.1, early: 0.1, delay: [0, 400], undelivered: 0.03 },
} as const;

async function launchNew(stage: Stage, recipients: number): Promise<Launched> {
  const world = await makeWorld(stage, { recipients });
  return { world, campaignId: await launchTo(stage, world) };
}

async function secondsUntil(isSo: () => boolean | Promise<boolean>): Promise<number> {
  const start = performance.now();
  if (!(await until(isSo, MOST_SECONDS, 50))) throw new Error('the campaign does not go on after the queue came back');
  return (performance.now() - start) / 1000;
}

function secondsUntilMore({ standin }: Stage): Promise<number> {
  const before = standin.asked();
  return secondsUntil(() => standin.asked() > before);
}

async function isCalled({ ask }: Stage, { campaignId }: Launched): Promise<boolean> {
  const rows = await ask('select 1 as one from delivery where campaign_id = $1 and called_at is not null limit 1', [
    campaignId,
  ]);
  return rows.length > 0;
}
