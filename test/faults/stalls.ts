import type { Child } from '../../src/platform/children.ts';
import { check, deliveryOf } from './check.ts';
import { finished, settle } from './finish.ts';
import { type Outcome, outcome } from './report.ts';
import type { Stage } from './stage.ts';
import { pause, sleep, until } from './wait.ts';
import { campaignState, launchTo, makeWorld, setPace } from './world.ts';

const PACE = 60;
const MOST_SECONDS = 30;

/** F3 */
export async function stalls(stage: Stage): Promise<Outcome[]> {
  const { options, standin, random } = stage;
  const wanted = options.short ? 1 : 30;
  standin.turn({ ...SLOW, seed: options.seed });
  await setPace(stage, PACE);
  const world = await makeWorld(stage, { recipients: options.short ? 300 : 6000 });
  const campaignId = await launchTo(stage, world);
  let [active, other] = await Promise.all([stage.startWorker(), stage.startWorker()]);
  const sum = { stalls: 0, caught: 0, refused: 0 };
  const recovery: number[] = [];
  while (sum.stalls < wanted && (await works(stage, campaignId))) {
    await pause(1000, random);
    const stalled = await stall(stage, campaignId, active, other);
    if (!stalled) {
      // It was the other one that worked.
      [active, other] = [other, active];
      continue;
    }
    sum.stalls++;
    sum.caught += stalled.caught;
    sum.refused += stalled.refused;
    recovery.push(stalled.seconds);
    [active, other] = [other, active];
  }
  await setPace(stage, 500);
  await finished(stage, [campaignId], active);
  await settle(stage);
  await Promise.all([active.stop(), other.stop()]);
  const found = await check(stage, world, [campaignId]);
  return [
    outcome(found, {
      injected: sum.stalls,
      recovery,
      misses: [sum.stalls < wanted && `only ${sum.stalls} stalls`, sum.refused < 1 && 'no late write was provoked'],
      note: `${sum.caught} calls under way when their worker was stopped; ${sum.refused} late answers refused, 0 taken`,
    }),
  ];
}

const SLOW = {
  latency: [50, 200],
  callbacks: { copies: [1, 1], shuffled: false, lost: 1, early: 0, delay: [0, 0], undelivered: 0 },
} as const;

async function works(stage: Stage, campaignId: string): Promise<boolean> {
  const before = stage.standin.asked();
  return (
    (await until(() => stage.standin.asked() > before, MOST_SECONDS)) &&
    (await campaignState(stage, campaignId)) === 'sending'
  );
}

/** null: nothing stopped with it, so it was not the one at work. */
async function stall(stage: Stage, campaignId: string, active: Child, other: Child) {
  const { standin, random } = stage;
  process.kill(active.pid, 'SIGSTOP');
  const stopped = performance.now();
  try {
    // What had left by then arrives.
    await sleep(500);
    const before = standin.asked();
    const caught = await calling(stage, campaignId);
    await sleep(700);
    if (standin.asked() > before) return null;
    const goesOn = await until(() => standin.asked() > before || !other.running(), MOST_SECONDS);
    if (!goesOn) throw new Error('the other worker does not go on');
    const seconds = (performance.now() - stopped) / 1000;
    await pause(1500, random);
    const lapsed = await unknownOf(stage, caught);
    process.kill(active.pid, 'SIGCONT');
    await sleep(1500);
    const still = await unknownOf(stage, lapsed);
    if (still.length < lapsed.length) throw new Error('a late answer was written over what others had found');
    const taken = new Set(standin.taken.map(deliveryOf));
    return { seconds, caught: caught.length, refused: still.filter((id) => taken.has(id)).length };
  } finally {
    process.kill(active.pid, 'SIGCONT');
  }
}

const calling = async ({ ask }: Stage, campaignId: string): Promise<string[]> =>
  (await ask<{ id: string }>(`select id from delivery where campaign_id = $1 and state = 'calling'`, [campaignId])).map(
    ({ id }) => id,
  );

const unknownOf = async ({ ask }: Stage, ids: readonly string[]): Promise<string[]> =>
  (await ask<{ id: string }>(`select id from delivery where id = any($1) and state = 'unknown'`, [ids])).map(
    ({ id }) => id,
  );
