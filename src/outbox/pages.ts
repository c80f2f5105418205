import { isId } from '../kernel/id.ts';
import type { Context } from '../web/context.ts';
import * as outbox from './outbox.ts';
import { outboxModel } from './view.ts';

const PER_PAGE = 20;

/** What the unset transports would have sent. For the developer at the machine itself, never in production. */
export async function list(ctx: Context): Promise<void> {
  if (ctx.services.config.production) return ctx.notFound();
  const given = ctx.req.query.before;
  const before = typeof given === 'string' && isId(given) ? given : null;
  const shelf = await ctx.services.tenancy.inPortal((db) => outbox.list(db, PER_PAGE, before));
  await ctx.render('outbox/list', outboxModel(ctx, shelf, before === null));
}
