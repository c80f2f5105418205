import * as ledger from '../../ledger/ledger.ts';
import { enqueue } from '../../queue/enqueue.ts';
import type { Services } from '../../web/services.ts';
import * as sql from './sql.ts';

/**
 * In all companies: calls whose worker has died are unknown from now on, and a campaign that runs and has lost its job gets another.
 */
export async function sweep({ tenancy }: Pick<Services, 'tenancy'>, signal: AbortSignal): Promise<void> {
  for (const company of await tenancy.companiesOfOperator()) {
    signal.throwIfAborted();
    await tenancy.inCompany(company, (db) => ledger.lapse(db));
    const running = await tenancy.reading(company, (db) => db.query<{ id: string }>(sql.running()));
    if (running.length === 0) continue;
    // Asked after the campaigns: one that was launched meanwhile came with its job.
    const jobs = await tenancy.inPortal((db) => db.query<{ id: string }>(sql.withJob()));
    const known = new Set(jobs.map(({ id }) => id));
    const lost = running.filter(({ id }) => !known.has(id));
    if (lost.length === 0) continue;
    await tenancy.inCompany(company, async (db) => {
      for (const { id } of lost) await enqueue(db, 'campaign.send', { campaignId: id });
    });
  }
}
