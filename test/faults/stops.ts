import type { Child } from '../../src/platform/children.ts';
import { check } from './check.ts';
import { finish, finished, settle } from './finish.ts';
import { type Outcome, outcome } from './report.ts';
import { FROM, type Stage } from './stage.ts';
import { sleep, until } from './wait.ts';
import { launchTo, makeWorld, setPace, type World } from './world.ts';

const PACE = 60;

const WORDS = [
  ...[
    'STOP',
    'stop',
    'Stop.',
    ' Stop ',
    'STOP!',
    'STOPALL',
    'Stop all',
    'UNSUBSCRIBE',
    'unsubscribe',
    'CANCEL',
    'END',
    'QUIT',
  ],
  ...[
    'SPAM',
    'спам',
    'СТОП',
    'стоп',
    'СТОП.',
    'Стоп!',
    'ВІДПИСАТИ',
    'відписатися',
    'Відписка',
    'отписаться',
    '«СТОП»',
    'stop please',
  ],
];

interface Stopped {
  number: string;
  word: string;
  /** the provider's answer, and when it had it */
  status: number;
  at: number;
  milliseconds: number;
}

/** F10 */
export async function stops(stage: Stage): Promise<Outcome[]> {
  const { options, standin, random } = stage;
  const wanted = options.short ? 10 : 300;
  standin.turn({ ...SLOW, seed: options.seed });
  await setPace(stage, PACE);
  const world = await makeWorld(stage, { recipients: options.short ? 80 : 2500, cap: 0 });
  const campaignId = await launchTo(stage, world);
  const before = standin.asked();
  const worker = await stage.startWorker();
  await until(() => standin.asked() > before, 60);
  const whom = shuffled(world.numbers, random).slice(0, wanted);
  const seconds = (world.numbers.length / PACE) * 0.9;
  const chosen = new Set(whom);
  const atRandom = Promise.all(
    whom.map(async (someone, at) => {
      await sleep(random() * seconds * 1000);
      // Every second one is somebody who is being written to at this very moment.
      const number = (at % 2 === 0 && (await beingCalled(stage, campaignId, chosen))) || someone;
      return say(stage, number, WORDS[at % WORDS.length] ?? 'STOP');
    }),
  );
  const held = await whileHeld(stage, campaignId, worker, chosen, Math.ceil(wanted / 10));
  const stopped = [...(await atRandom), ...held];
  const said = [...new Set(stopped.map(({ number }) => number))];
  const replays = await startAgain(stage, said.slice(0, Math.ceil(wanted / 10)));
  await finished(stage, [campaignId], worker);
  await settle(stage);
  await worker.stop();
  // Whoever said it once is not written to by the next campaign either.
  const next = await launchTo(stage, world);
  await finish(stage, [next]);
  const found = await check(stage, world, [campaignId, next]);
  const late = lateOnes(stage, stopped);
  const misses = said.length - (await suppressed(stage, world, said));
  const refused = stopped.filter(({ status }) => status !== 200).length;
  const times = stopped.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  return [
    outcome(found, {
      injected: stopped.length + replays,
      misses: [
        late > 0 && `${late} creates after the acknowledgement`,
        misses > 0 && `${misses} words not understood, or undone by a replayed START`,
        refused > 0 && `${refused} not acknowledged`,
      ],
      note: `creates after the acknowledgement ${late}; acknowledged in ${quantile(times, 0.5)} ms, p99 ${quantile(times, 0.99)} ms; ${replays} replays of START`,
    }),
  ];
}

const SLOW = {
  latency: [20, 300],
  callbacks: { copies: [1, 1], shuffled: false, lost: 0, early: 0, delay: [0, 300], undelivered: 0 },
} as const;

/** The worker stands still with calls that it has begun and not made: nobody may be told that nothing will come before it has. */
async function whileHeld(stage: Stage, campaignId: string, worker: Child, chosen: Set<string>, times: number) {
  const stopped: Stopped[] = [];
  for (let n = 0; n < times; n++) {
    await sleep(200);
    process.kill(worker.pid, 'SIGSTOP');
    try {
      const number = await beingCalled(stage, campaignId, chosen);
      if (number === null) continue;
      const answer = say(stage, number, 'STOP');
      await Promise.race([answer, sleep(HELD)]);
      process.kill(worker.pid, 'SIGCONT');
      stopped.push(await answer);
    } finally {
      process.kill(worker.pid, 'SIGCONT');
    }
  }
  return stopped;
}

// Less than half a lease: it goes on with its calls.
const HELD = 1000;

async function beingCalled({ ask }: Stage, campaignId: string, chosen: Set<string>): Promise<string | null> {
  const rows = await ask<{ address: string }>(
    `select address from delivery where campaign_id = $1 and state = 'calling' order by id desc`,
    [campaignId],
  );
  const found = rows.find(({ address }) => !chosen.has(address))?.address ?? null;
  if (found !== null) chosen.add(found);
  return found;
}

async function say({ standin, url }: Stage, number: string, word: string, sid?: string): Promise<Stopped> {
  const start = performance.now();
  const inbound = { from: number, to: FROM, body: word, ...(sid === undefined ? {} : { sid }) };
  const status = await standin.write(`${url}/webhooks/twilio/inbound`, inbound);
  return { number, word, status, at: Date.now(), milliseconds: performance.now() - start };
}

/** START takes it back, STOP says it again, and then the same START comes once more: it was heard already. */
async function startAgain(stage: Stage, numbers: readonly string[]): Promise<number> {
  for (const [at, number] of numbers.entries()) {
    const sid = `SMstart${String(at).padStart(27, '0')}`;
    await say(stage, number, 'START', sid);
    await say(stage, number, 'STOP');
    await say(stage, number, 'START', sid);
  }
  return numbers.length;
}

function lateOnes({ standin }: Stage, stopped: readonly Stopped[]): number {
  const acknowledged = new Map(stopped.map(({ number, at }) => [number, at]));
  return standin.taken.filter(({ to, at }) => at.getTime() > (acknowledged.get(to) ?? Number.POSITIVE_INFINITY)).length;
}

async function suppressed({ services, ask }: Stage, { company }: World, numbers: readonly string[]): Promise<number> {
  const keys = await services.tenancy.inPortal(async (db) => numbers.map((number) => db.keyOfPhone(number)));
  const rows = await ask('select 1 as one from suppression where company_id = $1 and address_key = any($2)', [
    company.id,
    keys,
  ]);
  return rows.length;
}

const shuffled = <T>(items: readonly T[], random: () => number): T[] =>
  items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);

const quantile = (sorted: readonly number[], part: number): number =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0);
