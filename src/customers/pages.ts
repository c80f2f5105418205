import type { CompanyContext } from '../web/context.ts';
import { contacts, duplicates } from './one.ts';
import { generalModel } from './view.ts';
import { visit } from './visit.ts';

/** Everything about one customer at a glance (P-67). */
export async function showGeneral(ctx: CompanyContext): Promise<void> {
  const visited = await visit(ctx, 'general', async (db, { id }) => ({
    contacts: await contacts(db, id),
    duplicates: await duplicates(db, id),
  }));
  if (visited)
    await ctx.render('customers/general', generalModel(ctx, visited.customer, visited.header, visited.loaded));
}
