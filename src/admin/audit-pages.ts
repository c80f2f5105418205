import * as audit from '../audit/audit.ts';
import type { SignedInContext } from '../web/context.ts';
import { readBefore } from '../web/pager.ts';

const PATH = '/admin/audit';
const PER_PAGE = 50;
const PER_BATCH = 1000;

/** Everything that was done in the portal. */
export async function list(ctx: SignedInContext): Promise<void> {
  const before = readBefore(ctx);
  const { wish, found } = await ctx.services.tenancy.inPortal(async (db) => {
    const wish = await audit.readWish(ctx, db);
    return { wish, found: await listed(wish, () => audit.list(db, wish.conditions, PER_PAGE, before)) };
  });
  await ctx.render('admin/audit', audit.logModel(ctx, wish, { path: PATH, companies: true, before, ...found }));
}

export async function download(ctx: SignedInContext): Promise<void> {
  const { services, member, req } = ctx;
  const wish = await services.tenancy.inPortal((db) => audit.readWish(ctx, db));
  if (Object.keys(wish.errors).length > 0) return ctx.redirect(`${PATH}?${new URLSearchParams(wish.typed)}`);
  if (req.method !== 'HEAD') {
    const subject = { filter: new URLSearchParams(wish.typed).toString() };
    await services.tenancy.inPortal((db) =>
      audit.write(db, { userId: member.user.id, action: 'audit.taken', subject }),
    );
  }
  await audit.logFile(ctx, (before) =>
    services.tenancy.inPortal((db) => audit.list(db, wish.conditions, PER_BATCH, before)),
  );
}

/** Nothing is found for somebody or something that there is not. */
const listed = async (wish: audit.Wish, find: () => ReturnType<typeof audit.list>) =>
  Object.keys(wish.errors).length > 0 ? { entries: [], more: false } : find();
