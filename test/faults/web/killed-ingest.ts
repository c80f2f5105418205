import { makeKey } from '../../../src/keys/keys.ts';
import type { Company } from '../../../src/tenancy/company.ts';
import { type Outcome, plain } from '../report.ts';
import type { Stage } from '../stage.ts';
import { pause, until } from '../wait.ts';
import { makeWorld } from '../world.ts';
import { compare } from './ingested.ts';
import { openIntake } from './intake.ts';
import { shopOrders } from './shop.ts';

const CLIENTS = 4;
const MOST_SECONDS = 90;
const LONGEST_WAIT = 150;

/** F2: clients repeat what was not acknowledged; the process that takes it in is killed at random times, and started again. */
export async function killedIngest(stage: Stage): Promise<Outcome[]> {
  const { options, random, url } = stage;
  const orders = shopOrders(options.seed, options.orders, new Date());
  const { company } = await makeWorld(stage, { recipients: 0 });
  const size = Math.max(1, Math.min(50, Math.floor(options.orders / (options.kills * 8))));
  const intake = openIntake({ url, company: company.slug, key: await keyOf(stage, company), orders, size });
  const recovery: number[] = [];
  let cut = 0;
  const clients = intake.run(CLIENTS);
  for (let kills = 0; kills < options.kills; kills++) {
    const wanted = Math.floor((intake.batches * (kills + random())) / (options.kills + 1));
    await until(() => intake.done() >= wanted && intake.underway() > 0, MOST_SECONDS, 1);
    await pause(LONGEST_WAIT, random);
    cut += intake.underway();
    recovery.push(await replaceWeb(stage, () => intake.done()));
  }
  await clients;
  const { lost, doubled, wrong, drift } = await compare(stage, company, orders);
  const { refused, broken, repeated } = intake.seen();
  return [
    plain({
      injected: options.kills,
      operations: orders.length,
      lost: lost.length,
      doubled: doubled.length,
      recovery,
      misses: [
        wrong > 0 && `${wrong} customers with another sum`,
        drift > 0 && `counters that drift ${drift}`,
        cut < options.kills && `only ${cut} calls under way at ${options.kills} kills`,
      ],
      note: `${intake.batches} calls of ${size} by ${CLIENTS} clients, ${cut} under way when it was killed: ${broken} tries without an answer, 5xx ${refused}; ${repeated} orders had been stored though nobody heard so`,
    }),
  ];
}

async function keyOf({ services }: Stage, { id }: Company): Promise<string> {
  const wanted = { companyId: id, name: 'shop', scopes: ['ingest', 'read'] as const, userId: null };
  return (await services.tenancy.inPortal((db) => makeKey(db, wanted))).key;
}

/** Kills the web process, starts another, and waits until a call is acknowledged again. Answers for how many seconds none was. */
async function replaceWeb(stage: Stage, done: () => number): Promise<number> {
  const { web } = stage;
  process.kill(web.pid, 'SIGKILL');
  const killed = performance.now();
  await web.ended;
  const before = done();
  const next = await stage.startWeb();
  if (!(await until(() => done() > before || !next.running(), MOST_SECONDS, 5)) || !next.running())
    throw new Error('the web process does not come back');
  return (performance.now() - killed) / 1000;
}
