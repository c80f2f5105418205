import type { CompanyContext } from '../web/context.ts';
import { readBefore } from '../web/pager.ts';
import * as notices from './notices.ts';
import { noticesModel } from './view.ts';

const PER_PAGE = 20;

export async function list(ctx: CompanyContext): Promise<void> {
  const before = readBefore(ctx);
  const { notices: rows, more } = await ctx.services.tenancy.inCompany(ctx.company, (db) =>
    notices.list(db, ctx.member.user.id, PER_PAGE, before),
  );
  await ctx.render('notices/list', noticesModel(ctx, rows, more, before === null));
}

export async function read(ctx: CompanyContext): Promise<void> {
  const found = await ctx.services.tenancy.inCompany(ctx.company, (db) =>
    notices.markRead(db, ctx.member.user.id, String(ctx.req.params.id), ctx.now),
  );
  return found ? ctx.redirect('/notices') : ctx.notFound();
}

export async function readAll(ctx: CompanyContext): Promise<void> {
  await ctx.services.tenancy.inCompany(ctx.company, (db) => notices.markAllRead(db, ctx.member.user.id, ctx.now));
  ctx.redirect('/notices');
}
