import * as audit from '../../audit/audit.ts';
import type { Context, SignedInContext } from '../../web/context.ts';
import { readBrowser } from './browser.ts';
import { endSignIn, endSignIns, listSignIns } from './sign-ins.ts';

export async function list(ctx: SignedInContext): Promise<void> {
  const { services, member, req, now, t, format } = ctx;
  const found = await services.tenancy.inPortal((db) => listSignIns(db, member.user.id, now));
  const sessions = found.map(({ id, browser, address, created_at, seen_at }) => ({
    id,
    where: nameOf(t, browser),
    address,
    since: format.dateTime(created_at),
    seen: format.relative(seen_at),
    here: id === req.session.signInId,
  }));
  sessions.sort((a, b) => Number(b.here) - Number(a.here));
  await ctx.render('auth/sessions', { sessions, others: sessions.some(({ here }) => !here) });
}

/** One that is ended can be signed in to again: it needs no second question. */
export async function end(ctx: SignedInContext): Promise<void> {
  const { services, member, req, t } = ctx;
  const id = String(req.params.id);
  const { id: userId } = member.user;
  const ended = await services.tenancy.inPortal(async (db) => {
    if (!(await endSignIn(db, userId, id))) return false;
    await audit.write(db, { userId, action: 'signIn.ended', subject: { id: userId, sessions: 1 } });
    return true;
  });
  if (!ended) return ctx.notFound();
  ctx.redirect('/profile/sessions', { kind: 'done', text: t('auth.sessions.ended', { count: 1 }) });
}

export async function endOthers(ctx: SignedInContext): Promise<void> {
  const { services, member, req, t } = ctx;
  const { id: userId } = member.user;
  const count = await services.tenancy.inPortal(async (db) => {
    const sessions = await endSignIns(db, userId, req.session.signInId ?? null);
    if (sessions > 0) await audit.write(db, { userId, action: 'signIn.ended', subject: { id: userId, sessions } });
    return sessions;
  });
  ctx.redirect('/profile/sessions', { kind: 'done', text: t('auth.sessions.ended', { count }) });
}

function nameOf(t: Context['t'], userAgent: string): string {
  const { browser, system } = readBrowser(userAgent);
  if (browser && system) return t('auth.sessions.on', { browser, system });
  return browser ?? system ?? t('auth.sessions.unknown');
}
