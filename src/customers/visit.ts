import { ofCustomers } from '../tags/tags.ts';
import type { CompanyReader } from '../tenancy/handles.ts';
import type { CompanyContext } from '../web/context.ts';
import { type HeaderModel, headerModel, type Tab, tabPath } from './header-view.ts';
import { one } from './one.ts';
import type { CustomerRow } from './sql.ts';

export interface Visit<Loaded> {
  customer: CustomerRow;
  header: HeaderModel;
  loaded: Loaded;
}

/**
 * Opens a tab of the customer's page (P-67). null: it has been answered, as not found (a foreign id like a missing one), or by
 * leading on to the customer that a merged one has become.
 */
export async function visit<Loaded>(
  ctx: CompanyContext,
  tab: Tab,
  load: (db: CompanyReader, customer: CustomerRow) => Promise<Loaded>,
): Promise<Visit<Loaded> | null> {
  const id = String(ctx.req.params.id);
  const found = await ctx.services.tenancy.reading(ctx.company, async (db) => {
    const customer = await one(db, id);
    if (!customer || 'mergedInto' in customer) return customer;
    const [tagged, loaded] = await Promise.all([ofCustomers(db, [customer.id]), load(db, customer)]);
    return { customer, tagged, loaded };
  });
  if (!found) {
    await ctx.notFound();
    return null;
  }
  if ('mergedInto' in found) {
    ctx.res.redirect(301, tabPath(found.mergedInto, tab));
    return null;
  }
  const { customer, tagged, loaded } = found;
  return { customer, header: headerModel(ctx, customer, tab, tagged), loaded };
}
