import { add, check } from '../check.ts';
import { finished, settle } from '../finish.ts';
import { type Outcome, outcome } from '../report.ts';
import type { Stage } from '../stage.ts';
import { launchTo, makeWorld, setPace } from '../world.ts';

const PACE = 100;
const SHARE = 0.3;
const RETRY_AFTER = 3;
// What had left before the answer was heard arrives within this; milliseconds.
const ON_THE_WAY = 1000;
// Every third message or so makes all wait: the waits are most of it.
const MOST_SECONDS = 2000;

/** F6: of two companies that share a sender three creates in ten are too many; two workers. */
export async function tooMany(stage: Stage): Promise<Outcome[]> {
  const { options, standin } = stage;
  standin.turn({ ...STORM, seed: options.seed });
  await setPace(stage, PACE);
  const half = Math.ceil(options.messages / 2);
  const worlds = [await makeWorld(stage, { recipients: half }), await makeWorld(stage, { recipients: half })];
  const first = standin.asks.length;
  const ids = await Promise.all(worlds.map((world) => launchTo(stage, world)));
  const start = performance.now();
  const workers = await Promise.all([stage.startWorker(), stage.startWorker()]);
  await Promise.all(workers.map((worker) => finished(stage, ids, worker, MOST_SECONDS)));
  const seconds = (performance.now() - start) / 1000;
  await settle(stage);
  await Promise.all(workers.map((worker) => worker.stop()));
  standin.turn({ tooMany: 0 });
  const asks = standin.asks.slice(first);
  const refused = asks.filter(({ fate }) => fate === 'tooMany');
  const { early, waits } = keptWaiting(asks);
  const found = add(await Promise.all(worlds.map((world, at) => check(stage, world, ids.slice(at, at + 1)))));
  const ideal = found.operations / PACE + waits * RETRY_AFTER;
  const missing = found.operations - found.created;
  return [
    outcome(found, {
      injected: refused.length,
      misses: [
        missing > 0 && `${missing} were not created`,
        early > 0 && `${early} creates before the wait was over`,
        refused.length === 0 && 'nothing was refused',
      ],
      note: `creates for each message ${(found.created / found.operations).toFixed(2)}, asked ${asks.length} times for ${found.operations}; ${waits} waits of ${RETRY_AFTER} s, ${early} creates before their end; ${seconds.toFixed(0)} s, where pace and waits alone are ${ideal.toFixed(0)} s`,
    }),
  ];
}

const STORM = {
  tooMany: SHARE,
  retryAfterSeconds: RETRY_AFTER,
  latency: [5, 40],
  callbacks: { copies: [1, 1], shuffled: false, lost: 0, early: 0, delay: [0, 200], undelivered: 0 },
} as const;

interface Asked {
  at: number;
  answeredAt: number | null;
  fate: string;
}

/** How often everybody had to wait, and how many came all the same: by the journal's clock, from the moment a refusal was answered. */
function keptWaiting(asks: readonly Asked[]): { waits: number; early: number } {
  const refusals = asks.flatMap(({ fate, answeredAt }) =>
    fate === 'tooMany' && answeredAt !== null ? [answeredAt] : [],
  );
  const ends = refusals.map((answered) => ({ from: answered + ON_THE_WAY, to: answered + RETRY_AFTER * 1000 }));
  const early = asks.filter(({ at }) => ends.some(({ from, to }) => at > from && at < to)).length;
  let [waits, until] = [0, Number.NEGATIVE_INFINITY];
  for (const answered of refusals.toSorted((a, b) => a - b)) {
    if (answered <= until) continue;
    waits++;
    until = answered + RETRY_AFTER * 1000;
  }
  return { waits, early };
}
