import * as ledger from '../ledger/ledger.ts';
import { deliveriesTold } from '../platform/measured.ts';
import type { CompanyDb } from '../tenancy/handles.ts';
import { SAID_STOP, silence } from './stop/stop.ts';

const FATES: Readonly<Record<string, ledger.Fate>> = {
  accepted: 'accepted',
  scheduled: 'accepted',
  queued: 'accepted',
  sending: 'accepted',
  sent: 'accepted',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'undelivered',
  failed: 'failed',
  canceled: 'failed',
};

/** What a provider's word means to the ledger; null: nothing. */
export const fateOf = (word: string): ledger.Fate | null => FATES[word.toLowerCase()] ?? null;

/**
 * Takes what a provider tells of deliveries, however it came. Where it says that somebody has said STOP to it, that holds here as well.
 * Answers what changed.
 */
export async function take(db: CompanyDb, news: readonly ledger.News[]): Promise<ledger.Heard[]> {
  const heard = await ledger.hear(db, news);
  for (const { errorCode, address, addressKey, channel, to } of heard) {
    deliveriesTold.inc({ channel, state: to });
    if (errorCode === SAID_STOP && addressKey) await silence(db, { address, addressKey }, 'provider');
  }
  return heard;
}
