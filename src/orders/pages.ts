import { visit } from '../customers/customers.ts';
import { ofOrders, type RefusedTag } from '../tags/tags.ts';
import type { CompanyContext } from '../web/context.ts';
import { paged, readPaging } from '../web/pager.ts';
import * as orders from './orders.ts';
import { listModel, orderModel, tabModel } from './view.ts';

/** The tab with all orders of a customer (P-71). */
export async function showTab(ctx: CompanyContext): Promise<void> {
  const paging = readPaging(ctx);
  const visited = await visit(ctx, 'orders', async (db, { id }) => {
    const rows = await orders.ofCustomer(db, id, paging);
    return { rows, tagged: await ofOrders(db, idsOf(rows)) };
  });
  if (!visited) return;
  const { customer, header, loaded } = visited;
  const place = paged(ctx, paging, loaded.rows.length, Number(customer.orders_count));
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
  const found = await ctx.services.tenancy.reading(ctx.company, async (db) => {
    const page = await orders.list(db, query);
    return { ...page, tagged: await ofOrders(db, idsOf(page.orders)) };
  });
  await ctx.render('orders/list', listModel(ctx, query, found));
}

/** One order with its lines, and why it belongs to its customer. */
export const showOrder = (ctx: CompanyContext): Promise<void> => orderPage(ctx, null);

/** `refused`: the tag that was typed and could not be added. */
export async function orderPage(ctx: CompanyContext, refused: RefusedTag | null): Promise<void> {
  const id = String(ctx.req.params.id);
  const found = await ctx.services.tenancy.reading(ctx.company, async (db) => {
    const order = await orders.one(db, id);
    return order && { ...order, tagged: await ofOrders(db, [id]) };
  });
  if (!found) return ctx.notFound();
  const model = orderModel(ctx, found, found.tagged);
  const shown = refused ? { ...model, tags: { ...model.tags, ...refused } } : model;
  await ctx.render('orders/show', shown, refused ? 422 : 200);
}

const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);
