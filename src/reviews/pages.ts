import { visit } from '../customers/customers.ts';
import { phoneKey } from '../kernel/phone-key.ts';
import type { CompanyContext } from '../web/context.ts';
import { anythingAbout, hintsAllowed, newLooks, noteLooks, reviewsOf } from './tab/tab.ts';
import { tabModel } from './tab/view.ts';

/** What companies wrote about this customer, as far as this one may read it, and its own reviews (P-79, P-89). */
export async function showTab(ctx: CompanyContext): Promise<void> {
  const { services, company, member, now } = ctx;
  const keyed = (text: string) => phoneKey(services.secrets.phoneKey, text);
  const visited = await visit(ctx, 'reviews', async (db, { id }) => {
    const reviews = await reviewsOf(db, id, { now, keyed });
    const others = [...reviews.recent, ...reviews.faded, ...reviews.former];
    const undealt = reviews.numbers.filter(({ dealt }) => !dealt);
    return {
      reviews,
      looks: await newLooks(db, others),
      hintFor: company.plan === 'paid' && undealt.length > 0 && (await hintsAllowed(db)) ? undealt : [],
    };
  });
  if (!visited) return;
  const { reviews, looks, hintFor } = visited.loaded;
  if (looks.length > 0) await services.tenancy.inCompany(company, (db) => noteLooks(db, looks, member.user.id, now));
  const keys = hintFor.map(({ key }) => key);
  const hinted = keys.length > 0 && (await services.tenancy.inPortal((db) => anythingAbout(db, keys)));
  await ctx.render('reviews/tab', tabModel(ctx, visited.customer.id, visited.header, reviews, hinted));
}
