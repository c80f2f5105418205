import type { Answer } from '../../bench/load.ts';
import { type Outcome, plain } from '../report.ts';
import type { Stage } from '../stage.ts';
import { sleep } from '../wait.ts';
import { makeWorld } from '../world.ts';
import { probing } from './probe.ts';
import { Browser, makePerson, type Person } from './visitor.ts';

const ACCOUNTS = 5;
/** Of this machine, apart from the one that good users come from. */
const ADDRESSES = Array.from({ length: 10 }, (_, n) => `127.0.0.${n + 2}`);
const CLIENTS = 20;
const MOST_AN_HOUR = 25;

/** Somebody tries passwords at accounts that exist and at others that do not, from ten addresses, while honest people sign in. */
export async function login(stage: Stage): Promise<Outcome[]> {
  const { options } = stage;
  const { company } = await makeWorld(stage, { recipients: 5 });
  const known = await people(stage, ACCOUNTS);
  const unknown = Array.from({ length: ACCOUNTS }, (_, n) => `nobody-${options.seed}-${n}@example.com`);
  const honest = await makePerson(stage, company);
  const remembered = new Browser(stage, ADDRESSES[0]);
  await remembered.signIn(honest);
  const others = [...known.map(({ email }) => email), ...unknown];
  // Half of it is aimed at the one who wants to sign in.
  const victims = others.flatMap((email) => [email, honest.email]);
  const signIn = async () => {
    await remembered.post('/logout', {});
    return (await remembered.signIn(honest)).status === 303;
  };
  const met = await probing(signIn, () => flood(stage, victims, options.tries), 1);
  const { allowed, strange } = met.result;
  const counts = (emails: readonly string[]) => emails.map((email) => allowed.get(email) ?? 0);
  const [most, mostUnknown] = [Math.max(...counts(known.map(({ email }) => email))), Math.max(...counts(unknown))];
  const hour = await anHour(stage, known[0]?.email ?? '');
  const same = await answersAlike(stage, known[1]?.email ?? '', unknown[1] ?? '');
  remembered.close();
  return [
    plain({
      injected: options.tries,
      operations: met.asked,
      lost: met.failed,
      misses: [
        strange > 0 && `${strange} answers that are neither "wrong" nor "wait"`,
        hour > MOST_AN_HOUR && `${hour} guesses at one account in an hour`,
        most > MOST_AN_HOUR && `${most} guesses at one account at once`,
        mostUnknown > most + 1 && `${mostUnknown} guesses at an account that does not exist`,
        !same && 'an account that does not exist is answered otherwise',
      ],
      note: `${others.length + 1} accounts from ${ADDRESSES.length} addresses; at most ${most} guesses at one account (${mostUnknown} at one that does not exist) reached its password, ${hour} in an hour, then 4 each hour; ${met.asked} sign-ins of an honest person meanwhile, from one of those addresses and a browser that had been there, ${met.failed} refused, p95 ${met.p95} ms`,
    }),
  ];
}

const people = (stage: Stage, count: number): Promise<Person[]> =>
  Promise.all(Array.from({ length: count }, () => makePerson(stage)));

interface Flooded {
  /** guesses at each account that were compared with its password */
  allowed: Map<string, number>;
  strange: number;
}

async function flood(stage: Stage, emails: readonly string[], tries: number): Promise<Flooded> {
  const flooded: Flooded = { allowed: new Map(), strange: 0 };
  let left = tries;
  const client = async (_: unknown, at: number) => {
    const browser = new Browser(stage, ADDRESSES[at % ADDRESSES.length]);
    await browser.get('/login');
    while (left-- > 0) {
      const email = emails[left % emails.length] ?? '';
      const { status } = await browser.post('/login', { email, password: `guess ${left}` });
      if (status === 422) flooded.allowed.set(email, (flooded.allowed.get(email) ?? 0) + 1);
      else if (status !== 429) flooded.strange++;
    }
    browser.close();
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return flooded;
}

/** Guesses at one account that are let through in the hour after the first, by somebody who comes back the moment that each wait is over. */
async function anHour(stage: Stage, email: string): Promise<number> {
  await stage.ask('delete from rate_limit');
  const browsers = ADDRESSES.map((address) => new Browser(stage, address));
  for (const browser of browsers) await browser.get('/login');
  let [guesses, seconds] = [0, 0];
  for (let at = 0; seconds < 3600; at++) {
    const answer = await browsers[at % browsers.length]?.post('/login', { email, password: `guess ${at}` });
    if (answer?.status === 422) guesses++;
    else seconds += await letPass(stage, waitOf(answer));
  }
  for (const browser of browsers) browser.close();
  return guesses;
}

const waitOf = (answer: Answer | undefined): number => Number(answer?.headers['retry-after'] ?? 1);

/** As if so many seconds had gone by. */
async function letPass({ ask }: Stage, seconds: number): Promise<number> {
  await ask('update rate_limit set expire = expire - $1 where expire is not null', [seconds * 1000]);
  await sleep(1);
  return seconds;
}

/** The same status and the same page, but for what was typed and what is drawn by lot. */
async function answersAlike(stage: Stage, known: string, unknown: string): Promise<boolean> {
  await stage.ask('delete from rate_limit');
  const seen: string[] = [];
  for (const email of [known, unknown]) {
    const browser = new Browser(stage, ADDRESSES[0]);
    await browser.get('/login');
    const pages: string[] = [];
    for (let tries = 0; tries < 8; tries++) {
      const { status, body } = await browser.post('/login', { email, password: 'a guess' });
      pages.push(`${status} ${wordsOf(body, email)}`);
    }
    seen.push(pages.join('\n'));
    browser.close();
  }
  return seen[0] === seen[1];
}

/** Without the seconds, which go by, either. */
const wordsOf = (body: string, email: string): string =>
  body
    .replaceAll(email, 'E')
    .replace(/(?:nonce|value)="[^"]*"/g, '')
    .replace(/\d+/g, 'N');
