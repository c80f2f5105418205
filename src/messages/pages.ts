import { visit } from '../customers/customers.ts';
import type { CompanyContext } from '../web/context.ts';
import { paged, readPaging } from '../web/pager.ts';
import * as messages from './messages.ts';
import { tabModel } from './view.ts';

/** The tab with a customer's conversations; `thread` opens one of them. */
export async function showTab(ctx: CompanyContext): Promise<void> {
  const { thread } = ctx.req.query;
  return typeof thread === 'string' && thread !== '' ? messages.showThread(ctx, thread) : showThreads(ctx);
}

async function showThreads(ctx: CompanyContext): Promise<void> {
  const paging = readPaging(ctx);
  const visited = await visit(ctx, 'messages', (db, { id }) => messages.threads(db, id, paging));
  if (!visited) return;
  const { customer, header, loaded } = visited;
  const place = paged(ctx, paging, loaded.length, Number(customer.threads_count));
  await ctx.render('messages/tab', tabModel(ctx, header, loaded, place));
}
