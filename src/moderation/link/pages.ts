import type { SignedInContext } from '../../web/context.ts';
import { leadToSecondFactor, secondFactorDue } from '../../web/second-factor-due.ts';
import * as sql from './sql.ts';

/**
 * From a letter or a notice, which know the review and not the customer, to the customer's reviews. The address names its company: who
 * works in another one at the moment is asked to switch. To anybody else it is not there.
 */
export async function follow(ctx: SignedInContext): Promise<void> {
  const { services, member, req, t } = ctx;
  const [companyId, reviewId] = [String(req.params.company), String(req.params.id)];
  const there = await services.tenancy.member(member.user.id, companyId);
  const company = there?.membership?.company;
  if (!there || company?.id !== companyId) return ctx.notFound();
  if (secondFactorDue(there, 'company')) return leadToSecondFactor(ctx);
  const [customer] = await services.tenancy.reading(company, (db) =>
    db.query<{ id: string }>(sql.customerOf(db.company.id, reviewId)),
  );
  if (!customer) return ctx.notFound();
  if (member.membership?.company.id === companyId) return ctx.redirect(`/customers/${customer.id}/reviews`);
  ctx.redirect('/companies', { kind: 'error', text: t('moderation.told.switch', { company: company.name }) });
}
