import type { CompanyContext } from '../../web/context.ts';
import * as drafts from '../draft/draft.ts';

/** The campaign that the address names. null: it is none of this company */
export const campaignHere = ({ services, company, req }: CompanyContext): Promise<drafts.CampaignRow | null> =>
  services.tenancy.reading(company, (db) => drafts.find(db, String(req.params.id)));

/** null: it has been answered already. What was launched meanwhile, in another tab or by somebody else, is shown with a word about it. */
export async function draftHere(ctx: CompanyContext): Promise<drafts.CampaignRow | null> {
  const row = await campaignHere(ctx);
  if (row?.kind !== 'group') await ctx.notFound();
  else if (row.state === 'draft') return row;
  else launchedAlready(ctx, row.id);
  return null;
}

export const launchedAlready = (ctx: CompanyContext, id: string): void =>
  ctx.redirect(`/sms/${id}`, { kind: 'error', text: ctx.t('sms.told.launchedAlready') });
