import { enqueue } from '../../queue/enqueue.ts';
import * as senders from '../../senders/senders.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import * as sql from './sql.ts';

/** What has failed for good on another channel is planned once more by SMS, where its campaign wants that, and the campaign goes on. */
export async function fallBack(db: CompanyDb, failed: readonly string[], now: Date): Promise<void> {
  if (failed.length === 0) return;
  const wanting = await db.query<sql.Wanting>(sql.wanting(failed));
  if (wanting.length === 0) return;
  const made = await db.query<{ campaign_id: string }>(sql.fallBack(await priced(db, wanting, now), now));
  const campaigns = [...new Set(made.map(({ campaign_id }) => campaign_id))];
  if (campaigns.length === 0) return;
  await db.execute(sql.wakeCampaigns(campaigns));
  for (const campaignId of campaigns) await enqueue(db, 'campaign.send', { campaignId });
}

async function priced(db: CompanyDb, wanting: readonly sql.Wanting[], now: Date) {
  const prices = await senders.priceTable(db, now);
  const microsOf = ({ channel, country }: sql.Wanting) =>
    prices.find((price) => price.channel === channel && price.country === country)?.micros ?? null;
  return wanting.map((row) => ({ ...row, micros: microsOf(row) }));
}
