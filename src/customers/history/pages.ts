import type { CompanyContext } from '../../web/context.ts';
import { readBefore } from '../../web/pager.ts';
import { tabPath } from '../header-view.ts';
import { visit } from '../visit.ts';
import * as changes from './changes.ts';
import { historyModel } from './view.ts';

const PER_PAGE = 50;

/** Who changed what about a customer, and when. */
export async function showTab(ctx: CompanyContext): Promise<void> {
  const before = readBefore(ctx);
  const visited = await visit(ctx, 'history', (db, { id }) => changes.ofCustomer(db, id, PER_PAGE, before));
  if (!visited) return;
  const path = tabPath(visited.customer.id, 'history');
  await ctx.render('customers/history', historyModel(ctx, visited.header, visited.loaded, path, before));
}
