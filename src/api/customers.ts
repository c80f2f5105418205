import * as customers from '../customers/customers.ts';
import { isId } from '../kernel/id.ts';
import { liveSegments } from '../segments/segments.ts';
import * as tags from '../tags/tags.ts';
import type { CompanyReader } from '../tenancy/handles.ts';
import type { Call } from '../web/api.ts';
import type { ApiContext } from '../web/context.ts';
import { Problem } from '../web/problem.ts';
import type { CustomerPage, OneCustomer, OrderPage } from './answers.ts';
import { customerDoc, customersDoc, ordersDoc } from './docs.ts';
import { readState } from './list-query.ts';
import { ordersOf, readMark } from './orders.ts';
import { nothing, ordersQuery, readQuery } from './query.ts';
import { customerView } from './view.ts';

/** `GET /api/v1/companies/:company/customers` */
export const listCustomers: Call = { handler: list, doc: customersDoc };

// Milliseconds; a count takes that long only where the database is in trouble.
const PATIENCE = 30_000;

async function list({ req, res, services, company, now }: ApiContext): Promise<void> {
  const answer = await services.tenancy.reading(company, async (db): Promise<CustomerPage> => {
    const state = readState(req, company, await liveSegments(db));
    const { rows, total, next } = await customers.list(db, state, now);
    const exact = total ?? (await customers.count(db, state, now, PATIENCE));
    if (exact === null) throw new Problem(503, 'The list could not be counted in time. Repeat the call.');
    const ids = rows.map(({ id }) => id);
    const tagged = await tags.ofCustomers(db, ids);
    return { customers: rows.map((row) => customerView(row, tagged, company.currency)), total: exact, next };
  });
  res.json(answer);
}

/** `GET /api/v1/companies/:company/customers/:id` */
export const showCustomer: Call = { handler: show, doc: customerDoc };

async function show(ctx: ApiContext): Promise<void> {
  readQuery(ctx.req, nothing);
  const answer = await ctx.services.tenancy.reading(ctx.company, async (db): Promise<OneCustomer | Elsewhere> => {
    const row = await find(db, ctx);
    if ('mergedInto' in row) return row;
    const contacts = await customers.contacts(db, row.id);
    const { orders, next } = await ordersOf(db, row.id, null);
    return {
      ...customerView(row, await tags.ofCustomers(db, [row.id]), ctx.company.currency),
      contacts: contacts.map(({ kind, value, given }) => ({ kind, value, given })),
      orders,
      ordersNext: next,
    };
  });
  send(ctx, answer);
}

/** `GET /api/v1/companies/:company/customers/:id/orders` */
export const listOrders: Call = { handler: orders, doc: ordersDoc };

async function orders(ctx: ApiContext): Promise<void> {
  const { cursor } = readQuery(ctx.req, ordersQuery);
  const after = cursor === undefined ? null : readMark(cursor);
  const answer = await ctx.services.tenancy.reading(ctx.company, async (db): Promise<OrderPage | Elsewhere> => {
    const row = await find(db, ctx);
    return 'mergedInto' in row ? row : ordersOf(db, row.id, after);
  });
  send(ctx, answer, '/orders');
}

interface Elsewhere {
  mergedInto: string;
}

async function find(db: CompanyReader, { req }: ApiContext): Promise<customers.CustomerRow | Elsewhere> {
  const { id } = req.params;
  const found = typeof id === 'string' && isId(id) ? await customers.one(db, id) : null;
  if (!found) throw new Problem(404, 'There is no such customer.');
  return found;
}

/** A merged customer leads on to the one that survived. */
function send({ res, company }: ApiContext, answer: object | Elsewhere, below = ''): void {
  if (!('mergedInto' in answer)) return void res.json(answer);
  res.status(301).location(`/api/v1/companies/${company.slug}/customers/${answer.mergedInto}${below}`).end();
}
