import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import type { Services } from './services.ts';
import type { SessionStore } from './session-store.ts';

export interface Flash {
  kind: 'done' | 'error';
  text: string;
  /** where there is more about it */
  link?: { path: string; text: string };
}

declare module 'express-session' {
  interface SessionData {
    userId: string;
    /** the company the person works in now */
    companyId: string;
    /** `Member.passwordStamp` at sign-in: a new password ends every session that carries an older one */
    passwordStamp: string;
    flash: Flash;
    /** milliseconds; the session is written again only when this is old */
    renewedAt: number;
  }
}

const HOUR = 60 * 60 * 1000;
const SIGNED_IN = 12 * HOUR;
/** long enough to fill in a login form */
const ANONYMOUS = HOUR;
const RENEW_AFTER = 10 * 60 * 1000;

/** Nobody gets a session before a form needs one; a session is written only when something in it changed. */
export function sessions({ config, secrets }: Services, { store }: SessionStore): RequestHandler {
  const secure = isSecure(config.publicUrl);
  return session({
    store,
    secret: secrets.sessionSecret,
    name: secure ? '__Host-session' : 'session',
    resave: false,
    saveUninitialized: false,
    // Cookies of an https portal go out although the proxy in front ends TLS.
    ...(secure ? { proxy: true } : {}),
    cookie: { httpOnly: true, secure, sameSite: 'lax', path: '/', maxAge: ANONYMOUS },
  });
}

export const isSecure = (publicUrl: string) => publicUrl.startsWith('https:');

/** A new session id for a new person: what was known before the sign-in opens nothing after it. */
export async function signIn(req: Request, user: { id: string; passwordStamp: string }, now: Date): Promise<void> {
  await regenerate(req);
  req.session.userId = user.id;
  req.session.passwordStamp = user.passwordStamp;
  req.session.renewedAt = now.getTime();
  req.session.cookie.maxAge = SIGNED_IN;
}

/** Ends the session here and in the store; what follows is nobody's. */
export const signOut = (req: Request) => regenerate(req);

/** Twelve hours from the last use, give or take ten minutes: not every page is worth a write. */
export function renew(req: Request, now: Date): void {
  if (now.getTime() - (req.session.renewedAt ?? 0) < RENEW_AFTER) return;
  req.session.renewedAt = now.getTime();
  req.session.cookie.maxAge = SIGNED_IN;
}

function regenerate(req: Request): Promise<void> {
  return new Promise((done, failed) => {
    req.session.regenerate((error: unknown) => (error ? failed(error) : done()));
  });
}

/** Writes the session now: a browser that follows a redirect may be faster than the end of this answer. */
export function saveSession(req: Request): Promise<void> {
  return new Promise((done, failed) => {
    req.session.save((error: unknown) => (error ? failed(error) : done()));
  });
}
