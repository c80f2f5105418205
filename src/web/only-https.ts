import type { RequestHandler } from 'express';
import { problem } from './problem.ts';
import { isSecure } from './session.ts';

/**
 * Where the portal is on https, and the trusted proxy says that a request came without: people are sent to the same address with it;
 * programs are refused, so that a key that travels in the clear is noticed and not merely led on.
 */
export function onlyHttps(publicUrl: string): RequestHandler {
  const secure = isSecure(publicUrl);
  return (req, res, next) => {
    if (!secure || req.secure || !saysProxy(req.app.get('trust proxy'), req.headers['x-forwarded-proto']))
      return next();
    const isPage =
      (req.method === 'GET' || req.method === 'HEAD') &&
      !/^\/(?:api|webhooks|metrics|healthz|readyz)(?:\/|$)/.test(req.path);
    if (!isPage) return problem(res, 403, 'Send it to the address with https.');
    res.redirect(308, publicUrl + req.originalUrl);
  };
}

/** Behind no proxy, nobody can tell: TLS may end before us. */
const saysProxy = (trusted: unknown, said: unknown) => trusted !== false && said !== undefined;
