import * as audit from '../audit/audit.ts';
import { endSignIns, findUser, removeSecondFactor, secondFactorOf } from '../auth/auth.ts';
import type { SignedInContext } from '../web/context.ts';

/** A lost second factor: the person signs in with the password alone again, and is told so. */
export async function askRemoval(ctx: SignedInContext): Promise<void> {
  const user = await find(ctx);
  if (!user || !(await ctx.services.tenancy.inPortal((db) => secondFactorOf(db, user.id)))) return ctx.notFound();
  const { t } = ctx;
  await ctx.render('admin/second-factor-removal', {
    title: t('settings.secondFactor.removeTitle', { name: user.name }),
    text: t('settings.secondFactor.removeText', { name: user.name }),
    action: `/admin/users/${user.id}/second-factor-removal`,
    back: `/admin/users/${user.id}`,
    submit: t('settings.secondFactor.remove'),
    error: null,
  });
}

export async function remove(ctx: SignedInContext): Promise<void> {
  const { services, member, t } = ctx;
  const user = await find(ctx);
  // One's own is turned off with password and code.
  if (!user || user.id === member.user.id) return ctx.notFound();
  const done = await services.tenancy.inPortal((db) => removeSecondFactor(db, user.id, member.user.id));
  if (!done) return ctx.notFound();
  ctx.redirect(`/admin/users/${user.id}`, {
    kind: 'done',
    text: t('settings.secondFactor.removed', { name: user.name }),
  });
}

export async function askEnding(ctx: SignedInContext): Promise<void> {
  const user = await find(ctx);
  if (!user) return ctx.notFound();
  const { t } = ctx;
  await ctx.render('admin/sign-ins-ending', {
    title: t('admin.signIns.endTitle', { name: user.name }),
    text: t('admin.signIns.endText', { name: user.name }),
    action: `/admin/users/${user.id}/sessions-ending`,
    back: `/admin/users/${user.id}`,
    submit: t('admin.signIns.end'),
    error: null,
  });
}

export async function end(ctx: SignedInContext): Promise<void> {
  const { services, member, t } = ctx;
  const user = await find(ctx);
  if (!user) return ctx.notFound();
  const { id, email } = user;
  const count = await services.tenancy.inPortal(async (db) => {
    const sessions = await endSignIns(db, id, null);
    await audit.write(db, { userId: member.user.id, action: 'signIn.ended', subject: { id, email, sessions } });
    return sessions;
  });
  ctx.redirect(`/admin/users/${id}`, { kind: 'done', text: t('auth.sessions.ended', { count }) });
}

const find = ({ req, services }: SignedInContext) =>
  services.tenancy.inPortal((db) => findUser(db, String(req.params.id)));
