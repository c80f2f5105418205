import { setTimeout as pauseFor } from 'node:timers/promises';
import * as audit from '../../audit/audit.ts';
import * as ledger from '../../ledger/ledger.ts';
import * as notices from '../../notices/notices.ts';
import { enqueue } from '../../queue/enqueue.ts';
import type { Company } from '../../tenancy/company.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import type { Services } from '../../web/services.ts';
import * as sql from './sql.ts';

interface Named {
  /** null: it goes to one person, by whose name it is called */
  name: string | null;
}

const subjectOf = (id: string, { name }: Named) => (name === null ? { id } : { id, name });

/** From the commit on nothing of it is called any more; what is being called at this moment is not called back. false: it is not running. */
export async function pause(db: CompanyDb, campaignId: string, userId: string): Promise<boolean> {
  const paused = await stop(db, campaignId, 'person');
  if (!paused) return false;
  await audit.write(db, { userId, action: 'campaign.paused', subject: subjectOf(campaignId, paused) });
  return true;
}

async function stop(db: CompanyDb, campaignId: string, because: 'person' | 'failures'): Promise<Named | null> {
  const [paused] = await db.query<Named>(sql.pause(campaignId, because));
  if (!paused) return null;
  await ledger.releaseAll(db, campaignId);
  return paused;
}

/** Too many have failed: somebody has to look at it first. Everybody in the company is told. */
export async function halt(db: CompanyDb, campaignId: string, failed: number, settled: number): Promise<boolean> {
  const paused = await stop(db, campaignId, 'failures');
  if (!paused) return false;
  const subject = { ...subjectOf(campaignId, paused), reason: 'failures' };
  await audit.write(db, { userId: null, action: 'campaign.paused', subject });
  const data = { name: paused.name ?? '…', failed, settled, path: `/sms/${campaignId}` };
  await notices.post(db, { userId: null, kind: 'campaign-paused', data });
  return true;
}

/** Goes on where it was; failures are counted anew. false: it is not paused. */
export async function resume(
  db: CompanyDb,
  campaignId: string,
  userId: string,
  now: Date = new Date(),
): Promise<boolean> {
  const [resumed] = await db.query<Named>(sql.resume(campaignId, now));
  if (!resumed) return false;
  await audit.write(db, { userId, action: 'campaign.resumed', subject: subjectOf(campaignId, resumed) });
  await enqueue(db, 'campaign.send', { campaignId });
  return true;
}

/** So many are skipped while the person waits; the others by the job. */
const AT_ONCE = 2000;

/** Whoever has not been called never will be. false: it is over, or was not launched. */
export async function cancel(db: CompanyDb, campaignId: string, userId: string): Promise<boolean> {
  const [cancelled] = await db.query<Named>(sql.cancel(campaignId));
  if (!cancelled) return false;
  await audit.write(db, { userId, action: 'campaign.cancelled', subject: subjectOf(campaignId, cancelled) });
  const skipped = await ledger.skipRest(db, campaignId, 'cancelled', AT_ONCE);
  if (skipped === AT_ONCE) await enqueue(db, 'campaign.send', { campaignId });
  return true;
}

const STEP = 100;

/**
 * After a pause or a cancellation was committed: waits until the calls that were under way have ended, at most so long. Answers how many
 * still have not.
 */
export async function stilled(
  { tenancy }: Pick<Services, 'tenancy'>,
  company: Company,
  campaignId: string,
  milliseconds = 3000,
): Promise<number> {
  for (let left = milliseconds; ; left -= STEP) {
    const [row] = await tenancy.reading(company, (db) => db.query<{ count: number }>(sql.calling(campaignId)));
    const count = row?.count ?? 0;
    if (count === 0 || left <= 0) return count;
    await pauseFor(STEP);
  }
}
