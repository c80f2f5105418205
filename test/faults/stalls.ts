import type { Child } from '../../src/platform/children.ts';
import { check, deliveryOf } from './check.ts';
import { finished, settle } from './finish.ts';
import { type Outcome, outcome } from './report.ts';
import type { Stage } from './stage.ts';
import { pause, sleep, until } from './wait.ts';
import { campaignState, launchTo, makeWorld, setPace } from './world.ts';

const PACE = 60;
// One that is stopped in the middle of a transaction holds its locks until the database takes them away, after half a minute.
const MOST_SECONDS = 60;
const MORE = 9;

/** F3 */
export async function stalls(stage: Stage): Promise<Outcome[]> {
  const { options, standin, random } = stage;
  const wanted = options.stalls;
  standin.turn({ ...SLOW, seed: options.seed });
  await setPace(stage, PACE);
  const world = await makeWorld(stage, { recipients: Math.max(1200, wanted * 200) });
  const campaignId = await launchTo(stage, world);
  let [active, other] = await Promise.all([stage.startWorker(), stage.startWorker()]);
  const sum = { stalls: 0, caught: 0, refused: 0, told: 0 };
  const recovery: number[] = [];
  // One that catches no call shows nothing: then there are more of them.
  const isEnough = () => sum.stalls >= wanted && (sum.caught > 0 || sum.stalls >= wanted + MORE);
  while (!isEnough() && (await works(stage, campaignId))) {
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
    sum.told += stalled.told;
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
      misses: [sum.stalls < wanted && `only ${sum.stalls} stalls`, sum.caught < 1 && 'no call was caught'],
      note: `${sum.caught} calls under way when their worker was stopped; of those lapsed ${sum.refused} late answers refused, ${sum.told} told the id of a message that the provider has`,
    }),
  ];
}

const SLOW = {
  latency: [50, 200],
  callbacks: { copies: [1, 1], shuffled: false, lost: 1, early: 0, delay: [0, 0], undelivered: 0 },
} as const;

const mostSeconds = ({ options }: Stage) => MOST_SECONDS + options.lease + options.sweep;

async function works(stage: Stage, campaignId: string): Promise<boolean> {
  const before = stage.standin.asked();
  return (
    (await until(() => stage.standin.asked() > before, mostSeconds(stage))) &&
    (await campaignState(stage, campaignId)) === 'sending'
  );
}

interface Stalled {
  seconds: number;
  caught: number;
  /** of those, what the worker would have written too late, and was not */
  refused: number;
  /** of those, what it told afterwards: the provider's own id of a message that was taken */
  told: number;
}

/** null: nothing stopped with it, so it was not the one at work. */
async function stall(stage: Stage, campaignId: string, active: Child, other: Child): Promise<Stalled | null> {
  const { standin, random } = stage;
  process.kill(active.pid, 'SIGSTOP');
  const stopped = performance.now();
  try {
    // What had left by then arrives.
    await sleep(500);
    const before = standin.asked();
    const caught = await statesOf(stage, campaignId, 'calling');
    await sleep(700);
    if (standin.asked() > before) return null;
    const goesOn = await until(() => standin.asked() > before || !other.running(), mostSeconds(stage));
    if (!goesOn) throw new Error('the other worker does not go on');
    const seconds = (performance.now() - stopped) / 1000;
    await pause(1500, random);
    const lapsed = await statesOf(stage, campaignId, 'unknown');
    const ours = [...caught.keys()].filter((id) => lapsed.has(id));
    process.kill(active.pid, 'SIGCONT');
    await sleep(1500);
    return { seconds, caught: caught.size, ...(await afterwards(stage, campaignId, ours)) };
  } finally {
    process.kill(active.pid, 'SIGCONT');
  }
}

/** What others had given up stays unknown, unless the late one knows the message that the provider made of it. */
async function afterwards(stage: Stage, campaignId: string, lapsed: readonly string[]) {
  const unknown = await statesOf(stage, campaignId, 'unknown');
  const accepted = await statesOf(stage, campaignId, 'accepted');
  const made = new Map(stage.standin.taken.map((message) => [deliveryOf(message), message.sid]));
  const told = lapsed.filter((id) => accepted.has(id));
  const wrong = lapsed.filter((id) => !unknown.has(id) && (!accepted.has(id) || accepted.get(id) !== made.get(id)));
  if (wrong.length > 0) throw new Error(`${wrong.length} late answers were written over what others had found`);
  return { told: told.length, refused: lapsed.length - told.length };
}

/** Deliveries in that state, and the provider's ids. */
async function statesOf({ ask }: Stage, campaignId: string, state: string): Promise<Map<string, string | null>> {
  const rows = await ask<{ id: string; sid: string | null }>(
    'select id, sid from delivery where campaign_id = $1 and state = $2',
    [campaignId, state],
  );
  return new Map(rows.map(({ id, sid }) => [id, sid]));
}
