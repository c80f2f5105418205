import * as ledger from '../../ledger/ledger.ts';
import { halt } from './control.ts';
import type { Bench } from './settings.ts';
import type * as sql from './sql.ts';

export const LEAST_FAILED = 20;
const MOST_SHARE = 0.3;

/**
 * Pauses a campaign of which, since it was launched or resumed last, at least 20 and more than 30 % of all that came to an answer have
 * failed. Answers whether it did.
 */
export async function watch({ services, company, campaignId }: Bench, campaign: sql.CampaignRow): Promise<boolean> {
  const since = campaign.running_since;
  if (!since) return false;
  return services.tenancy.inCompany(company, async (db) => {
    const { settled, failed } = await ledger.failures(db, campaignId, since, LEAST_FAILED);
    if (failed < LEAST_FAILED || failed <= settled * MOST_SHARE) return false;
    return halt(db, campaignId, failed, settled);
  });
}
