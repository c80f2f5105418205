import { findMember, isOnlyOf, type MemberRow, removeSecondFactor } from '../auth/auth.ts';
import { wantSecondFactor } from '../companies/companies.ts';
import type { CompanyContext } from '../web/context.ts';
import { ticked } from '../web/form.ts';

/** Whether all members need one. Only somebody who has one can want it of the others. */
export async function want(ctx: CompanyContext): Promise<void> {
  const { services, company, member, req, t } = ctx;
  const wanted = ticked.parse(req.body?.wanted);
  if (wanted && member.factorStamp === null) {
    const link = { path: '/profile/security', text: t('settings.secondFactor.ownLink') };
    return ctx.redirect('/settings/users', { kind: 'error', text: t('settings.secondFactor.ownFirst'), link });
  }
  await services.tenancy.inCompany(company, (db) => wantSecondFactor(db, wanted, member.user.id));
  ctx.redirect('/settings/users', { kind: 'done', text: t('web.form.saved') });
}

export async function askRemoval(ctx: CompanyContext): Promise<void> {
  const found = await find(ctx);
  if (!found) return ctx.notFound();
  const { name, id } = found;
  const { t } = ctx;
  await ctx.render('settings/second-factor-removal', {
    title: t('settings.secondFactor.removeTitle', { name }),
    text: t('settings.secondFactor.removeText', { name }),
    action: `/settings/users/${id}/second-factor-removal`,
    back: `/settings/users/${id}`,
    submit: t('settings.secondFactor.remove'),
    error: null,
  });
}

export async function remove(ctx: CompanyContext): Promise<void> {
  const found = await find(ctx);
  if (!found) return ctx.notFound();
  const { services, company, member, t } = ctx;
  await services.tenancy.inPortal(async (db) => {
    // Asked again in the same transaction: the person may have become somebody else's as well.
    if (await isOnlyOf(db, found.id, company.id)) await removeSecondFactor(db, found.id, member.user.id, company.id);
  });
  ctx.redirect(`/settings/users/${found.id}`, {
    kind: 'done',
    text: t('settings.secondFactor.removed', { name: found.name }),
  });
}

/** A member who has one that an owner may take away; nobody takes away one's own here, where neither password nor code is asked for. */
async function find({ services, company, member, req }: CompanyContext): Promise<MemberRow | null> {
  const id = String(req.params.id);
  const found = await services.tenancy.inCompany(company, (db) => findMember(db, id));
  if (!found?.second_factor || found.id === member.user.id) return null;
  return (await services.tenancy.inPortal((db) => isOnlyOf(db, id, company.id))) ? found : null;
}
