import { USUAL } from '../../src/sms/send/settings.ts';
import type { Knobs } from '../standin/knobs.ts';
import { check } from './check.ts';
import { finish } from './finish.ts';
import { killing } from './killing.ts';
import { type Outcome, outcome } from './report.ts';
import type { Stage } from './stage.ts';
import { campaignState, launchTo, makeWorld, setPace } from './world.ts';

/** One create of ten does not say whether it was done; what becomes of messages is told up to three times, and of some never. */
export const AMBIGUOUS: Partial<Knobs> = {
  errorAfter: 0.03,
  errorBefore: 0.02,
  cut: 0.02,
  garbled: 0.025,
  hang: 0.005,
  latency: [5, 40],
  callbacks: { copies: [1, 3], shuffled: true, lost: 0.1, early: 0.1, delay: [0, 400], undelivered: 0.03 },
};

/** So slow that all kills find something to kill: each works for three quarters of a second on the average. */
export const paceFor = ({ recipients, kills }: Stage['options']) =>
  Math.max(10, Math.round(recipients / (kills * 1.5)));

/** F1 */
export async function kills(stage: Stage): Promise<Outcome[]> {
  const { options, standin } = stage;
  standin.turn({ ...AMBIGUOUS, seed: options.seed });
  const world = await makeWorld(stage, options);
  await setPace(stage, paceFor(options));
  const campaignId = await launchTo(stage, world);
  const open: number[] = [];
  const killed = await killing(stage, {
    kills: options.kills,
    start: () => stage.startWorker(),
    isOver: async () => (await campaignState(stage, campaignId)) !== 'sending',
    after: async (since) => void open.push(await callingSince(stage, campaignId, since)),
  });
  await finish(stage, [campaignId]);
  const found = await check(stage, world, [campaignId]);
  const most = Math.max(0, ...open);
  return [
    outcome(found, {
      injected: killed.kills,
      recovery: killed.recovery,
      misses: [
        killed.kills < options.kills && `only ${killed.kills} kills`,
        most > USUAL.concurrency && `${most} calls were open at one kill`,
      ],
      note: `${found.created} created; at most ${most} calls open at a kill (${USUAL.concurrency} allowed)`,
    }),
  ];
}

async function callingSince({ ask }: Stage, campaignId: string, since: Date): Promise<number> {
  const [row] = await ask<{ count: number }>(
    `select count(*)::int as count from delivery where campaign_id = $1 and state = 'calling' and called_at >= $2`,
    [campaignId, since],
  );
  return row?.count ?? 0;
}
