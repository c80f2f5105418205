import type { Request, Response } from 'express';
import { isId } from '../kernel/id.ts';
import { translator } from '../platform/i18n.ts';
import type { Locale } from '../tenancy/company.ts';
import type { Member } from '../tenancy/tenancy.ts';
import type { CompanyPermission } from './context.ts';
import { makeFormat } from './format.ts';
import type { OpenContext } from './guard-context.ts';
import { localPath } from './local-path.ts';
import { wantedLocale } from './locale.ts';
import type { MenuEntry } from './menu.ts';
import { pageData } from './page-data.ts';
import { refusal } from './permissions.ts';
import { renderPage, titleOf } from './render.ts';
import type { Services } from './services.ts';
import { isWornOut, renew, saveSession, signOut } from './session.ts';
import { noteSeen, noteSignIn } from './sign-ins.ts';

/** Finds out who asks, and lays out words, numbers and answers for them. */
export async function openContext(req: Request, res: Response, services: Services, menu: readonly MenuEntry[]) {
  const now = services.clock();
  return makeContext(req, res, services, menu, now, await findMember(req, services, now));
}

/** The session of a user who is gone, disabled, or has a new password or second factor is over; so is one that was ended, or lasts too long. */
async function findMember(req: Request, services: Services, now: Date): Promise<Member | null> {
  const { userId, companyId } = req.session;
  if (!userId) return null;
  if (isWornOut(req)) {
    await signOut(req);
    return null;
  }
  const signInId = req.session.signInId ?? (await adopt(req, services, userId, now));
  const member = await services.tenancy.member(userId, companyId ?? null, signInId);
  if (!member?.seenAt || !isOfToday(member, req)) {
    await signOut(req);
    return null;
  }
  await noteSeen(req, services, signInId, member.seenAt, now);
  const current = member.membership?.company.id;
  if (current && current !== companyId) req.session.companyId = current;
  renew(req, now);
  return member;
}

const isOfToday = ({ passwordStamp, factorStamp }: Member, { session }: Request) =>
  passwordStamp === session.passwordStamp && factorStamp === (session.factorStamp ?? null);

/** A session of the version before this one, which wrote down nowhere who is signed in. */
async function adopt(req: Request, services: Services, userId: string, now: Date): Promise<string> {
  req.session.signInId = await noteSignIn(req, services, userId, now);
  return req.session.signInId;
}

/** The same request, seen in another company of the same person. null: the person is no member there. */
export async function switchCompany(ctx: OpenContext, companyId: string): Promise<OpenContext | null> {
  if (!ctx.member || !isId(companyId)) return null;
  const member = await ctx.services.tenancy.member(ctx.member.user.id, companyId);
  if (member?.membership?.company.id !== companyId) return null;
  return makeContext(ctx.req, ctx.res, ctx.services, ctx.menu, ctx.now, member);
}

export function makeContext(
  req: Request,
  res: Response,
  services: Services,
  menu: readonly MenuEntry[],
  now: Date,
  member: Member | null,
): OpenContext {
  const locale: Locale = member?.user.locale ?? wantedLocale(req);
  const t = translator(locale);
  const company = member?.membership?.company ?? null;
  const role = member?.membership?.role ?? null;
  const may = (permission: CompanyPermission) =>
    company !== null && role !== null && refusal(company, role, permission) === null;

  const ctx: OpenContext = {
    req,
    res,
    services,
    now,
    locale,
    t,
    format: makeFormat(locale, company?.timezone ?? 'UTC', now),
    member,
    company,
    role,
    may,
    menu,
    allows: (permission) => {
      if (permission === 'admin' || permission === 'moderator') return member?.[permission] === true;
      return may(permission);
    },
    render: async (view, model, status = 200) => {
      const html = renderPage(view, model, pageData(ctx, titleOf(view, model, t)), t);
      res.status(status).type('html').send(html);
    },
    redirect: (path, message) => {
      if (message) req.session.flash = message;
      // A visitor without a session keeps none.
      const kept = message || req.session.userId || req.session.csrfToken ? saveSession(req) : Promise.resolve();
      kept.then(() => res.redirect(303, localPath(path)), req.next);
    },
    notFound: () => {
      const title = t('web.error.404.title');
      return ctx.render(
        'web/error',
        { status: 404, title, text: t('web.error.404.text'), requestId: String(req.id) },
        404,
      );
    },
  };
  return ctx;
}
