import * as consents from '../../consents/consents.ts';
import type { Context } from '../../web/context.ts';
import { type Link, linkOf, rowOf, waitAfterWrong } from './link.ts';
import { silence, stilled } from './stop.ts';
import { isSilent, mayUndo } from './undo.ts';
import { doneModel, nameModel } from './view.ts';

/** Where the address in a message leads. Looking changes nothing: what opens addresses in messages is often a machine (P-02). */
export async function show(ctx: Context): Promise<void> {
  const link = await open(ctx);
  if (!link) return;
  if (isSilent(link)) return link.leaving ? moment(ctx, link) : ctx.render('stop/done', doneModel(ctx, link));
  await ctx.render('stop/show', nameModel(ctx, link));
}

/** How long a call to the provider may still last. */
const MOMENT_SECONDS = 10;

/** From here on nothing more is sent; whoever is told so can rely on it: while a message is being handed over, it takes a moment more. */
export async function stop(ctx: Context): Promise<void> {
  const link = await open(ctx);
  if (!link) return;
  const { tenancy } = ctx.services;
  if (!isSilent(link)) await tenancy.inCompany(link.company, (db) => silence(db, link, 'page'));
  if (await stilled(tenancy, link.company, link.addressKey)) return ctx.redirect(pathOf(ctx));
  await moment(ctx, link);
}

async function moment(ctx: Context, link: Link): Promise<void> {
  ctx.res.set('Retry-After', String(MOMENT_SECONDS));
  await ctx.render('stop/moment', nameModel(ctx, link), 503);
}

/** Changed their mind: for a few minutes it is enough to say so here. */
export async function undo(ctx: Context): Promise<void> {
  const link = await open(ctx);
  if (!link) return;
  const undone = await ctx.services.tenancy.inCompany(link.company, async (db) => {
    const row = await rowOf(db, link.code);
    return row !== null && mayUndo(row, ctx.now) && consents.lift(db, link.addressKey, null, { only: ['page'] });
  });
  if (!undone) return ctx.redirect(pathOf(ctx));
  await ctx.render('stop/undone', nameModel(ctx, link));
}

/** null: it was answered, in the same words whatever is wrong with the address. */
async function open(ctx: Context): Promise<Link | null> {
  ctx.res.set({ 'X-Robots-Tag': 'noindex', 'Cache-Control': 'no-store' });
  const link = await linkOf(ctx.services, String(ctx.req.params.code));
  if (link) return link;
  const wait = await waitAfterWrong(ctx.services.limiter, ctx.req.ip ?? '');
  if (wait > 0) {
    ctx.res.set('Retry-After', String(wait));
    await ctx.render('stop/busy', {}, 429);
  } else {
    await ctx.render('stop/unknown', {}, 404);
  }
  return null;
}

const pathOf = ({ req }: Context): string => `/u/${encodeURIComponent(String(req.params.code))}`;
