import { setInterval } from 'node:timers';
import { planNumbers } from '../src/identity/identity.ts';
import { openChannels } from '../src/platform/channels.ts';
import { log } from '../src/platform/log.ts';
import { openMailer } from '../src/platform/mail.ts';
import { LEASE_SECONDS, wakeOverdue } from '../src/queue/lease.ts';
import { planRegular } from '../src/queue/timetable.ts';
import { planBacklog } from '../src/reviews/reviews.ts';
import type { OpenInside } from '../src/walls/walls.ts';
import type { Services } from '../src/web/services.ts';
import { openPlaces } from './places.ts';
import { runJob } from './run.ts';
import { SWEEP_SECONDS, timetable } from './schedule.ts';

export interface JobWorker {
  /** Takes no further job, hands long ones back and lets short ones end. */
  stop(): Promise<void>;
}

const CONCURRENCY = 4;

/** How long a worker is trusted, and how often it looks for what was lost; in seconds. */
export interface Trust {
  leaseSeconds?: number;
  sweepSeconds?: number;
}

/** What the process hands down from above, and how far it trusts its workers. */
export interface Start extends Trust {
  inside?: OpenInside;
}

/** Runs jobs in this process until it is stopped. */
export async function startWorker(
  services: Services,
  { leaseSeconds = LEASE_SECONDS, sweepSeconds = SWEEP_SECONDS, inside }: Start = {},
): Promise<JobWorker> {
  const stopping = new AbortController();
  const mailer = openMailer(services.config);
  const channels = await openChannels(services.config);
  const shared = { services, mailer, channels, leaseSeconds, places: openPlaces(), stopping: stopping.signal };
  const bench = inside ? { ...shared, inside } : shared;
  const worker = await services.queue.work((jobId) => runJob(bench, jobId), { concurrency: CONCURRENCY });
  await planBacklog(services.tenancy);
  await planNumbers(services.tenancy);
  const sweeper = startSweeper(services, sweepSeconds);
  return {
    stop: async () => {
      stopping.abort();
      await sweeper.stop();
      await worker.close();
      mailer?.close();
    },
  };
}

function startSweeper(services: Services, seconds: number): { stop(): Promise<void> } {
  let round = sweep(services);
  const timer = setInterval(() => {
    round = round.then(() => sweep(services));
  }, seconds * 1000);
  return {
    stop: () => {
      clearInterval(timer);
      return round;
    },
  };
}

/** Finds what the queue lost, in the rows. Never throws. */
export async function sweep({ tenancy }: Pick<Services, 'tenancy'>): Promise<void> {
  try {
    await tenancy.inPortal(async (db) => {
      await planRegular(db, timetable);
      await wakeOverdue(db);
    });
  } catch (error) {
    log.error({ err: error }, 'the sweeper could not look for jobs');
  }
}
