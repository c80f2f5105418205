import type { CompanyContext } from '../../web/context.ts';
import * as drafts from '../draft/draft.ts';

/** The campaign that the address names. null: it is none of this company */
export const campaignHere = ({ services, company, req }: CompanyContext): Promise<drafts.CampaignRow | null> =>
  services.tenancy.reading(company, (db) => drafts.find(db, String(req.params.id)));

/** null: it is none of this company, or no draft any more */
export async function draftHere(ctx: CompanyContext): Promise<drafts.CampaignRow | null> {
  const row = await campaignHere(ctx);
  return row?.state === 'draft' && row.kind === 'group' ? row : null;
}
