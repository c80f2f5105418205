import { visit } from '../customers/customers.ts';
import type { CompanyContext } from '../web/context.ts';
import { paged, readPaging } from '../web/pager.ts';
import * as orders from './orders.ts';
import { listModel, orderModel, tabModel } from './view.ts';

/** The tab with all orders of a customer (P-71). */
export async function showTab(ctx: CompanyContext): Promise<void> {
  const paging = readPaging(ctx);
  const visited = await visit(ctx, 'orders', (db, { id }) => orders.ofCustomer(db, id, paging));
  if (!visited) return;
  const { customer, header, loaded } = visited;
  const place = paged(ctx, paging, loaded.length, Number(customer.orders_count));
  await ctx.render('orders/tab', tabModel(ctx, header, loaded, place));
}

/** All orders of the company, those without a customer too. */
export async function showList(ctx: CompanyContext): Promise<void> {
  const { per } = readPaging(ctx);
  const param = (name: string) => {
    const value = ctx.req.query[name];
    return typeof value === 'string' && value !== '' ? value.slice(0, 255) : null;
  };
  const query = {
    q: param('q') ?? '',
    withoutCustomer: param('customer') === 'none',
    per,
    after: param('after'),
    before: param('before'),
  };
  const found = await ctx.services.tenancy.reading(ctx.company, (db) => orders.list(db, query));
  await ctx.render('orders/list', listModel(ctx, query, found));
}

/** One order with its lines, and why it belongs to its customer. */
export async function showOrder(ctx: CompanyContext): Promise<void> {
  const found = await ctx.services.tenancy.reading(ctx.company, (db) => orders.one(db, String(ctx.req.params.id)));
  if (!found) return ctx.notFound();
  await ctx.render('orders/show', orderModel(ctx, found));
}
