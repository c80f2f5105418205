import { erase, remove } from '../../../src/customers/customers.ts';
import { newId } from '../../../src/kernel/id.ts';
import * as restoring from '../../../src/restore/restore.ts';
import * as drafts from '../../../src/sms/draft/draft.ts';
import { launch } from '../../../src/sms/launch/launch.ts';
import { reconcile } from '../../../src/sms/reconcile/reconcile.ts';
import { add, check, type Findings } from '../check.ts';
import { finished, settle } from '../finish.ts';
import { type Outcome, outcome } from '../report.ts';
import { FROM, openStage, type Stage } from '../stage.ts';
import { sleep, until } from '../wait.ts';
import { launchTo, makeWorld, setPace, type World } from '../world.ts';

/** F22: on servers of its own, because what is restored forgets what was done to others since. */
export async function restores({ options }: Stage): Promise<Outcome[]> {
  const stage = await openStage(options);
  try {
    const wanted = options.short ? 2 : 10;
    const rounds: Round[] = [];
    for (let n = 0; n < wanted; n++) rounds.push(await round(stage, n));
    return [report(rounds)];
  } catch (error) {
    process.stderr.write(`${stage.lastWords()}\n`);
    throw error;
  } finally {
    await stage.close();
  }
}

interface Round {
  found: Findings;
  /** until the restored portal answers, and until everybody was asked about and sending went on */
  seconds: number;
  sentSince: number;
  early: number;
  resent: number;
  stopsLost: number;
  resurrected: number;
  sessions: number;
}

function report(rounds: readonly Round[]): Outcome {
  const sum = (of: (round: Round) => number) => rounds.reduce((total, round) => total + of(round), 0);
  const bars = {
    'sent before the operator said so': sum(({ early }) => early),
    'written to twice': sum(({ resent }) => resent),
    'STOPs lost': sum(({ stopsLost }) => stopsLost),
    'resurrected people': sum(({ resurrected }) => resurrected),
    'sessions that came back': sum(({ sessions }) => sessions),
  };
  return outcome(add(rounds.map(({ found }) => found)), {
    injected: rounds.length,
    recovery: rounds.map(({ seconds }) => seconds),
    misses: Object.entries(bars).map(([what, count]) => count > 0 && `${what}: ${count}`),
    note: `${sum(({ sentSince }) => sentSince)} sent after the backups and not known in them; ${Object.entries(bars)
      .map(([what, count]) => `${what} ${count}`)
      .join(', ')}`,
  });
}

const PACE = 40;

async function round(stage: Stage, number: number): Promise<Round> {
  const { options, postgres, random, standin, services } = stage;
  const size = options.short ? 120 : 400;
  standin.turn({ ...QUICK, seed: options.seed + number });
  await setPace(stage, PACE);
  const world = await makeWorld(stage, { recipients: size, cap: 0 });
  const later = await draft(stage, world);
  const campaignId = await launchTo(stage, world);
  await stage.ask(`insert into session (sid, sess, expire) values ($1, '{}', now() + interval '1 day')`, [newId()]);
  const worker = await stage.startWorker();
  const before = standin.asked();
  await until(() => standin.asked() > before, 60);
  await sleep(random() * (size / PACE) * 800);
  const backup = await postgres.backup(`backup-${number}`);
  const known = standin.taken.length;

  // Life goes on.
  const people = shuffled(world.numbers, random);
  const [stopped, erased] = [people.slice(0, 5), people.slice(5, 8)];
  for (const from of stopped)
    await standin.write(`${stage.url}/webhooks/twilio/inbound`, { from, to: FROM, body: 'STOP' });
  for (const phone of erased) await forget(stage, world, phone);
  await stage.ask('delete from session');
  await launchDraft(stage, world, later);
  if (random() < 0.5) await finished(stage, [campaignId], worker);
  else await sleep(random() * 3000);
  await journaled(stage);
  await kill(worker);

  const { web } = stage;
  await web.stop();
  const started = performance.now();
  await postgres.restore(backup);
  await stage.startWeb();
  await held(stage);
  const sentSince = standin.taken.length - known;
  const asked = standin.asked();
  const again = await stage.startWorker();
  await sleep(2500);
  const early = standin.asked() - asked;
  await restoring.confirm(services);
  await askAll(stage);
  const seconds = (performance.now() - started) / 1000;
  await setPace(stage, 500);
  await finished(stage, [campaignId], again);
  await jobsDone(stage);
  await settle(stage);
  await again.stop();
  const others = { ...world, numbers: world.numbers.filter((phone) => !erased.includes(phone)) };
  return {
    found: await check(stage, others, [campaignId]),
    ...{ seconds, sentSince, early },
    resent: twice(stage, world),
    stopsLost: stopped.length - (await silent(stage, world, stopped)),
    resurrected: await named(stage, erased),
    sessions: (await stage.ask('select 1 as one from session')).length,
  };
}

const QUICK = {
  latency: [5, 60],
  callbacks: { copies: [1, 1], shuffled: false, lost: 0, early: 0, delay: [0, 200], undelivered: 0.03 },
} as const;

/** A draft of before the backup, which is launched after it. */
const draft = ({ services }: Stage, { company }: World): Promise<string> =>
  services.tenancy.inCompany(company, (db) =>
    drafts.create(
      db,
      {
        ...{
          channel: 'sms',
          fallback: false,
          sender: null,
          name: 'Launched later',
          scheduledAt: null,
          expiresAt: null,
        },
        ...{ body: 'Winter has come, {{name|friend}}', whom: { filter: '' } },
      },
      null,
    ),
  );

const launchDraft = async ({ services }: Stage, { company }: World, id: string): Promise<void> => {
  const { publicUrl } = services.config;
  await services.tenancy.inCompany(company, (db) => launch(db, id, { userId: null, now: new Date(), publicUrl }));
};

async function forget({ services }: Stage, { company }: World, phone: string): Promise<void> {
  await services.tenancy.inCompany(company, async (db) => {
    const contact = await db.tables.contact.findFirst({ where: { kind: 'phone', value: phone } });
    await remove(db, [contact?.customerId ?? ''], null);
    await erase(db, [contact?.customerId ?? ''], null);
  });
}

/** What was told to the database before this is in the journal; in life it is so within a minute. */
const journaled = ({ ask }: Stage): Promise<boolean> =>
  until(async () => (await ask('select 1 as one from erasure where done_at is null')).length === 0, 60, 200);

async function kill(child: { pid: number; ended: Promise<void> }): Promise<void> {
  process.kill(child.pid, 'SIGKILL');
  await child.ended;
}

/** The restored portal has found out by itself. */
async function held({ ask, lastWords }: Stage): Promise<void> {
  const isHeld = () =>
    ask(`select 1 as one from portal_setting where name = 'restored'`).then(
      (rows) => rows.length > 0,
      () => false,
    );
  if (!(await until(isHeld, 60, 100))) throw new Error(`the portal does not know that it was restored\n${lastWords()}`);
}

const AT_ONCE = { unknownSeconds: 0, silentSeconds: 0, pauseSeconds: 0, perSecond: 1000, most: 1000, runSeconds: 60 };

async function askAll(stage: Stage): Promise<void> {
  const never = new AbortController().signal;
  for (let rounds = 0; rounds < 20; rounds++) {
    await reconcile(stage.services, stage.channels, never, AT_ONCE);
    if ((await restoring.state(stage.services)).inDoubt === 0) return;
  }
  throw new Error('the provider was asked, and deliveries are still in doubt');
}

const jobsDone = ({ ask }: Stage): Promise<boolean> =>
  until(async () => (await ask('select 1 as one from erasure where done_at is null')).length === 0, 60, 200);

/** How many got the same words more than once, whatever the portal believes. */
function twice({ standin }: Stage, { numbers }: World): number {
  const ours = new Set(numbers);
  const texts = standin.taken.filter(({ to }) => ours.has(to)).map(({ to, body }) => `${to} ${body}`);
  return texts.length - new Set(texts).size;
}

async function silent({ services, ask }: Stage, { company }: World, numbers: readonly string[]): Promise<number> {
  const keys = await services.tenancy.inPortal(async (db) => numbers.map((number) => db.keyOfPhone(number)));
  const rows = await ask('select 1 as one from suppression where company_id = $1 and address_key = any($2)', [
    company.id,
    keys,
  ]);
  return rows.length;
}

/** Of these numbers those that stand anywhere in the database; what the shop of this world calls an order stays the order's. */
async function named({ ask }: Stage, numbers: readonly string[]): Promise<number> {
  const tables = await ask<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const found = new Set<string>();
  for (const { name } of tables) {
    const rows = await ask<{ number: string }>(
      `select n as number from unnest($1::text[]) n where exists (select from ${name} t where strpos(replace(t::text, 'order of ' || n, ''), n) > 0)`,
      [numbers],
    );
    for (const { number } of rows) found.add(number);
  }
  return found.size;
}

const shuffled = <T>(items: readonly T[], random: () => number): T[] =>
  items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
