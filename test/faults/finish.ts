import type { Child } from '../../src/platform/children.ts';
import { reconcile } from '../../src/sms/reconcile/reconcile.ts';
import type { Stage } from './stage.ts';
import { until } from './wait.ts';
import { campaignState, setPace } from './world.ts';

const MOST_SECONDS = 300;
const QUICK = 500;

/** One worker does what is left, all callbacks come, and the provider is asked about whatever is not known. */
export async function finish(stage: Stage, ids: readonly string[], queue?: 'redis' | 'postgres'): Promise<void> {
  await setPace(stage, QUICK);
  const worker = await stage.startWorker(queue);
  await finished(stage, ids, worker);
  await settle(stage);
  await worker.stop();
}

/** Waits until each campaign is over. Throws when the worker ends before. */
export async function finished(
  stage: Stage,
  ids: readonly string[],
  worker: Child,
  mostSeconds = MOST_SECONDS,
): Promise<boolean> {
  const isOver = async () => {
    if (!worker.running()) throw new Error('a worker has ended by itself');
    for (const id of ids) if ((await campaignState(stage, id)) === 'sending') return false;
    return true;
  };
  return until(isOver, mostSeconds, 200);
}

/** Everything that the provider had to tell was told, and it was asked about the rest until nothing changes any more. */
export async function settle(stage: Stage): Promise<void> {
  const { services, channels, standin } = stage;
  await standin.settled();
  const never = new AbortController().signal;
  for (let [before, rounds] = [await openOnes(stage), 0]; rounds < MOST_ROUNDS; rounds++) {
    await reconcile(services, channels, never, AT_ONCE);
    const after = await openOnes(stage);
    if (after === before) return;
    before = after;
  }
}

const MOST_ROUNDS = 10;
const AT_ONCE = { unknownSeconds: 0, silentSeconds: 0, pauseSeconds: 0, perSecond: 1000, most: 1000, runSeconds: 60 };

async function openOnes({ ask }: Stage): Promise<number> {
  const [row] = await ask<{ count: number }>(
    `select count(*)::int as count from delivery where state in ('unknown', 'accepted')`,
  );
  return row?.count ?? 0;
}
