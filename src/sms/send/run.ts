import { setTimeout as sleep } from 'node:timers/promises';
import { quietUntil } from '../../kernel/quiet.ts';
import * as ledger from '../../ledger/ledger.ts';
import { log } from '../../platform/log.ts';
import { enqueue } from '../../queue/enqueue.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import { sendBatch } from './batch.ts';
import type { Batch } from './course.ts';
import type { Bench } from './settings.ts';
import * as sql from './sql.ts';
import { haltFailing, watch } from './watch.ts';

/** What there is to do at this moment. */
type Step = { kind: 'over' } | { kind: 'again' } | { kind: 'send'; batch: Batch };

const CHUNK = 2000;

/**
 * Does whatever the campaign needs now: begins it when its time has come, calls who is due, skips who is too late, waits for the end of
 * quiet hours, and finishes it. What has to wait long is a job of its own, written in the transaction that finds out. May run any
 * number of times, side by side as well: nobody is called twice.
 */
export async function run(bench: Bench): Promise<void> {
  const { services, company, signal, effort } = bench;
  let troubles = 0;
  let size = FIRST;
  while (true) {
    signal.throwIfAborted();
    try {
      const step = await services.tenancy.inCompany(company, (db) => decide(bench, db, Math.min(size, effort.batch)));
      if (step.kind === 'over') return;
      if (step.kind === 'send' && (await send(bench, step.batch))) return;
      if (step.kind === 'send') size *= 2;
      troubles = 0;
    } catch (error) {
      if (signal.aborted || ++troubles > MOST_TROUBLES) throw error;
      log.warn({ err: error, campaign: bench.campaignId }, 'a campaign was interrupted, and goes on');
      await sleep(Math.min(troubles, effort.patienceSeconds) * 1000, undefined, { signal });
    }
  }
}

// A slow sender would not come to all of a big batch in one turn; a quick one soon has big ones.
const FIRST = 100;

// In a row: a database that is started again is back by then; else the queue tries again later.
const MOST_TROUBLES = 20;

/** true: the rest waits for a job of its own, or for a person */
async function send(bench: Bench, batch: Batch): Promise<boolean> {
  const { services, company, signal, effort, campaignId } = bench;
  const { heldSeconds } = await sendBatch(bench, batch);
  const look = heldSeconds > 0 || bench.watchman.isDue('soon');
  if (look && (await watch(bench, batch.campaign))) return true;
  if (heldSeconds > effort.patienceSeconds) {
    await services.tenancy.inCompany(company, (db) => later(db, campaignId, after(bench, heldSeconds)));
    return true;
  }
  if (heldSeconds > 0) await sleep(heldSeconds * 1000, undefined, { signal });
  return false;
}

const after = ({ services }: Bench, seconds: number) => new Date(services.clock().getTime() + seconds * 1000);

async function decide(bench: Bench, db: CompanyDb, size: number): Promise<Step> {
  const { campaignId, services } = bench;
  const now = services.clock();
  if (performance.now() > bench.until) return later(db, campaignId, now);
  await ledger.lapse(db, campaignId);
  const [campaign] = await db.query<sql.CampaignRow>(sql.campaign(campaignId));
  if (!campaign) return OVER;
  if (campaign.held) return later(db, campaignId, after(bench, HELD));
  if (campaign.state === 'cancelled') return skip(db, campaignId, 'cancelled');
  if (campaign.state !== 'scheduled' && campaign.state !== 'sending') return OVER;
  if (campaign.expires_at && campaign.expires_at <= now) {
    if ((await skip(db, campaignId, 'expired')).kind === 'again') return AGAIN;
  }
  if (campaign.state === 'scheduled') {
    if (campaign.scheduled_at && campaign.scheduled_at > now) return later(db, campaignId, campaign.scheduled_at);
    await db.execute(sql.begin(campaignId, now));
    return AGAIN;
  }
  return work(bench, db, campaign, { size, now });
}

// Somebody looks at a restored database first.
const HELD = 60;

const OVER: Step = { kind: 'over' };
const AGAIN: Step = { kind: 'again' };

async function skip(db: CompanyDb, campaignId: string, reason: 'cancelled' | 'expired'): Promise<Step> {
  return (await ledger.skipRest(db, campaignId, reason, CHUNK)) > 0 ? AGAIN : OVER;
}

async function later(db: CompanyDb, campaignId: string, at: Date): Promise<Step> {
  await enqueue(db, 'campaign.send', { campaignId }, at);
  return OVER;
}

async function work(
  bench: Bench,
  db: CompanyDb,
  campaign: sql.CampaignRow,
  { size, now }: { size: number; now: Date },
): Promise<Step> {
  const { campaignId, effort, company } = bench;
  const loud = quietUntil(now, company.timezone, campaign.quiet_hours);
  if (!loud) {
    const claim = await ledger.claim(db, campaignId, { limit: size, seconds: effort.leaseSeconds, now });
    if (claim.rows.length > 0) return { kind: 'send', batch: { campaign, claim } };
  }
  const waiting = await ledger.next(db, campaignId);
  if (waiting) return later(db, campaignId, comeBack(bench, waiting, loud, now));
  if (await haltFailing(db, campaign)) return OVER;
  return (await finish(db, campaignId, now)) ? OVER : AGAIN;
}

/** false: something was planned meanwhile, as what failed on another channel */
async function finish(db: CompanyDb, campaignId: string, now: Date): Promise<boolean> {
  // Whoever plans holds the campaign: what it has planned is seen only by a statement that begins after that.
  const [held] = await db.query(sql.lock(campaignId));
  return !held || (await db.execute(sql.finish(campaignId, now))) > 0;
}

/** When what is left can go on: planned for later, or held by others, of whom it is clear after their leases what became of it. */
function comeBack(bench: Bench, { dueAt, leaseSeconds }: ledger.Waiting, loud: Date | null, now: Date): Date {
  if (loud && dueAt) return loud;
  const held = leaseSeconds === null ? [] : [after(bench, leaseSeconds + 1)];
  const first = Math.min(...[...held, ...(dueAt ? [dueAt] : [])].map((at) => at.getTime()));
  return new Date(Math.max(first, now.getTime() + 1000));
}
