import type { Request, RequestHandler, Response } from 'express';
import type { CompanyContext, CompanyPermission, Context, Route, SignedInContext } from './context.ts';
import { refuseForgery } from './csrf.ts';
import { HttpError } from './errors.ts';
import { settleForeignCompany } from './foreign-company.ts';
import type { OpenContext } from './guard-context.ts';
import { keepLocale } from './locale.ts';
import { isLoopback } from './loopback.ts';
import type { MenuEntry } from './menu.ts';
import { openContext } from './open-context.ts';
import { refusal } from './permissions.ts';
import { isClean, namesIds } from './request-text.ts';
import { leadToSecondFactor, secondFactorDue } from './second-factor-due.ts';
import type { Services } from './services.ts';
import { isSecure } from './session.ts';

type PageRoute = Exclude<Route, { permission: `api:${string}` | 'webhook' }>;

/** What every request of a page passes, in this order, before its handler sees it. */
export function enter(route: PageRoute, services: Services, menu: readonly MenuEntry[]): RequestHandler {
  const secure = isSecure(services.config.publicUrl);
  return async (req, res) => {
    keepLocale(req, res, secure);
    const ctx = await openContext(req, res, services, menu);
    res.locals.ctx = ctx;
    if (!isClean(req)) throw new HttpError(400);
    refuseForgery(req, services.config);
    if (!namesIds(req, route.ids)) return ctx.notFound();
    await admit(route, ctx);
  };
}

/** An address that nobody answers; people who are signed in keep their menu. */
export function enterNowhere(services: Services, menu: readonly MenuEntry[]): RequestHandler {
  return async (req, res) => {
    res.locals.ctx = await openContext(req, res, services, menu);
    throw new HttpError(404);
  };
}

async function admit(route: PageRoute, ctx: OpenContext): Promise<void> {
  const { permission } = route;
  if (permission === 'public') return route.handler(ctx);
  if (permission === 'loopback') return isLoopback(ctx.req) ? route.handler(ctx) : ctx.notFound();
  if (!isSignedIn(ctx)) return ctx.redirect(loginPath(ctx.req));
  if (permission === 'signed-in') return route.handler(ctx);
  if (permission === 'admin' || permission === 'moderator') {
    if (!ctx.member[permission]) throw new HttpError(403, 'role');
    if (secondFactorDue(ctx.member, 'portal')) return leadToSecondFactor(ctx);
    return route.handler(ctx);
  }
  const settled = await settleForeignCompany(ctx);
  if (!settled) return;
  if (settled.member && secondFactorDue(settled.member, 'company')) return leadToSecondFactor(settled);
  await route.handler(companyContext(settled, permission));
}

/** The context of a page of the company. Throws 403 to those without a company, without the role, without the plan (P-05). */
function companyContext(ctx: OpenContext, permission: CompanyPermission): CompanyContext {
  if (!isInCompany(ctx)) throw new HttpError(403, 'no-company');
  const refused = refusal(ctx.company, ctx.role, permission);
  if (refused) throw new HttpError(403, refused);
  return ctx;
}

const isSignedIn = (ctx: OpenContext): ctx is OpenContext & SignedInContext => ctx.member !== null;

const isInCompany = (ctx: OpenContext): ctx is OpenContext & CompanyContext =>
  ctx.member !== null && ctx.company !== null && ctx.role !== null;

/** Back to the page after the sign-in; what was sent by a form cannot be repeated from an address. */
function loginPath(req: Request): string {
  const back = req.method === 'GET' && req.originalUrl !== '/' ? req.originalUrl : null;
  return back ? `/login?${new URLSearchParams({ next: back })}` : '/login';
}

/** The context of a request that failed; null when it failed before it had one. */
export const contextOf = (res: Response): Context | null => res.locals.ctx ?? null;
