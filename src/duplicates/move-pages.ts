import * as customers from '../customers/customers.ts';
import { isId } from '../kernel/id.ts';
import type { CompanyContext } from '../web/context.ts';
import { move } from './acts.ts';
import { CONFLICT, decide, foresee, many } from './decide.ts';
import * as duplicates from './duplicates.ts';
import { moveModel } from './move-view.ts';

/** To whom an order belongs: found by the search of the list; then what would come of moving it. */
export async function showOwner(ctx: CompanyContext): Promise<void> {
  const { services, company, req, now } = ctx;
  const q = typeof req.query.q === 'string' ? req.query.q.slice(0, 255) : '';
  const loaded = await services.tenancy.reading(company, async (db) => {
    const order = await duplicates.order(db, String(req.params.id));
    return order && { order, rows: await duplicates.search(db, q, now) };
  });
  if (!loaded) return ctx.notFound();
  const chosen = await target(ctx, req.query);
  const effect = chosen && (await foresee(ctx, move(loaded.order.id, chosen.id, ctx.member.user.id), [chosen.id]));
  await ctx.render('duplicates/move', moveModel(ctx, loaded.order, { q, rows: loaded.rows, chosen, effect }));
}

export async function postOwner(ctx: CompanyContext): Promise<void> {
  const { services, company, req, t } = ctx;
  const order = await services.tenancy.reading(company, (db) => duplicates.order(db, String(req.params.id)));
  if (!order) return ctx.notFound();
  const chosen = await target(ctx, req.body);
  const search = { q: '', rows: [], chosen };
  const outcome = chosen
    ? await decide(ctx, move(order.id, chosen.id, ctx.member.user.id), [chosen.id])
    : t('duplicates.move.choose');
  if (typeof outcome === 'string') {
    return ctx.render('duplicates/move', moveModel(ctx, order, { ...search, effect: outcome }), 422);
  }
  if ('changed' in outcome) {
    const model = moveModel(ctx, order, { ...search, effect: outcome.changed, isChanged: true });
    return ctx.render('duplicates/move', model, CONFLICT);
  }
  ctx.redirect(`/orders/${order.id}`, { kind: 'done', text: t('duplicates.told.moved') });
}

/** null: nobody was chosen, or nobody who is there */
async function target({ services, company }: CompanyContext, given: unknown) {
  const id = many(given, 'customer')[0] ?? '';
  if (!isId(id)) return null;
  return services.tenancy.reading(company, async (db) => {
    const [present] = await duplicates.present(db, [id]);
    return present ? ((await customers.several(db, [present]))[0] ?? null) : null;
  });
}
