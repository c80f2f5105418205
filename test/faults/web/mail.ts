import { enqueue } from '../../../src/queue/enqueue.ts';
import { type Outcome, plain } from '../report.ts';
import type { Stage } from '../stage.ts';
import { until } from '../wait.ts';
import { makeWorld } from '../world.ts';
import { type MailServer, type Mood, startMailServer } from './mail-server.ts';
import { quantile } from './probe.ts';
import { signedIn } from './visitor.ts';

const MOODS = ['fine', 'refuse', 'hang', '451', '550', 'drop'] as const;
const FINAL: Mood = '550';
const MOST_SECONDS = 120;
// A company may invite so many in an hour.
const PER_COMPANY = 50;
/** How often each letter fails before the server is well. */
const TRIES: Record<Mood, number> = { fine: 0, refuse: 2, hang: 1, '451': 2, '550': 0, drop: 2 };
const MOST_OTHER = 8;

/** F12: letters that people ask for on a page, while the mail server is in each of its moods; then it is well again. */
export async function mail(stage: Stage): Promise<Outcome[]> {
  const server = await startMailServer();
  const worker = await stage.startWorker('redis', { SMTP_URL: server.url, MAIL_FROM: 'portal@example.com' });
  const outcomes: Outcome[] = [];
  // It has to start first.
  await anotherJob(stage);
  let peace = Number.NaN;
  try {
    for (const mood of MOODS) {
      const met = await through(stage, server, mood);
      if (mood === 'fine') peace = met.p99;
      outcomes.push(outcomeOf(mood, met, peace, worker.running()));
    }
  } finally {
    await worker.stop();
    await server.close();
  }
  return outcomes;
}

interface Met {
  letters: Letter[];
  /** milliseconds of a page that posts a letter */
  p99: number;
  /** seconds that another job took meanwhile */
  other: number;
  /** seconds that whoever waits longest has to wait after the first try, and after the second; null: nobody waits */
  waits: (number | null)[];
  /** seconds from when the server was well until all had their end, with nobody made to wait */
  recovery: number;
  /** taken again by the server */
  copies: number;
  /** letters of which copies came under different Message-IDs */
  doubled: number;
  /** that the server has never taken */
  missing: number;
}

interface Letter extends Record<string, unknown> {
  address: string;
  state: string;
  last_error: string | null;
}

async function through(stage: Stage, server: MailServer, mood: Mood): Promise<Met> {
  await server.turn(mood);
  const addresses = Array.from(
    { length: stage.options.letters },
    (_, n) => `${mood}-${stage.options.seed}-${n}@example.com`,
  );
  const times = await inviteAll(stage, addresses);
  const other = await anotherJob(stage);
  const waits: (number | null)[] = [];
  for (let tries = 1; tries <= TRIES[mood]; tries++) {
    waits.push(await triedSo(stage, addresses, tries, mood === 'hang' ? 1 : addresses.length));
    await makeDue(stage, addresses);
  }
  // Refused for good, each has its end before the server is well.
  if (mood === FINAL) await until(() => haveEnded(stage, addresses), MOST_SECONDS, 100);
  await server.turn('fine');
  const well = performance.now();
  const isOver = async () => {
    await makeDue(stage, addresses);
    return haveEnded(stage, addresses);
  };
  if (!(await until(isOver, MOST_SECONDS, 500))) throw new Error(`${mood}: letters still wait`);
  const ids = new Map<string, string[]>(addresses.map((address) => [address, []]));
  for (const { to, messageId } of server.taken) ids.get(to)?.push(messageId);
  const all = [...ids.values()];
  return {
    ...{ p99: quantile(times, 0.99), other, waits, recovery: (performance.now() - well) / 1000 },
    letters: await lettersTo(stage, addresses),
    copies: all.reduce((sum, { length }) => sum + Math.max(0, length - 1), 0),
    doubled: all.filter((copies) => new Set(copies).size > 1).length,
    missing: all.filter(({ length }) => length === 0).length,
  };
}

/** As somebody invites people: each page writes a letter. Answers the milliseconds of each. */
async function inviteAll(stage: Stage, addresses: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  for (let from = 0; from < addresses.length; from += PER_COMPANY) {
    const { company } = await makeWorld(stage, { recipients: 0 });
    const owner = await signedIn(stage, company);
    await owner.get('/settings/users');
    for (const email of addresses.slice(from, from + PER_COMPANY)) {
      const start = performance.now();
      const { status } = await owner.post('/settings/users', { email, role: 'viewer' });
      times.push(performance.now() - start);
      if (status !== 303) throw new Error(`an invitation was answered ${status}`);
    }
    owner.close();
  }
  return times;
}

/** Seconds until a job that has nothing to do with mail is done. */
async function anotherJob({ services, ask }: Stage): Promise<number> {
  const id = await services.tenancy.inPortal((db) => enqueue(db, 'imports.expire', {}));
  const start = performance.now();
  const isDone = async () => (await ask('select 1 as one from job where id = $1', [id])).length === 0;
  if (!(await until(isDone, MOST_SECONDS, 50))) throw new Error('another job is never done');
  return (performance.now() - start) / 1000;
}

const OF_LETTERS = `from job j join outbox o on o.id::text = j.payload ->> 'letterId'
  where j.name = 'mail.send' and o.address = any($1)`;

/** Waits until so many letters were tried so often and are put off. Answers the seconds that the last of them has to wait. */
async function triedSo(
  stage: Stage,
  addresses: readonly string[],
  tries: number,
  wanted: number,
): Promise<number | null> {
  let seconds: number | null = null;
  const isSo = async () => {
    const [row] = await stage.ask<{ count: number; seconds: number | null }>(
      `select count(*)::int as count, max(extract(epoch from j.due_at - now()))::float8 as seconds ${OF_LETTERS}
       and j.attempts = $2 and j.leased_until is null and j.due_at > now() + interval '4 seconds'`,
      [addresses, tries],
    );
    seconds = row?.seconds ?? null;
    return (row?.count ?? 0) >= wanted;
  };
  if (!(await until(isSo, MOST_SECONDS, 100))) throw new Error(`letters were not tried ${tries} times and put off`);
  return seconds;
}

/** As if the time had come for those that wait. */
const makeDue = ({ ask }: Stage, addresses: readonly string[]) =>
  ask(
    `update job set due_at = now() where id in (select j.id ${OF_LETTERS} and j.leased_until is null and j.due_at > now())`,
    [addresses],
  );

const haveEnded = async (stage: Stage, addresses: readonly string[]): Promise<boolean> =>
  (await lettersTo(stage, addresses)).every(({ state }) => state !== 'waiting');

const lettersTo = ({ ask }: Stage, addresses: readonly string[]) =>
  ask<Letter>('select address, state, last_error from outbox where address = any($1)', [addresses]);

function outcomeOf(mood: Mood, met: Met, peace: number, survived: boolean): Outcome {
  const ends = (state: string) => met.letters.filter((letter) => letter.state === state).length;
  const wanted = mood === FINAL ? ends('failed') : ends('sent');
  const silent = met.letters.filter(
    ({ state, last_error }) => state === 'failed' && !last_error?.includes('no such mailbox'),
  );
  const [first, second] = met.waits;
  const grows = met.waits.length < 2 || (first ?? 0) < (second ?? 0);
  return plain({
    name: `F12 ${mood}`,
    injected: mood === 'fine' ? 0 : met.letters.length,
    operations: met.letters.length,
    lost: mood === FINAL ? 0 : met.missing,
    doubled: met.doubled,
    stuck: met.letters.length - ends('sent') - ends('failed'),
    recovery: mood === 'fine' || mood === FINAL ? [] : [met.recovery],
    misses: [
      wanted < met.letters.length && `${met.letters.length - wanted} ended otherwise`,
      silent.length > 0 && `${silent.length} failed and do not say why`,
      !grows && 'the second wait is not longer than the first',
      mood !== 'drop' && met.copies > 0 && `${met.copies} taken twice`,
      met.other > MOST_OTHER && `another job waited ${met.other.toFixed(1)} s`,
      !survived && 'the worker did not survive',
    ],
    note: `a page that writes a letter p99 ${met.p99} ms (${peace} in peace); another job meanwhile ${met.other.toFixed(1)} s${waitsOf(met)}${mood === 'drop' ? `; the server took ${met.copies} copies, ${met.doubled} letters under more than one Message-ID` : ''}${mood === FINAL ? '; all failed with the server’s words, none tried again' : ''}`,
  });
}

const waitsOf = ({ waits }: Met): string =>
  waits.length === 0 ? '' : `; put off for ${waits.map((seconds) => `${(seconds ?? 0).toFixed(0)} s`).join(', then ')}`;
