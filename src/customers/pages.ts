import type { RefusedTag } from '../tags/tags.ts';
import type { CompanyContext } from '../web/context.ts';
import { aside, contacts, duplicates } from './one.ts';
import { generalModel } from './view.ts';
import { visit } from './visit.ts';

/** Everything about one customer at a glance (P-67). */
export const showGeneral = (ctx: CompanyContext): Promise<void> => generalPage(ctx, null);

/** `refused`: the tag that was typed and could not be added. */
export async function generalPage(ctx: CompanyContext, refused: RefusedTag | null): Promise<void> {
  const visited = await visit(ctx, 'general', async (db, { id }) => ({
    contacts: await contacts(db, id),
    duplicates: await duplicates(db, id),
    aside: await aside(db, id),
  }));
  if (!visited) return;
  const header = refused ? { ...visited.header, tags: { ...visited.header.tags, ...refused } } : visited.header;
  const model = generalModel(ctx, visited.customer, header, visited.loaded);
  await ctx.render('customers/general', model, refused ? 422 : 200);
}
