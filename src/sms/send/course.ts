import type * as ledger from '../../ledger/ledger.ts';
import type { Places } from './pace.ts';
import type * as sql from './sql.ts';
import type { Transport } from './transport.ts';

/** What one worker has taken to call. */
export interface Batch {
  campaign: sql.CampaignRow;
  claim: ledger.Claim;
}

/** What the groups of a batch share. */
export interface Course {
  batch: Batch;
  channel: ledger.Channel;
  /** null: the channel is not set up */
  transport: Transport | null;
  perSecond: number;
  /** gives places at the sender's pace; null: there is no sender */
  places: Places | null;
  /** not called yet */
  waiting: string[];
  /** set: nothing more is called */
  stopped: boolean;
  /** the sender may not be used for so long from then on, by `performance.now()` */
  heldUntil: number;
  /** since the campaign's failures were counted last */
  failed: number;
  /** unknown in a row */
  lost: number;
}

/** Nothing more is called for so long. */
export function stopFor(course: Course, seconds: number): void {
  course.stopped = true;
  course.heldUntil = Math.max(course.heldUntil, performance.now() + seconds * 1000);
}
