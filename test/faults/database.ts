import { check } from './check.ts';
import { finished, settle } from './finish.ts';
import { type Outcome, outcome } from './report.ts';
import type { Stage } from './stage.ts';
import { pause, sleep, until } from './wait.ts';
import { campaignState, launchTo, makeWorld, setPace } from './world.ts';

const PACE = 50;
const MOST_SECONDS = 60;

/** F4: with the queue in Redis, and with the queue in the very database that falls. */
export async function databaseFalls(stage: Stage): Promise<Outcome[]> {
  return [await falls(stage, 'redis', 'F4'), await falls(stage, 'postgres', 'F4 queue there too')];
}

async function falls(stage: Stage, queue: 'redis' | 'postgres', name: string): Promise<Outcome> {
  const { options, postgres, standin, random } = stage;
  const wanted = options.falls;
  standin.turn({ ...CALLBACKS, seed: options.seed });
  const world = await makeWorld(stage, { recipients: wanted * 200 });
  await setPace(stage, PACE);
  const campaignId = await launchTo(stage, world);
  const worker = await stage.startWorker(queue);
  const recovery: number[] = [];
  const injected = { crashes: 0, cuts: 0 };
  while (injected.crashes + injected.cuts < wanted && (await goesOn(stage))) {
    if ((await campaignState(stage, campaignId)) !== 'sending') break;
    await pause(1000, random);
    if (injected.crashes <= injected.cuts) {
      injected.crashes++;
      await postgres.crash();
      await sleep(300 + random() * 2500);
      await postgres.start();
    } else {
      injected.cuts++;
      await postgres.cutAll();
    }
    recovery.push(await secondsUntilNext(stage));
  }
  await setPace(stage, 500);
  await finished(stage, [campaignId], worker);
  await settle(stage);
  const survived = worker.running() && stage.web.running();
  await worker.stop();
  const found = await check(stage, world, [campaignId]);
  const total = injected.crashes + injected.cuts;
  return {
    ...outcome(found, {
      injected: total,
      recovery,
      misses: [total < wanted && `only ${total} injected`, !survived && 'a process did not survive'],
      note: `${injected.crashes} falls, ${injected.cuts} times everybody cut off; one worker and one web process all along`,
    }),
    name,
  };
}

const CALLBACKS = {
  latency: [5, 40],
  callbacks: { copies: [1, 2], shuffled: true, lost: 0.1, early: 0.1, delay: [0, 400], undelivered: 0.03 },
} as const;

const goesOn = ({ options, standin }: Stage): Promise<boolean> => {
  const before = standin.asked();
  return until(() => standin.asked() > before, MOST_SECONDS + options.lease + options.sweep);
};

async function secondsUntilNext(stage: Stage): Promise<number> {
  const start = performance.now();
  if (!(await goesOn(stage))) throw new Error('the campaign does not go on after the database came back');
  return (performance.now() - start) / 1000;
}
