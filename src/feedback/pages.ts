import { visit } from '../customers/customers.ts';
import type { CompanyContext } from '../web/context.ts';
import { paged, readPaging } from '../web/pager.ts';
import * as feedback from './feedback.ts';
import { tabModel } from './view.ts';

/** The tab with what a customer wrote about the company, with the rating (P-90, P-91). */
export async function showTab(ctx: CompanyContext): Promise<void> {
  const paging = readPaging(ctx);
  const visited = await visit(ctx, 'feedback', (db, { id }) => feedback.ofCustomer(db, id, paging));
  if (!visited) return;
  const { customer, header, loaded } = visited;
  const place = paged(ctx, paging, loaded.length, Number(customer.feedback_count));
  await ctx.render('feedback/tab', tabModel(ctx, header, loaded, place));
}
