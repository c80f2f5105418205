import type { SignedInContext } from '../web/context.ts';
import { readBefore } from '../web/pager.ts';
import { wallsModel } from './view.ts';
import * as walls from './walls.ts';

const PER_PAGE = 20;

export async function list(ctx: SignedInContext): Promise<void> {
  const before = readBefore(ctx);
  const shelf = await ctx.services.tenancy.inPortal((db) => walls.list(db, PER_PAGE, before));
  await ctx.render('walls/list', wallsModel(ctx, shelf, before));
}

export async function askForOne({ services, member, t, redirect }: SignedInContext): Promise<void> {
  const id = await services.tenancy.inPortal((db) => walls.request(db, member.user.id));
  redirect('/admin/walls', { kind: id ? 'done' : 'error', text: t(id ? 'walls.asked' : 'walls.already') });
}
