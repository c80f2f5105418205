import type { Request, Response } from 'express';
import { isLocale, LOCALES } from '../platform/i18n.ts';
import type { Locale } from '../tenancy/company.ts';
import { readCookie } from './cookies.ts';

const CHOICE = 'lang';
const YEAR = 365 * 24 * 60 * 60 * 1000;

/** The language of somebody who is not signed in: as chosen here, else as the browser prefers. */
export function wantedLocale(req: Request): Locale {
  const chosen = req.query[CHOICE] ?? readCookie(req, nameOf(true)) ?? readCookie(req, nameOf(false));
  if (isLocale(chosen)) return chosen;
  const preferred = req.acceptsLanguages(...LOCALES);
  return isLocale(preferred) ? preferred : 'en';
}

/** Keeps the choice of `?lang=uk`. It changes nothing but the words, so that a plain link may do it. */
export function keepLocale(req: Request, res: Response, secure: boolean): void {
  const chosen = req.query[CHOICE];
  const options = { httpOnly: true, secure, sameSite: 'lax', path: '/', maxAge: YEAR } as const;
  if (isLocale(chosen)) res.cookie(nameOf(secure), chosen, options);
}

const nameOf = (secure: boolean) => (secure ? `__Host-${CHOICE}` : CHOICE);
