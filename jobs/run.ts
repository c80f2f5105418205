import { setInterval } from 'node:timers';
import { type Channels, NO_CHANNELS } from '../src/platform/channels.ts';
import { log } from '../src/platform/log.ts';
import type { Mailer } from '../src/platform/mail.ts';
import { jobSeconds } from '../src/platform/measured.ts';
import { contracts, isJobName, type JobName } from '../src/queue/contracts.ts';
import {
  drop,
  finish,
  giveUp,
  handBack,
  LEASE_SECONDS,
  type Lease,
  lease,
  putOff,
  renew,
  retry,
} from '../src/queue/lease.ts';
import type { OpenInside } from '../src/walls/walls.ts';
import type { Services } from '../src/web/services.ts';
import type { Handler, Work } from './handler.ts';
import { handlers } from './handlers.ts';
import type { Places } from './places.ts';

/** What the jobs of one worker share. */
export interface Bench {
  readonly services: Services;
  readonly mailer: Mailer | null;
  readonly channels?: Channels;
  /** opens the portal for the process alone; it is put together above this floor */
  readonly inside?: OpenInside;
  /** a worker of which nothing was heard for so long is taken for dead */
  readonly leaseSeconds?: number;
  /** what keeps long jobs from taking all of the worker; absent: there is room for everything */
  readonly places?: Places;
  /** aborted when the worker stops */
  readonly stopping: AbortSignal;
}

/** Leases the row, does what it says, and settles it: done, later, given up or handed back. Never throws. */
export async function runJob(bench: Bench, jobId: string): Promise<void> {
  try {
    const held = await bench.services.tenancy.inPortal((db) => lease(db, jobId, bench.leaseSeconds));
    if (held) await inPlace(bench, held);
  } catch (error) {
    log.error({ err: error, job: jobId }, 'a job could not be settled; its lease will run out');
  }
}

const FULL_SECONDS = 3;

/** Where as many of its name run here as may, it comes again a little later, perhaps at another worker. */
async function inPlace(bench: Bench, held: Lease): Promise<void> {
  const leave = bench.places ? bench.places.take(held.name) : () => undefined;
  if (!leave) return void (await bench.services.tenancy.inPortal((db) => putOff(db, held, FULL_SECONDS)));
  try {
    await attempt(bench, held);
  } finally {
    leave();
  }
}

async function attempt(bench: Bench, held: Lease): Promise<void> {
  const ended = jobSeconds.startTimer({ name: held.name });
  const pulse = startPulse(bench, held);
  const signal = AbortSignal.any([bench.stopping, pulse.lost]);
  const failure = await perform(bench, held, signal).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  await pulse.stop();
  if (pulse.lost.aborted) log.warn({ job: held.id, name: held.name }, 'the lease was lost: another worker goes on');
  ended({ outcome: pulse.lost.aborted ? 'lost' : await settle(bench, held, failure) });
}

/** Renews the lease while the job runs. `lost`: somebody else has it now. */
function startPulse(
  { services, leaseSeconds = LEASE_SECONDS }: Bench,
  held: Lease,
): { lost: AbortSignal; stop(): Promise<void> } {
  const lost = new AbortController();
  let beat: Promise<void> | null = null;
  const timer = setInterval(
    () => {
      // A second one beside a slow one would carry the token that the first is about to replace.
      beat ??= services.tenancy
        .inPortal((db) => renew(db, held, leaseSeconds))
        .then((ours) => (ours ? undefined : lost.abort()))
        .catch((error: unknown) => log.warn({ err: error, job: held.id }, 'a lease could not be renewed'))
        .finally(() => {
          beat = null;
        });
    },
    (leaseSeconds / 3) * 1000,
  );
  return {
    lost: lost.signal,
    stop: async () => {
      clearInterval(timer);
      await beat;
    },
  };
}

async function perform(bench: Bench, held: Lease, signal: AbortSignal): Promise<void> {
  if (held.cancelled) throw new Error('it was cancelled');
  if (held.attempts > attemptsOf(held)) throw new Error('the process ended every time this ran');
  const work = await workOf(bench, held, signal);
  if (work) await handlerOf(held).run(work);
}

/** Answers what came of it. */
async function settle(bench: Bench, held: Lease, failure: Error | null): Promise<string> {
  const { tenancy } = bench.services;
  if (!failure) {
    await tenancy.inPortal((db) => finish(db, held));
    return 'done';
  }
  if (bench.stopping.aborted) {
    await tenancy.inPortal((db) => handBack(db, held));
    return 'handed_back';
  }
  if (held.cancelled) {
    await tell(bench, held, failure.message);
    await tenancy.inPortal((db) => drop(db, held));
    return 'cancelled';
  }
  log.warn({ err: failure, job: held.id, name: held.name, attempts: held.attempts }, 'a job failed');
  if (held.attempts < attemptsOf(held)) {
    await tenancy.inPortal((db) => retry(db, held, failure.message));
    return 'retried';
  }
  // Where whoever waits cannot be told, this throws, the lease runs out, and the next lease comes straight back here.
  await tell(bench, held, failure.message);
  await tenancy.inPortal((db) => giveUp(db, held, failure.message));
  return 'given_up';
}

async function tell(bench: Bench, held: Lease, reason: string): Promise<void> {
  const work = await workOf(bench, held, bench.stopping).catch((error: unknown) => {
    log.error({ err: error, job: held.id }, 'what was given up cannot be read: there is nobody to tell');
    return null;
  });
  if (work) await handlerOf(held).givenUp?.(work, reason);
}

/** null: its company is gone */
async function workOf(
  { services, mailer, channels = NO_CHANNELS, inside, leaseSeconds = LEASE_SECONDS }: Bench,
  held: Lease,
  signal: AbortSignal,
): Promise<Work<JobName> | null> {
  const contract = contracts[nameOf(held)];
  const wanted = contract.scope === 'company' ? held.companyId : null;
  const company = wanted === null ? null : await services.tenancy.companyOfJob({ companyId: wanted });
  if (contract.scope === 'company' && !company) return null;
  const work = {
    services,
    mailer,
    channels,
    inside: inside ?? null,
    workOff,
    leaseSeconds,
    payload: contract.payload.parse(held.payload),
    signal,
    company,
  };
  return work as Work<JobName>;
}

async function workOff(services: Services, jobIds: readonly string[]): Promise<void> {
  for (const id of jobIds) await runJob({ services, mailer: null, stopping: new AbortController().signal }, id);
}

/** Payload and handler come from the same name; that they are of one kind is what cannot be written as a type here. */
function handlerOf(held: Lease): Handler<JobName> {
  return handlers[nameOf(held)] as Handler<JobName>;
}

function nameOf(held: Lease): JobName {
  if (!isJobName(held.name)) throw new Error(`no job is called ${held.name} in this version`);
  return held.name;
}

/** A name that only another version knows waits for that version. */
function attemptsOf(held: Lease): number {
  return isJobName(held.name) ? contracts[held.name].attempts : Number.POSITIVE_INFINITY;
}
