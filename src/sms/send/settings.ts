import type { Channels } from '../../platform/channels.ts';
import type { Company } from '../../tenancy/company.ts';
import type { Services } from '../../web/services.ts';
import type { Watchman } from './watchman.ts';

/** How hard one worker works on one campaign, and how long it is trusted. */
export interface Effort {
  /** so many are being called at a time, at most; and so many are unknown when a worker is killed */
  concurrency: number;
  /** they are called in groups of this size, side by side */
  group: number;
  /** so many are taken at a time */
  batch: number;
  /** a worker of whom nothing was heard for so long is taken for dead; longer than a call may last */
  leaseSeconds: number;
  /** after so long the job ends and comes again, so that other jobs have their turn */
  turnSeconds: number;
  /** so long the worker itself waits; beyond, the job ends and comes again */
  patienceSeconds: number;
}

export const USUAL: Effort = {
  concurrency: 96,
  group: 32,
  batch: 1000,
  leaseSeconds: 60,
  turnSeconds: 20,
  patienceSeconds: 2,
};

/** What the sending of one campaign needs. */
export interface Bench {
  services: Pick<Services, 'tenancy' | 'clock' | 'config' | 'secrets' | 'files'>;
  channels: Channels;
  company: Company;
  campaignId: string;
  /** aborted when the process stops, or somebody else has the job */
  signal: AbortSignal;
  effort: Effort;
  /** when its turn is over, by `performance.now()` */
  until: number;
  watchman: Watchman;
}
