import { createHash } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { log } from '../platform/log.ts';
import { contextOf } from './enter.ts';

/** Forms by which somebody proves who they are, or changes how they do: each try is written down, good or bad. */
export const PROOFS: Readonly<Record<string, string>> = {
  'POST /login': 'sign-in',
  'POST /login/code': 'second-factor',
  'POST /logout': 'sign-out',
  'POST /profile/password': 'password-change',
  'POST /profile/security': 'second-factor-begin',
  'POST /profile/security/setup': 'second-factor-setup',
  'POST /profile/security/codes': 'recovery-codes',
  'POST /profile/security/device': 'second-factor-change',
  'POST /profile/security/removal': 'second-factor-removal',
  'POST /profile/sessions/:id/ending': 'session-end',
  'POST /profile/other-sessions/ending': 'sessions-end',
  'POST /password/forgot': 'password-letter',
  'POST /password/reset/:token': 'password-reset',
  'POST /invitations/:token': 'joining',
  'POST /about-me': 'number-code',
  'POST /about-me/code': 'number-proof',
};

/** What was refused, by the status of the answer. */
const REFUSALS: Readonly<Record<number, string>> = {
  400: 'input',
  401: 'access',
  403: 'access',
  405: 'input',
  413: 'input',
  415: 'input',
  422: 'input',
  429: 'limit',
};

/**
 * One line of the security log for each proof of who somebody is, and for whatever was refused: when, who, from where, which address
 * and why. Nothing that was typed stands in it: of an account that is only claimed, the beginning of a digest.
 */
export function securityLog(): RequestHandler {
  return (req, res, next) => {
    res.once('finish', () => {
      const event = eventOf(req, res);
      if (!event) return;
      const line = { ...event, ...circumstances(req, res) };
      if (event.outcome === 'done') log.info(line, 'security');
      else log.warn(line, 'security');
    });
    next();
  };
}

interface Event {
  security: string;
  outcome: 'done' | 'half' | 'refused';
}

function eventOf(req: Request, res: Response): Event | null {
  const proof = PROOFS[`${req.method} ${routeOf(req)}`];
  const refused = REFUSALS[res.statusCode] ?? (isHidden(req, res) || isLedToSignIn(req, res) ? 'access' : undefined);
  if (proof && res.locals.reason !== 'forged')
    return { security: proof, outcome: refused ? 'refused' : outcomeOf(proof, req) };
  return refused ? { security: res.locals.reason === 'forged' ? 'forgery' : refused, outcome: 'refused' } : null;
}

/** A right password alone opens nothing where there is a second factor. */
const outcomeOf = (proof: string, req: Request) => (proof === 'sign-in' && !req.session?.userId ? 'half' : 'done');

/** Whoever is known asks for something that is not there, or not theirs: nobody is told which. */
const isHidden = (req: Request, res: Response) =>
  res.statusCode === 404 &&
  (userOf(req, res) !== undefined ||
    res.locals.keyId !== undefined ||
    Object.hasOwn(PROOFS, `${req.method} ${routeOf(req)}`));

const isLedToSignIn = (req: Request, res: Response) =>
  res.statusCode === 303 && /^\/login(?:\?|$)/.test(String(res.get('Location'))) && routeOf(req) !== '/logout';

function circumstances(req: Request, res: Response): Record<string, unknown> {
  const email: unknown = req.body?.email;
  return {
    requestId: req.id,
    method: req.method,
    route: routeOf(req),
    status: res.statusCode,
    reason: res.locals.reason,
    address: req.ip,
    userId: userOf(req, res),
    companyId: req.session?.companyId,
    keyId: res.locals.keyId,
    account: typeof email === 'string' ? digest(email) : undefined,
  };
}

const userOf = (req: Request, res: Response): string | undefined =>
  contextOf(res)?.member?.user.id ?? req.session?.userId;

const routeOf = (req: Request): string => String(req.route?.path ?? 'none');

const digest = (email: string) => createHash('sha256').update(email.trim().toLowerCase()).digest('hex').slice(0, 12);
