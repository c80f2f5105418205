import { z } from 'zod';
import type { Limit } from '../platform/limiter.ts';
import type { Context } from '../web/context.ts';
import { submit, typedValues } from '../web/form.ts';
import { welcome } from './login.ts';
import { hashPassword, newPassword, refuseGuessable } from './password.ts';
import { askForReset, openReset, useReset } from './resets.ts';
import { emailInput } from './users.ts';

const HOUR = 3600;
const FOLLOWED_BY: Limit = { name: 'reset-link', points: 60, seconds: HOUR };
const ASKED_BY: Limit = { name: 'reset-address', points: 20, seconds: HOUR };
// Nobody needs more letters than that, and nobody's mailbox is to be filled by others.
const ASKED_FOR: Limit = { name: 'reset-account', points: 3, seconds: HOUR };

export async function showForgot(ctx: Context): Promise<void> {
  await ctx.render('auth/forgot', { email: '', sent: false, error: null });
}

/** The answer is the same whether there is such an account or not. */
export async function postForgot(ctx: Context): Promise<void> {
  const { req, res, services, t } = ctx;
  const email = typedValues(req.body).email ?? '';
  const wait = await services.limiter.take(ASKED_BY, req.ip ?? '');
  if (wait > 0) {
    res.set('Retry-After', String(wait));
    return ctx.render('auth/forgot', { email, sent: false, error: t('auth.login.wait', { count: wait }) }, 429);
  }
  const outcome = await submit(ctx, z.object({ email: emailInput }), async (form) => {
    const enough = (await services.limiter.take(ASKED_FOR, form.email)) > 0;
    if (!enough) await services.tenancy.inPortal((db) => askForReset(db, form.email));
  });
  if ('errors' in outcome) {
    return ctx.render('auth/forgot', { email, sent: false, error: outcome.errors.email ?? null }, 422);
  }
  await ctx.render('auth/forgot', { email, sent: true, error: null });
}

export async function showReset(ctx: Context): Promise<void> {
  const token = tokenOf(ctx);
  const open = await ctx.services.tenancy.inPortal((db) => openReset(db, token, ctx.now));
  return open ? ctx.render('auth/reset', { token, errors: {} }) : deadLink(ctx);
}

/** Hashing a password is dear: it is done for links that open something, and not for one address again and again. */
export async function postReset(ctx: Context): Promise<void> {
  const { req, res, services, now, t } = ctx;
  const token = tokenOf(ctx);
  const wait = await services.limiter.take(FOLLOWED_BY, req.ip ?? '');
  if (wait > 0) {
    res.set('Retry-After', String(wait));
    return ctx.render('auth/reset', { token, errors: { password: t('auth.login.wait', { count: wait }) } }, 429);
  }
  const open = await services.tenancy.inPortal((db) => openReset(db, token, now));
  if (!open) return deadLink(ctx);
  const outcome = await submit(ctx, z.object({ password: newPassword }), async ({ password }) => {
    refuseGuessable(password, open);
    const passwordHash = await hashPassword(password);
    return services.tenancy.inPortal((db) => useReset(db, token, passwordHash, now));
  });
  if ('errors' in outcome) return ctx.render('auth/reset', { token, errors: outcome.errors }, 422);
  if (!outcome.saved || outcome.saved.disabled_at) return deadLink(ctx);
  ctx.redirect(await welcome(ctx, outcome.saved, '/'), { kind: 'done', text: t('auth.reset.done') });
}

function deadLink(ctx: Context): Promise<void> {
  return ctx.render('auth/dead-link', { text: ctx.t('auth.reset.dead'), again: '/password/forgot' }, 404);
}

const tokenOf = (ctx: Context) => String(ctx.req.params.token);
