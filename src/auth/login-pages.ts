import type { Context, SignedInContext } from '../web/context.ts';
import { typedValues } from '../web/form.ts';
import { localPath } from '../web/local-path.ts';
import { signOut } from '../web/session.ts';
import { checkLogin, welcome } from './login.ts';
import { endSignIn } from './sign-ins/sign-ins.ts';

export async function showLogin(ctx: Context): Promise<void> {
  const next = localPath(ctx.req.query.next);
  if (ctx.member) return ctx.redirect(next);
  await ctx.render('auth/login', { email: '', next, error: null });
}

export async function postLogin(ctx: Context): Promise<void> {
  const { req, res, t } = ctx;
  const typed = typedValues(req.body);
  const next = localPath(typed.next);
  const outcome = await checkLogin(ctx);
  if (outcome.user) return ctx.redirect(await welcome(ctx, outcome.user, next));
  const { wait } = outcome;
  if (wait > 0) res.set('Retry-After', String(wait));
  const error = wait > 0 ? t('auth.login.wait', { count: wait }) : t('auth.login.wrong');
  await ctx.render('auth/login', { email: typed.email ?? '', next, error }, wait > 0 ? 429 : 422);
}

export async function postLogout(ctx: SignedInContext): Promise<void> {
  const { member, req, services } = ctx;
  const { signInId } = req.session;
  if (signInId) await services.tenancy.inPortal((db) => endSignIn(db, member.user.id, signInId));
  await signOut(req);
  // Back must not show customers to the next person at this machine.
  ctx.res.set('Clear-Site-Data', '"cache"');
  ctx.redirect('/login');
}
