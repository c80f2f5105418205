import type { Request } from 'express';
import { csrfToken } from './csrf.ts';
import type { OpenContext } from './guard-context.ts';
import { isBelow, type MenuItem, menuItems } from './menu.ts';
import type { Flash } from './session.ts';

/** What the layout shows around every page; templates read it as `@page`. */
export interface PageData {
  title: string;
  locale: string;
  theme: 'auto' | 'light' | 'dark';
  nonce: string;
  /** made when a form asks for it: a page without one starts no session */
  readonly csrf: string;
  /** of this page, with its query */
  address: string;
  member: { name: string; email: string; initials: string } | null;
  /** null: the person is in no company, or the page is not a company's */
  companyId: string | null;
  company: { name: string; unpaid: boolean; canSwitch: boolean } | null;
  /** who is told on this page that nothing is sent after a restore; null: nobody, or it is sent */
  held: 'admin' | 'company' | null;
  menu: MenuItem[];
  /** notices that wait to be read; 0: no number is shown */
  unread: number;
  flash: Flash | null;
  languages: { code: string; name: string; address: string; current: boolean }[];
}

export function pageData(ctx: OpenContext, title: string): PageData {
  const { req, member, locale } = ctx;
  const membership = member?.membership ?? null;
  return {
    title,
    locale,
    theme: member?.user.theme ?? 'auto',
    nonce: ctx.res.locals.nonce,
    get csrf() {
      return csrfToken(req);
    },
    address: req.method === 'GET' ? req.originalUrl : '/',
    member: member && { name: member.user.name, email: member.user.email, initials: initials(member.user.name) },
    companyId: membership?.company.id ?? null,
    company: membership && {
      name: membership.company.name,
      unpaid: membership.company.plan !== 'paid',
      canSwitch: (member?.companies ?? 0) > 1,
    },
    held: member?.held ? heldOn(req.path, member.admin) : null,
    menu: menuItems(ctx.menu, req.path, (permission) => ctx.allows(permission), ctx.t, {
      duplicates: member?.duplicates ?? 0,
      cases: member?.cases ?? 0,
    }),
    unread: member?.unread ?? 0,
    flash: takeFlash(req),
    languages: languages(req, locale),
  };
}

function heldOn(path: string, admin: boolean): PageData['held'] {
  if (admin && isBelow(path, '/admin')) return 'admin';
  return isBelow(path, '/sms') ? 'company' : null;
}

function takeFlash(req: Request): Flash | null {
  const flash = req.session?.flash ?? null;
  if (flash) delete req.session.flash;
  return flash;
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words.at(0), words.at(-1)] : words;
  return letters
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
}

const NAMES = { en: 'English', uk: 'Українська' };

function languages(req: Request, locale: string): PageData['languages'] {
  return Object.entries(NAMES).map(([code, name]) => {
    const query = new URLSearchParams(req.originalUrl.split('?')[1] ?? '');
    query.set('lang', code);
    return { code, name, address: `${req.path}?${query}`, current: code === locale };
  });
}
