import { isId } from '../kernel/id.ts';
import type { CompanyDb } from '../tenancy/handles.ts';
import type { Call } from '../web/api.ts';
import type { ApiContext } from '../web/context.ts';
import { Problem } from '../web/problem.ts';
import type { OneCustomer, OrderPage } from './answers.ts';
import { customerDoc, ordersDoc } from './docs.ts';
import { ordersOf, readMark } from './orders.ts';
import { ordersQuery, readQuery } from './query.ts';
import * as sql from './sql.ts';
import { type ContactRow, type CustomerRow, customerView } from './view.ts';

/** `GET /api/v1/companies/:company/customers/:id` */
export const showCustomer: Call = { handler: show, doc: customerDoc };

async function show(ctx: ApiContext): Promise<void> {
  const answer = await ctx.services.tenancy.inCompany(ctx.company, async (db): Promise<OneCustomer | null> => {
    const row = await find(db, ctx);
    if (row.merged_into) return leadOn(ctx, row.merged_into);
    const contacts = await db.query<ContactRow>(sql.contacts(ctx.company.id, [row.id]));
    const { orders, next } = await ordersOf(db, row.id, null);
    return {
      ...customerView(row, contacts, ctx.company.currency),
      contacts: contacts.map(({ kind, value, given }) => ({ kind, value, given })),
      orders,
      ordersNext: next,
    };
  });
  if (answer) ctx.res.json(answer);
}

/** `GET /api/v1/companies/:company/customers/:id/orders` */
export const listOrders: Call = { handler: orders, doc: ordersDoc };

async function orders(ctx: ApiContext): Promise<void> {
  const { cursor } = readQuery(ctx.req, ordersQuery);
  const after = cursor === undefined ? null : readMark(cursor);
  const answer = await ctx.services.tenancy.inCompany(ctx.company, async (db): Promise<OrderPage | null> => {
    const row = await find(db, ctx);
    return row.merged_into ? leadOn(ctx, row.merged_into, '/orders') : ordersOf(db, row.id, after);
  });
  if (answer) ctx.res.json(answer);
}

async function find(db: CompanyDb, { req }: ApiContext): Promise<CustomerRow> {
  const { id } = req.params;
  const [row] =
    typeof id === 'string' && isId(id) ? await db.query<CustomerRow>(sql.customers(db.company.id, [id])) : [];
  if (!row) throw new Problem(404, 'There is no such customer.');
  return row;
}

function leadOn({ res, company }: ApiContext, survivor: string, below = ''): null {
  res.status(301).location(`/api/v1/companies/${company.slug}/customers/${survivor}${below}`).end();
  return null;
}
