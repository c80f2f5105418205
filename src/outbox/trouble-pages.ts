import type { SignedInContext } from '../web/context.ts';
import { readBefore } from '../web/pager.ts';
import { trouble } from './trouble.ts';
import { troubleModel } from './trouble-view.ts';

const PER_PAGE = 50;

/** For the portal's administrators: whom our letters do not reach, and why. */
export async function list(ctx: SignedInContext): Promise<void> {
  const before = readBefore(ctx);
  const found = await ctx.services.tenancy.inPortal((db) => trouble(db, PER_PAGE, before));
  await ctx.render('outbox/trouble', troubleModel(ctx, found, before === null));
}
