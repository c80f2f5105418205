import type { SignedInContext } from '../web/context.ts';
import { companiesOfUser } from './companies.ts';
import type { OwnCompaniesModel } from './view.ts';

/** Where somebody with several companies chooses the one to work in. */
export async function list(ctx: SignedInContext): Promise<void> {
  const current = ctx.member.membership?.company.id;
  const own = await ctx.services.tenancy.inPortal((db) => companiesOfUser(db, ctx.member.user.id));
  const model: OwnCompaniesModel = {
    moderator: ctx.member.moderator,
    companies: own.map(({ id, name, role }) => ({
      id,
      name,
      role: ctx.t(`auth.role.${role}.name`),
      current: id === current,
    })),
  };
  await ctx.render('companies/list', model);
}

export async function enter(ctx: SignedInContext): Promise<void> {
  const wanted = String(ctx.req.params.id);
  const own = await ctx.services.tenancy.inPortal((db) => companiesOfUser(db, ctx.member.user.id));
  if (!own.some(({ id }) => id === wanted)) return ctx.notFound();
  ctx.req.session.companyId = wanted;
  ctx.redirect('/customers');
}
