import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import { csrfToken } from './csrf.ts';
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
    /** `Member.factorStamp` at sign-in, likewise */
    factorStamp: string | null;
    /** the row that says where one is signed in: a session without it is over */
    signInId: string;
    /** the password was right and the second factor is still to come: this opens nothing but the page that asks for it */
    halfway: Halfway;
    /** an authenticator that is being set up: its secret, sealed, and until when (milliseconds) */
    factorDraft: { sealed: string; until: number };
    /** milliseconds, by the clock that the store of sessions goes by */
    signedInAt: number;
    flash: Flash;
    /** milliseconds; the session is written again only when this is old */
    renewedAt: number;
  }
}

export interface Halfway {
  userId: string;
  passwordStamp: string;
  /** where the person wants to go */
  next: string;
  /** milliseconds */
  until: number;
}

const HOUR = 60 * 60 * 1000;
const SIGNED_IN = 12 * HOUR;
/** However much it is used: then one signs in anew. */
const LONGEST = 7 * 24 * HOUR;
/** long enough to fill in a login form */
const ANONYMOUS = HOUR;
const RENEW_AFTER = 10 * 60 * 1000;

/** Nobody gets a session before a form needs one; a session is written only when something in it changed. */
export function sessions({ config, secrets }: Services, { store }: SessionStore): RequestHandler {
  const secure = isSecure(config.publicUrl);
  return session({
    store,
    secret: [secrets.sessionSecret, secrets.earlierSessionSecret].filter((each) => each !== undefined),
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
export async function signIn(req: Request, user: SignedInUser, now: Date): Promise<void> {
  await regenerate(req);
  // Made now: pages that are opened side by side right after the sign-in would each make one, and only the last would be kept.
  csrfToken(req);
  req.session.userId = user.id;
  req.session.passwordStamp = user.passwordStamp;
  req.session.factorStamp = user.factorStamp;
  req.session.signInId = user.signInId;
  req.session.renewedAt = now.getTime();
  req.session.signedInAt = Date.now();
  req.session.cookie.maxAge = SIGNED_IN;
}

interface SignedInUser {
  id: string;
  passwordStamp: string;
  factorStamp: string | null;
  signInId: string;
}

/** The password was right, which is half of it: a new session id, and nobody is signed in under it. */
export async function stopHalfway(req: Request, halfway: Halfway): Promise<void> {
  await regenerate(req);
  req.session.halfway = halfway;
}

/** Ends the session here and in the store; what follows is nobody's. */
export const signOut = (req: Request) => regenerate(req);

/** Whether it has lasted as long as one may. */
export const isWornOut = ({ session }: Request): boolean =>
  session.signedInAt !== undefined && Date.now() - session.signedInAt > LONGEST;

/** Twelve hours from the last use, give or take ten minutes: not every page is worth a write. */
export function renew(req: Request, now: Date): void {
  if (now.getTime() - (req.session.renewedAt ?? 0) < RENEW_AFTER) return;
  req.session.renewedAt = now.getTime();
  // One of the version before this one begins to count now.
  req.session.signedInAt ??= Date.now();
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
