import { csrfSync } from 'csrf-sync';
import type { Request } from 'express';
import type { Config } from '../platform/config.ts';
import { HttpError } from './errors.ts';

const { isRequestValid, generateToken } = csrfSync({
  size: 32,
  getTokenFromRequest: (req) => req.headers['x-csrf-token'] ?? req.body?._csrf,
});

/** The token of this session, made when the first form asks for it. */
export const csrfToken = (req: Request): string => generateToken(req);

/** Throws 403 when a changing request does not come from a form of ours. Two lines: the browser's word on where it comes from, and the token. */
export function refuseForgery(req: Request, config: Config): void {
  if (req.method === 'GET' || req.method === 'HEAD') return;
  if (!isOwnOrigin(req, config) || !isRequestValid(req)) throw new HttpError(403, 'forged');
}

function isOwnOrigin(req: Request, config: Config): boolean {
  const site = req.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin } = req.headers;
  if (origin === undefined || origin === config.publicUrl) return true;
  return URL.canParse(origin) && new URL(origin).host === req.headers.host;
}
