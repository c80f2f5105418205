import { lock } from '../../identity/identity.ts';
import { enqueue } from '../../queue/enqueue.ts';
import type { Company } from '../../tenancy/company.ts';
import type { Tenancy } from '../../tenancy/tenancy.ts';
import { firstOwnKey, hasUnkeyed, keyPhones } from './dealings.ts';

/** For companies whose numbers an earlier version stored, a job that makes up for it. Twice does no harm. */
export async function planBacklog(tenancy: Tenancy): Promise<void> {
  for (const company of await tenancy.companiesOfOperator()) {
    await tenancy.inCompany(company, async (db) => {
      if (await hasUnkeyed(db)) await enqueue(db, 'reviews.backlog', {});
    });
  }
}

/** Chunk after chunk, each in its own transaction: what a stopped process has done stays done. */
export async function clearBacklog(tenancy: Tenancy, company: Company, signal: AbortSignal): Promise<void> {
  const ownKeySince = await tenancy.inPortal((db) => firstOwnKey(db, company.id));
  for (let keyed = 1; keyed > 0; ) {
    signal.throwIfAborted();
    keyed = await tenancy.inCompany(company, async (db) => {
      await lock(db);
      return keyPhones(db, ownKeySince);
    });
  }
}
