import * as ledger from '../../ledger/ledger.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import { halt } from './control.ts';
import type { Bench } from './settings.ts';
import type * as sql from './sql.ts';

export const LEAST_FAILED = 20;
const MOST_SHARE = 0.3;

/** Looks whether so many have failed that nobody else is to be called. */
export function watch({ services, company, watchman }: Bench, campaign: sql.CampaignRow): Promise<boolean> {
  return watchman.look(() => services.tenancy.inCompany(company, (db) => haltFailing(db, campaign)));
}

/**
 * Pauses a campaign of which, since it was launched or resumed last, at least 20 and more than 30 % of all that came to an answer have
 * failed. Answers whether it did.
 */
export async function haltFailing(db: CompanyDb, { id, running_since: since }: sql.CampaignRow): Promise<boolean> {
  if (!since) return false;
  const { settled, failed } = await ledger.failures(db, id, since, LEAST_FAILED);
  if (failed < LEAST_FAILED || failed <= settled * MOST_SHARE) return false;
  return halt(db, id, failed, settled);
}
