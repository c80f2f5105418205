import { enqueue } from '../../queue/enqueue.ts';
import * as senders from '../../senders/senders.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import * as sql from './sql.ts';

/**
 * What has failed for good on another channel is planned once more by SMS, where its campaign wants that, and the campaign goes on.
 * Where a budget is set, nothing of an unknown price is.
 */
export async function fallBack(db: CompanyDb, failed: readonly string[], now: Date): Promise<void> {
  if (failed.length === 0) return;
  const wanting = await db.query<sql.Wanting>(sql.wanting(failed));
  if (wanting.length === 0) return;
  await db.query(sql.lockCampaigns(wanting.map(({ campaign_id }) => campaign_id)));
  const made = await db.query<{ campaign_id: string; state: string }>(
    sql.fallBack(await priced(db, wanting, now), now),
  );
  const going = made.filter(({ state }) => state === 'planned').map(({ campaign_id }) => campaign_id);
  const campaigns = [...new Set(going)].toSorted();
  if (campaigns.length === 0) return;
  const woken = await db.query<{ id: string }>(sql.wakeCampaigns(campaigns));
  const soon = await db.query<{ id: string }>(sql.sending(campaigns));
  const asleep = new Set(woken.map(({ id }) => id));
  for (const { id } of soon) {
    // Whoever sends it at this moment comes to these as well: another one only has to be there in case.
    await enqueue(db, 'campaign.send', { campaignId: id }, asleep.has(id) ? undefined : new Date(Date.now() + IN_CASE));
  }
}

const IN_CASE = 10_000;

async function priced(db: CompanyDb, wanting: readonly sql.Wanting[], now: Date) {
  const prices = await senders.priceTable(db, now);
  const microsOf = ({ channel, country }: sql.Wanting) =>
    prices.find((price) => price.channel === channel && price.country === country)?.micros ?? null;
  return wanting.map((row) => ({ ...row, micros: microsOf(row) }));
}
