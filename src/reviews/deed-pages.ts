import { visit } from '../customers/customers.ts';
import type { CompanyContext } from '../web/context.ts';
import { nothingTyped, type Refusal, submit } from '../web/form.ts';
import { customerOf, ownHere, tabOf } from './form-pages.ts';
import { numbersOf, readable, type SeenRow } from './tab/tab.ts';
import { disputeModel } from './writing/dispute-view.ts';
import { dispute } from './writing/input.ts';
import { disputeReview, withdraw } from './writing/writing.ts';

/** Taking a review back cannot be undone, so it is asked first. */
export async function askWithdrawal(ctx: CompanyContext): Promise<void> {
  const { t } = ctx;
  const visited = await visit(ctx, 'reviews', (db) => ownHere(db, ctx));
  if (!visited) return;
  if (!visited.loaded) return ctx.notFound();
  const { state, id } = visited.loaded;
  await ctx.render('reviews/withdrawal', {
    title: t('reviews.withdrawal.title', { name: visited.header.name }),
    text: t(`reviews.withdrawal.${state === 'published' ? 'published' : 'text'}`),
    action: `${tabOf(ctx)}/${id}/withdrawal`,
    back: tabOf(ctx),
    submit: t('reviews.withdrawal.submit'),
    error: null,
  });
}

export async function postWithdrawal(ctx: CompanyContext): Promise<void> {
  const { services, company, member, now, t } = ctx;
  const done = await services.tenancy.inCompany(company, async (db) => {
    const own = await ownHere(db, ctx);
    return own !== null && withdraw(db, own.id, { userId: member.user.id, now });
  });
  if (!done) return ctx.notFound();
  ctx.redirect(tabOf(ctx), { kind: 'done', text: t('reviews.done.withdrawn') });
}

/** Another company with the same customer may say that a review is not true. */
export function showDispute(ctx: CompanyContext): Promise<void> {
  return disputePage(ctx, nothingTyped);
}

export async function postDispute(ctx: CompanyContext): Promise<void> {
  const { services, company, member, now, t } = ctx;
  const outcome = await submit(ctx, dispute, ({ text }) =>
    services.tenancy.inCompany(company, async (db) => {
      const review = await foreignHere(db, ctx);
      if (review) await disputeReview(db, review, text, { userId: member.user.id, now });
      return review !== null;
    }),
  );
  if ('errors' in outcome) return disputePage(ctx, outcome);
  if (!outcome.saved) return ctx.notFound();
  ctx.redirect(tabOf(ctx), { kind: 'done', text: t('reviews.done.disputed') });
}

async function disputePage(ctx: CompanyContext, refusal: Refusal): Promise<void> {
  const visited = await visit(ctx, 'reviews', (db) => foreignHere(db, ctx));
  if (!visited) return;
  if (!visited.loaded) return ctx.notFound();
  const model = disputeModel(ctx, visited.header.name, tabOf(ctx), visited.loaded, refusal);
  await ctx.render('reviews/dispute', model, Object.keys(refusal.errors).length > 0 ? 422 : 200);
}

/** The review of the address, when another company wrote it about a number of that customer, and this one may read it. */
async function foreignHere(db: Parameters<typeof readable>[0], ctx: CompanyContext): Promise<SeenRow | null> {
  const review = await readable(db, String(ctx.req.params.review));
  const numbers = review && !review.own ? await numbersOf(db, customerOf(ctx)) : [];
  return numbers.some(({ key }) => key === review?.phone_key) ? review : null;
}
