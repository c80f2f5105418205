import type { Child } from '../../../src/platform/children.ts';
import { resume } from '../../../src/sms/send/send.ts';
import type { Knobs } from '../../standin/knobs.ts';
import { check } from '../check.ts';
import { finished, settle } from '../finish.ts';
import { type Outcome, outcome } from '../report.ts';
import type { Stage } from '../stage.ts';
import { until } from '../wait.ts';
import { campaignState, launchTo, makeWorld, setPace, type World } from '../world.ts';
import { quantile } from './probe.ts';
import { makePerson } from './visitor.ts';

const PACE = 40;
const MOST_SECONDS = 600;

/** F7: half of all creates do not say what they did. */
export async function unclear(stage: Stage): Promise<Outcome[]> {
  const { options, standin } = stage;
  standin.turn({ ...UNCLEAR, seed: options.seed });
  await setPace(stage, PACE);
  const world = await makeWorld(stage, { recipients: options.messages });
  const first = standin.asks.length;
  const campaignId = await launchTo(stage, world);
  const worker = await stage.startWorker();
  const resumed = await toTheEnd(stage, world, campaignId, worker);
  await worker.stop();
  standin.turn({ ...CLEAR, seed: options.seed });
  await standin.settled();
  const asks = standin.asks.slice(first);
  const dark = asks.filter(({ fate }) => fate !== 'fine').length;
  const open = await openOnes(stage, campaignId);
  const told = await settledSeconds(stage, campaignId);
  const start = performance.now();
  await settle(stage);
  const asking = (performance.now() - start) / 1000;
  const found = await check(stage, world, [campaignId]);
  const left = found.unknown.length;
  return [
    outcome(found, {
      injected: dark,
      misses: [
        asks.length > found.operations && `${asks.length - found.operations} were asked for twice`,
        found.unknownTaken > 0 && `${found.unknownTaken} that the provider has stayed unknown`,
      ],
      note: `${dark} creates without a clear answer: ${told.count} settled by callbacks, half of them after ${told.median} s, the last after ${told.last} s; ${open - left} of ${open} by asking the provider (${asking.toFixed(1)} s; by itself it asks after 2 minutes, every 5); ${left} it never took stay unknown; paused for its failures and resumed by a person ${resumed} times`,
    }),
  ];
}

const SHARE = 0.1;
const UNCLEAR: Partial<Knobs> = {
  ...{ errorBefore: SHARE, errorAfter: SHARE, hang: SHARE, cut: SHARE, garbled: SHARE, latency: [5, 40] },
  callbacks: { copies: [1, 2], shuffled: true, lost: 0.3, early: 0.1, delay: [0, 3000], undelivered: 0.03 },
};
const CLEAR = { errorBefore: 0, errorAfter: 0, hang: 0, cut: 0, garbled: 0 } as const;

/** So many failures pause a campaign, until a person has looked: here that person only resumes it. Answers how often. */
async function toTheEnd(stage: Stage, { company }: World, id: string, worker: Child): Promise<number> {
  const { tenancy, clock } = stage.services;
  const { id: userId } = await makePerson(stage, company);
  let resumed = 0;
  const isOver = async () => {
    const state = await campaignState(stage, id);
    if (state === 'paused') {
      resumed++;
      await tenancy.inCompany(company, (db) => resume(db, id, userId, clock()));
    }
    return state === 'finished';
  };
  if (!(await until(isOver, MOST_SECONDS, 200))) throw new Error('the campaign does not end');
  await finished(stage, [id], worker);
  return resumed;
}

async function openOnes({ ask }: Stage, id: string): Promise<number> {
  const rows = await ask(`select 1 as one from delivery where campaign_id = $1 and state = 'unknown'`, [id]);
  return rows.length;
}

/** From the call until somebody told: of those whose create was not answered well. */
async function settledSeconds({ ask, standin }: Stage, id: string) {
  const dark = new Set(standin.asks.filter(({ fate }) => fate !== 'fine').map(({ to }) => to));
  const rows = await ask<{ address: string; seconds: number }>(
    `select address, extract(epoch from settled_at - called_at)::float8 as seconds from delivery
     where campaign_id = $1 and state in ('delivered', 'undelivered')`,
    [id],
  );
  const seconds = rows.flatMap((row) => (dark.has(row.address) ? [row.seconds * 1000] : []));
  const inSeconds = (part: number) => (quantile(seconds, part) / 1000).toFixed(1);
  return { count: seconds.length, median: inSeconds(0.5), last: inSeconds(1) };
}
