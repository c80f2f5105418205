import * as ledger from '../../ledger/ledger.ts';
import type { CompanyContext } from '../../web/context.ts';
import { readBefore } from '../../web/pager.ts';
import * as drafts from '../draft/draft.ts';
import { type ListKind, listKindOf, listModel } from './list-view.ts';

const PER_PAGE = 20;

const KINDS: Record<ListKind, readonly drafts.Kind[]> = { group: ['group'], one: ['one', 'reply'], test: ['test'] };

/** What the company sent and is about to send, newest first (P-07). */
export async function list(ctx: CompanyContext): Promise<void> {
  const before = readBefore(ctx);
  const kind = listKindOf(ctx.req.query.kind);
  const page = await ctx.services.tenancy.reading(ctx.company, async (db) => {
    const { campaigns, more } = await drafts.list(db, KINDS[kind], PER_PAGE, before);
    const rows = campaigns.map(async (row) => ({ row, counts: await ledger.counts(db, row.id) }));
    return { campaigns: await Promise.all(rows), more };
  });
  await ctx.render('sms/list', listModel(ctx, kind, page, before));
}
