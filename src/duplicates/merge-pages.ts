import * as customers from '../customers/customers.ts';
import { MAX_MERGED } from '../identity/identity.ts';
import { isId } from '../kernel/id.ts';
import type { CompanyContext } from '../web/context.ts';
import { merge } from './acts.ts';
import { CONFLICT, decide, foresee, many } from './decide.ts';
import * as duplicates from './duplicates.ts';
import { mergeModel, searchModel } from './merge-view.ts';

/** 2 to 10 customers side by side, and what would come of merging them. */
export async function showMerge(ctx: CompanyContext): Promise<void> {
  const ids = await chosen(ctx, ctx.req.query);
  const act = merge(ids, ctx.member.user.id);
  const found = wrongNumber(ctx, ids) ?? (await foresee(ctx, act, ids));
  await ctx.render('duplicates/merge', mergeModel(ctx, found, from(ctx.req.query)));
}

/** From the ticked rows of the list, whose form holds more than an address should: leads to the preview. */
export function choose(ctx: CompanyContext): void {
  const ids = many(ctx.req.body, 'ids')
    .filter(isId)
    .slice(0, MAX_MERGED + 1);
  ctx.redirect(`/duplicates/merge?${new URLSearchParams({ ids: ids.join(',') })}`);
}

export async function postMerge(ctx: CompanyContext): Promise<void> {
  const { t, req } = ctx;
  const ids = await chosen(ctx, req.body);
  const act = merge(ids, ctx.member.user.id);
  const outcome = wrongNumber(ctx, ids) ?? (await decide(ctx, act, ids));
  if (typeof outcome === 'string') return ctx.render('duplicates/merge', mergeModel(ctx, outcome, from(req.body)), 422);
  if ('changed' in outcome) {
    return ctx.render('duplicates/merge', mergeModel(ctx, outcome.changed, from(req.body), true), CONFLICT);
  }
  const { stepId } = outcome.done;
  if (from(req.body) === 'duplicates') {
    return ctx.redirect(`/duplicates?step=${stepId}`, { kind: 'done', text: t('duplicates.told.merged') });
  }
  const [survivor] = await ctx.services.tenancy.reading(ctx.company, (db) => duplicates.present(db, ids));
  ctx.redirect(`/customers/${survivor}/identity`, { kind: 'done', text: t('duplicates.told.merged') });
}

/** With whom to merge a customer: found by the search of the list. */
export async function showSearch(ctx: CompanyContext): Promise<void> {
  const { services, company, req, now } = ctx;
  const q = typeof req.query.q === 'string' ? req.query.q.slice(0, 255) : '';
  const found = await services.tenancy.reading(company, async (db) => {
    const customer = await customers.one(db, String(req.params.id));
    if (!customer || 'mergedInto' in customer) return customer;
    return { customer, rows: await duplicates.search(db, q, now) };
  });
  if (!found) return ctx.notFound();
  if ('mergedInto' in found) return ctx.res.redirect(301, `/customers/${found.mergedInto}/merge`);
  await ctx.render('duplicates/search', searchModel(ctx, found.customer, q, found.rows));
}

/** `ids=a&ids=b` and `ids=a,b`; who has been merged since stands for who that is now. */
function chosen({ services, company }: CompanyContext, given: unknown): Promise<string[]> {
  const ids = many(given, 'ids').flatMap((text) => text.split(','));
  return services.tenancy.reading(company, (db) => duplicates.present(db, ids.slice(0, 100)));
}

function wrongNumber({ t }: CompanyContext, ids: readonly string[]): string | null {
  if (ids.length < 2) return t('duplicates.merge.tooFew');
  return ids.length > MAX_MERGED ? t('duplicates.merge.tooMany', { count: MAX_MERGED }) : null;
}

const from = (given: unknown) => (many(given, 'from')[0] === 'duplicates' ? 'duplicates' : null);
