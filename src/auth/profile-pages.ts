import { z } from 'zod';
import { LOCALES } from '../platform/i18n.ts';
import type { SignedInContext } from '../web/context.ts';
import { choices, line, oneOf, type Refusal, submit } from '../web/form.ts';
import { localPath } from '../web/local-path.ts';
import { checkCurrent, goOn } from './again.ts';
import { hashPassword, newPassword, refuseGuessable } from './password.ts';
import { changePassword, setProfile, setTheme } from './users.ts';

const profile = z.object({ name: line(200), locale: oneOf(LOCALES) });
const passwords = z.object({
  current: z.string('web.form.required').min(1, 'web.form.required'),
  password: newPassword,
});

export function showProfile(ctx: SignedInContext): Promise<void> {
  return show(ctx, { values: {}, errors: {} });
}

export async function postProfile(ctx: SignedInContext): Promise<void> {
  const { services, member, t } = ctx;
  const outcome = await submit(ctx, profile, (form) =>
    services.tenancy.inPortal((db) => setProfile(db, member.user.id, form)),
  );
  if ('errors' in outcome) return show(ctx, outcome);
  ctx.redirect('/profile', { kind: 'done', text: t('web.form.saved') });
}

/** Every other session of the person ends; this one goes on under a new id. */
export async function postPassword(ctx: SignedInContext): Promise<void> {
  const { services, member, t } = ctx;
  const outcome = await submit(ctx, passwords, async ({ current, password }) => {
    await checkCurrent(ctx, current);
    refuseGuessable(password, [member.user.name, member.user.email]);
    const passwordHash = await hashPassword(password);
    return services.tenancy.inPortal((db) => changePassword(db, member.user.id, passwordHash));
  });
  if ('errors' in outcome) return show(ctx, { ...outcome, values: {} });
  if (outcome.saved) await goOn(ctx, outcome.saved);
  ctx.redirect('/profile', { kind: 'done', text: t('auth.profile.passwordChanged') });
}

export async function postTheme(ctx: SignedInContext): Promise<void> {
  const { theme } = z.object({ theme: z.enum(['auto', 'light', 'dark']).catch('auto') }).parse(ctx.req.body);
  await ctx.services.tenancy.inPortal((db) => setTheme(db, ctx.member.user.id, theme));
  ctx.redirect(localPath(ctx.req.body.back));
}

export async function postLanguage(ctx: SignedInContext): Promise<void> {
  const { name } = ctx.member.user;
  const { locale } = z.object({ locale: z.enum(LOCALES).catch('en') }).parse(ctx.req.body);
  await ctx.services.tenancy.inPortal((db) => setProfile(db, ctx.member.user.id, { name, locale }));
  ctx.redirect(localPath(ctx.req.body.back));
}

function show(ctx: SignedInContext, { values, errors }: Refusal): Promise<void> {
  const { email, name, locale } = ctx.member.user;
  const model = {
    email,
    name: values.name ?? name,
    locales: choices(LOCALES, values.locale ?? locale, (code) => ctx.t(`auth.locale.${code}`)),
    errors,
  };
  return ctx.render('auth/profile', model, Object.keys(errors).length > 0 ? 422 : 200);
}
