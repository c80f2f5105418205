import type { RefusedTag } from '../tags/tags.ts';
import type { CompanyContext } from '../web/context.ts';
import { knownOf } from './consents/pages.ts';
import { aside, contacts, duplicates } from './one.ts';
import { generalModel } from './view.ts';
import { visit } from './visit.ts';

/** Everything about one customer at a glance (P-67). */
export const showGeneral = (ctx: CompanyContext): Promise<void> => generalPage(ctx, null);

/** `refused`: the tag that was typed and could not be added. */
export async function generalPage(ctx: CompanyContext, refused: RefusedTag | null): Promise<void> {
  const visited = await visit(ctx, 'general', async (db, customer) => {
    const { id } = customer;
    const found = await Promise.all([contacts(db, id), duplicates(db, id), aside(db, id), knownOf(ctx, db, customer)]);
    return { contacts: found[0], duplicates: found[1], aside: found[2], known: found[3] };
  });
  if (!visited) return;
  const header = refused ? { ...visited.header, tags: { ...visited.header.tags, ...refused } } : visited.header;
  const model = generalModel(ctx, visited.customer, header, visited.loaded);
  await ctx.render('customers/general', model, refused ? 422 : 200);
}
