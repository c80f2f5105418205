import { tell } from '../standin/tell.ts';
import { statusFields } from '../standin/twilio.ts';
import { check, deliveryOf } from './check.ts';
import { finish } from './finish.ts';
import { type Outcome, outcome } from './report.ts';
import { type Stage, TOKEN } from './stage.ts';
import { launchTo, makeWorld } from './world.ts';

/** F8 */
export async function callbacks(stage: Stage): Promise<Outcome[]> {
  const { options, standin } = stage;
  standin.turn({ ...NOISY, seed: options.seed });
  const world = await makeWorld(stage, { recipients: options.short ? 60 : 2000 });
  const first = standin.taken.length;
  const before = standin.told();
  const campaignId = await launchTo(stage, world);
  await finish(stage, [campaignId]);
  const strange = await tellOfStrangers(stage, first);
  const found = await check(stage, world, [campaignId]);
  const open = await notEnded(stage, campaignId);
  const { callbacks, refused } = standin.told();
  return [
    outcome(found, {
      injected: callbacks - before.callbacks + strange.told,
      misses: [
        open > 0 && `${open} without their end`,
        refused - before.refused + strange.refused > 0 &&
          `${refused - before.refused + strange.refused} callbacks not answered with 2xx`,
      ],
      note: `wrong ends ${found.wrong.length}, counters that drift ${found.drift}, ${strange.told} about other messages`,
    }),
  ];
}

const NOISY = {
  latency: [0, 30],
  callbacks: { copies: [1, 5], shuffled: true, lost: 0, early: 0.5, delay: [0, 500], undelivered: 0.2 },
} as const;

/** Our address with a message that is another delivery's, or nobody's: the one that was made keeps its own. */
async function tellOfStrangers({ standin }: Stage, first: number): Promise<{ told: number; refused: number }> {
  const ours = standin.taken.slice(first, first + 100);
  let refused = 0;
  for (const [at, message] of ours.entries()) {
    const sid = at % 2 === 0 ? `SMstrange${at}` : (ours[(at + 1) % ours.length]?.sid ?? '');
    const fields = statusFields({ ...message, sid }, message.final === 'delivered' ? 'undelivered' : 'delivered');
    const status = await tell(message.callback ?? '', fields, TOKEN);
    if (status < 200 || status >= 300) refused++;
  }
  return { told: ours.length, refused };
}

async function notEnded({ ask, standin }: Stage, campaignId: string): Promise<number> {
  const taken = new Set(standin.taken.map(deliveryOf));
  const rows = await ask<{ id: string }>(
    `select id from delivery where campaign_id = $1 and state not in ('delivered', 'undelivered')`,
    [campaignId],
  );
  return rows.filter(({ id }) => taken.has(id)).length;
}
