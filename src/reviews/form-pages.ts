import { one, visit } from '../customers/customers.ts';
import type { CompanyDb } from '../tenancy/handles.ts';
import type { CompanyContext } from '../web/context.ts';
import { nothingTyped, type Refusal, submit } from '../web/form.ts';
import { numbersOf, type OwnRow, ownOf, ownsOf } from './tab/tab.ts';
import { correctionModel, formModel } from './writing/form-view.ts';
import { correction, newReview } from './writing/input.ts';
import { correct, write } from './writing/writing.ts';

/** "Leave a review about the customer" (P-82). */
export function showNew(ctx: CompanyContext): Promise<void> {
  return newPage(ctx, nothingTyped);
}

export async function postNew(ctx: CompanyContext): Promise<void> {
  const { services, company, member, now, t } = ctx;
  const author = { userId: member.user.id, now };
  const outcome = await submit(ctx, newReview, (said) =>
    services.tenancy.inCompany(company, async (db) => {
      const id = await customerNow(db, customerOf(ctx));
      if (id) await write(db, id, said, author);
      return id;
    }),
  );
  if ('errors' in outcome) return newPage(ctx, outcome);
  if (!outcome.saved) return ctx.notFound();
  ctx.redirect(`/customers/${outcome.saved}/reviews`, { kind: 'done', text: t('reviews.done.written') });
}

/** A review that is one's own is corrected; what is published stays until a moderator has looked at the new text. */
export function showCorrection(ctx: CompanyContext): Promise<void> {
  return correctionPage(ctx, nothingTyped);
}

export async function postCorrection(ctx: CompanyContext): Promise<void> {
  const { services, company, member, now, t } = ctx;
  const outcome = await submit(ctx, correction, (said) =>
    services.tenancy.inCompany(company, async (db) => {
      const own = await ownHere(db, ctx);
      if (own) await correct(db, own, said, { userId: member.user.id, now });
      return own !== null;
    }),
  );
  if ('errors' in outcome) return correctionPage(ctx, outcome);
  if (!outcome.saved) return ctx.notFound();
  ctx.redirect(tabOf(ctx), { kind: 'done', text: t('reviews.done.corrected') });
}

export const customerOf = (ctx: CompanyContext) => String(ctx.req.params.id);
export const tabOf = (ctx: CompanyContext) => `/customers/${customerOf(ctx)}/reviews`;

/** Whoever was merged while the form stood open is written about where the merge led. */
async function customerNow(db: CompanyDb, id: string): Promise<string | null> {
  const customer = await one(db, id);
  return customer && ('mergedInto' in customer ? customer.mergedInto : customer.id);
}

/** The review of the address, when it is the company's own and about a number of that customer. */
export async function ownHere(db: Parameters<typeof ownOf>[0], ctx: CompanyContext): Promise<OwnRow | null> {
  const own = await ownOf(db, String(ctx.req.params.review));
  const numbers = own ? await numbersOf(db, customerOf(ctx)) : [];
  return numbers.some(({ key }) => key === own?.phone_key) ? own : null;
}

async function newPage(ctx: CompanyContext, refusal: Refusal): Promise<void> {
  const visited = await visit(ctx, 'reviews', async (db, { id }) => {
    const numbers = await numbersOf(db, id);
    return { numbers, own: await ownsOf(db, numbers) };
  });
  if (!visited) return;
  const { customer, header, loaded } = visited;
  const model = formModel(ctx, { id: customer.id, name: header.name }, loaded, refusal);
  await ctx.render('reviews/form', model, statusOf(refusal));
}

async function correctionPage(ctx: CompanyContext, refusal: Refusal): Promise<void> {
  const visited = await visit(ctx, 'reviews', (db) => ownHere(db, ctx));
  if (!visited) return;
  const { customer, header, loaded: own } = visited;
  if (!own) return ctx.notFound();
  const model = correctionModel(ctx, { id: customer.id, name: header.name }, own, refusal);
  await ctx.render('reviews/form', model, statusOf(refusal));
}

const statusOf = ({ errors }: Refusal) => (Object.keys(errors).length > 0 ? 422 : 200);
