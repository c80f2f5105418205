import type { Child } from '../../../src/platform/children.ts';
import { freePort } from '../../../src/platform/postgres.ts';
import { type Front, startProxy } from '../../load/proxy.ts';
import { forgetTrace, readTrace, traceJobs } from '../../load/trace.ts';
import { check } from '../check.ts';
import { finished, settle } from '../finish.ts';
import { program } from '../program.ts';
import { type Outcome, outcome } from '../report.ts';
import type { Stage } from '../stage.ts';
import { until } from '../wait.ts';
import { launchTo, makeWorld, setPace } from '../world.ts';
import { sendVisitors } from './visitors.ts';

// What production has unless it is told otherwise.
const GRACE_SECONDS = 5;
const PATIENCE = 60;
// So slow that the campaign goes on through all of them.
const PACE = 4;
const EACH = 100;

/** Two web processes behind a proxy and two workers, one after the other told to end and started again, while everybody goes on. */
export async function deploy(stage: Stage): Promise<Outcome[]> {
  const { options, standin, postgres } = stage;
  const { restarts } = options;
  standin.turn({ ...CALM, seed: options.seed });
  const world = await makeWorld(stage, { recipients: restarts * EACH });
  await setPace(stage, PACE);
  const ports = [await freePort(), await freePort()] as const;
  const part = (...args: string[]) => stage.start(args[0] ?? '', program('test', 'faults', 'deploy', 'part'), args);
  const startWeb = (n: number) => part('web', String(ports[n]), String(GRACE_SECONDS));
  const startWorker = () => part('worker', '', '0');
  const webs = [await startWeb(0), await startWeb(1)];
  const workers = [await startWorker(), await startWorker()];
  const front = await startProxy(ports, { pollMilliseconds: 100 });
  await traceJobs(postgres.superuserUrl);
  try {
    await up(front, ports);
    const visitors = await sendVisitors(stage, world, front.port);
    const campaignId = await launchTo(stage, world);
    const seconds: number[] = [];
    for (let n = 0; n < restarts; n++) {
      const [at, started] = [n % 2, performance.now()];
      const download = visitors.download();
      await Promise.all([leave(webs[at]), leave(workers[at])]);
      [webs[at], workers[at]] = await Promise.all([startWeb(at), startWorker()]);
      await up(front, ports);
      await download;
      seconds.push((performance.now() - started) / 1000);
    }
    await setPace(stage, 500);
    await finished(stage, [campaignId], workers[0] as Child);
    await settle(stage);
    const lost = await visitors.stop();
    // Whoever leaves last has nobody to hand its jobs to.
    await until(() => nothingDue(stage), PATIENCE, 200);
    await Promise.all([...webs, ...workers].map(leave));
    const found = await check(stage, world, [campaignId]);
    const trace = await readTrace(postgres.superuserUrl);
    const wrong = [...visitors.failed, ...front.failures()];
    return [
      outcome(found, {
        injected: restarts * 2,
        misses: [
          wrong.length > 0 && `${wrong.length} requests failed: ${[...new Set(wrong)].slice(0, 3).join(' | ')}`,
          lost > 0 && `${lost} acknowledged orders are not there once`,
          trace.takenOver > 0 && `${trace.takenOver} jobs were run by two`,
          trace.handedBack === 0 && 'no job was handed back',
          trace.givenUp > 0 && `${trace.givenUp} jobs were given up`,
          stage.lastWords().includes('killed by timeout') && 'a process did not end in time',
        ],
        note: `${visitors.answered()} requests, failed ${wrong.length}; ${trace.taken} jobs taken, ${trace.handedBack} handed back, run twice ${trace.takenOver}; ${average(seconds)} s for a web process and a worker`,
      }),
    ];
  } finally {
    await front.close();
    await Promise.all([...webs, ...workers].map(leave));
    await forgetTrace(postgres.superuserUrl);
  }
}

const CALM = {
  latency: [20, 100],
  callbacks: { copies: [1, 1], shuffled: false, lost: 0, early: 0, delay: [0, 300], undelivered: 0.03 },
} as const;

async function nothingDue({ ask }: Stage): Promise<boolean> {
  return (await ask('select 1 as one from job where due_at <= now() limit 1')).length === 0;
}

/** As whoever deploys would: asked to end, and waited for. */
async function leave(child: Child | undefined): Promise<void> {
  if (!child?.running()) return;
  process.kill(child.pid, 'SIGTERM');
  await child.ended;
}

async function up(front: Front, ports: readonly number[]): Promise<void> {
  if (await until(() => ports.every((port) => front.isUp(port)), PATIENCE, 50)) return;
  throw new Error('a web process that was started again is not ready');
}

const average = (values: readonly number[]): string =>
  (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(1);
