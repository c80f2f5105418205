import { z } from 'zod';
import type { Context } from '../../web/context.ts';
import { line, submit } from '../../web/form.ts';
import { letIn } from '../login.ts';
import type { LoginRow } from '../sql.ts';
import { findUser } from '../users.ts';
import { prove } from './prove.ts';

/** The second half of a sign-in. Without the first one, or when that was too long ago, it begins anew. */
export async function showCode(ctx: Context): Promise<void> {
  const user = await halfway(ctx);
  if (!user) return begin(ctx);
  await page(ctx, null, 200);
}

export async function postCode(ctx: Context): Promise<void> {
  const { req, res, t } = ctx;
  const user = await halfway(ctx);
  if (!user) return begin(ctx);
  const outcome = await submit(ctx, z.object({ code: line(40) }), ({ code }) => prove(ctx, user.id, code));
  if ('errors' in outcome) return page(ctx, outcome.errors.code ?? null, 422);
  const proof = outcome.saved;
  if (proof.by === null) {
    if (proof.wait === 0) return page(ctx, t('auth.secondFactor.wrong'), 422);
    res.set('Retry-After', String(proof.wait));
    return page(ctx, t('auth.login.wait', { count: proof.wait }), 429);
  }
  const next = req.session.halfway?.next ?? '/';
  await letIn(ctx, user);
  if (proof.by === 'code') return ctx.redirect(next);
  const link = { path: '/profile/security', text: t('auth.secondFactor.usedLink') };
  ctx.redirect(next, { kind: 'done', text: t('auth.secondFactor.usedOne', { count: proof.left }), link });
}

/** Who is half signed in, if that is not too long ago and the password is still the same one. */
async function halfway({ req, services, member, now }: Context): Promise<LoginRow | null> {
  const half = req.session.halfway;
  if (member || !half || half.until < now.getTime()) return null;
  const user = await services.tenancy.inPortal((db) => findUser(db, half.userId));
  const same = user && !user.disabled_at && user.password_stamp === half.passwordStamp;
  return same && user.factor_stamp !== null ? user : null;
}

function begin({ req, member, t, redirect }: Context): void {
  const half = req.session.halfway;
  if (member || !half) {
    redirect(member ? '/' : '/login');
    return;
  }
  delete req.session.halfway;
  const text = t('auth.secondFactor.tooLate');
  redirect(`/login?${new URLSearchParams({ next: half.next })}`, { kind: 'error', text });
}

const page = (ctx: Context, error: string | null, status: number): Promise<void> =>
  ctx.render('auth/code', { error }, status);
