import type { Request } from 'express';
import { Passport } from 'passport';
import { Strategy } from 'passport-local';
import { parseEmail } from '../kernel/email.ts';
import type { Context } from '../web/context.ts';
import { contextOf } from '../web/enter.ts';
import { signIn, stopHalfway } from '../web/session.ts';
import { noteSignIn } from '../web/sign-ins.ts';
import { rememberDevice } from './device.ts';
import { isPassword } from './password.ts';
import type { LoginRow } from './sql.ts';
import { takeTurn } from './throttle.ts';
import { findUserByEmail } from './users.ts';

export type Login = { user: LoginRow } | { user: null; wait: number };

/** Checks what the form says. `wait`: seconds until the next attempt; 0: it was wrong, nothing more is said. */
export async function checkLogin(ctx: Context): Promise<Login> {
  return isFilledIn(ctx.req.body) ? ask(ctx) : { user: null, wait: 0 };
}

const HALFWAY = 10 * 60_000;

/**
 * The person has proved to know the password, or to read the letters to the account. Signs in, or, where there is a second factor,
 * goes half the way. Answers where the person goes now; `next`: where to in the end.
 */
export async function welcome(ctx: Context, user: LoginRow, next: string): Promise<string> {
  if (user.factor_stamp === null) {
    await letIn(ctx, user);
    return next;
  }
  const until = ctx.now.getTime() + HALFWAY;
  await stopHalfway(ctx.req, { userId: user.id, passwordStamp: user.password_stamp, next, until });
  return '/login/code';
}

/** Starts the session of a person who has proved everything there is to prove. */
export async function letIn({ req, res, services, now }: Context, user: LoginRow): Promise<void> {
  const signInId = await noteSignIn(req, services, user.id, now);
  const { id, password_stamp: passwordStamp, factor_stamp: factorStamp } = user;
  await signIn(req, { id, passwordStamp, factorStamp, signInId }, now);
  rememberDevice(req, res, services, user.id);
}

// A field that came twice is a list, and one that did not come is looked for in the address, where no password belongs.
function isFilledIn(form: unknown): boolean {
  const { email, password } = (form ?? {}) as Record<string, unknown>;
  return typeof email === 'string' && email !== '' && typeof password === 'string' && password !== '';
}

const passport = new Passport();

passport.use(
  new Strategy({ usernameField: 'email', passReqToCallback: true }, (req, email, password, done) => {
    check(req, email, password).then(
      (outcome) => (outcome.user ? done(null, outcome.user) : done(null, false, { message: String(outcome.wait) })),
      done,
    );
  }),
);

function ask({ req, res }: Context): Promise<Login> {
  return new Promise((resolve, reject) => {
    const answer = (error: unknown, user: LoginRow | false, info?: { message?: string }) => {
      if (error) return reject(error);
      resolve(user ? { user } : { user: null, wait: Number(info?.message) || 0 });
    };
    passport.authenticate('local', { session: false }, answer)(req, res, reject);
  });
}

async function check(req: Request, given: string, password: string): Promise<Login> {
  const ctx = req.res && contextOf(req.res);
  if (!ctx) throw new Error('A sign-in outside a page');
  const { services } = ctx;
  const email = parseEmail(given) ?? given;
  const user = await services.tenancy.inPortal((db) => findUserByEmail(db, email));
  const turn = await takeTurn(req, services, email, user?.id ?? null);
  if (turn.wait > 0) return { user: null, wait: turn.wait };
  const right = await isPassword(user?.password_hash ?? null, password);
  if (!right || !user || user.disabled_at) return { user: null, wait: 0 };
  await turn.succeeded();
  return { user };
}
