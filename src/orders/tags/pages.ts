import { ensure, find, tagField, tagOrder, untagOrder } from '../../tags/tags.ts';
import type { CompanyContext } from '../../web/context.ts';
import { submit } from '../../web/form.ts';
import { one } from '../orders.ts';
import { orderPage } from '../pages.ts';

/** Puts a tag on an order, out of the same list as those of customers (P-73, reading 22). */
export async function add(ctx: CompanyContext): Promise<void> {
  const userId = ctx.member.user.id;
  const outcome = await submit(ctx, tagField, ({ tag: name }) =>
    ctx.services.tenancy.inCompany(ctx.company, async (db) => {
      if (!(await one(db, idOf(ctx)))) return null;
      const tag = await ensure(db, name, userId);
      await tagOrder(db, idOf(ctx), tag.id, userId);
      return tag;
    }),
  );
  if ('errors' in outcome)
    return orderPage(ctx, { typed: outcome.values.tag ?? '', error: outcome.errors.tag ?? null });
  if (!outcome.saved) return ctx.notFound();
  ctx.redirect(pageOf(ctx), { kind: 'done', text: ctx.t('tags.told.added', { name: outcome.saved.name }) });
}

export async function remove(ctx: CompanyContext): Promise<void> {
  const tag = await ctx.services.tenancy.inCompany(ctx.company, async (db) => {
    const known = await find(db, String(ctx.req.params.tag));
    if (!known || !(await one(db, idOf(ctx)))) return null;
    await untagOrder(db, idOf(ctx), known.id);
    return known;
  });
  if (!tag) return ctx.notFound();
  ctx.redirect(pageOf(ctx), { kind: 'done', text: ctx.t('tags.told.takenOff', { name: tag.name }) });
}

const pageOf = (ctx: CompanyContext) => `/orders/${idOf(ctx)}`;
const idOf = ({ req }: CompanyContext) => String(req.params.id);
