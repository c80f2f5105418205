import { randomBytes } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import helmet from 'helmet';
import { isSecure } from './session.ts';

/** Strict: nothing inline, nothing from elsewhere. A script needs this page's nonce or an address of ours. */
export function securityHeaders(publicUrl: string): RequestHandler[] {
  const secure = isSecure(publicUrl);
  const headers = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
        scriptSrc: ["'self'", (_req, res) => `'nonce-${(res as Response).locals.nonce}'`],
        styleSrc: ["'self'"],
        styleSrcAttr: ["'none'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        manifestSrc: ["'self'"],
      },
    },
    strictTransportSecurity: secure,
    // Forms must say where they come from; other sites must not learn our addresses.
    referrerPolicy: { policy: 'same-origin' },
  });
  return [
    (_req, res, next) => {
      res.locals.nonce = randomBytes(16).toString('base64');
      next();
    },
    headers,
    // No cache on the way may keep a page. The browser may (not "no-store"): Back must bring back what was typed; signing out
    // clears it.
    (_req, res, next) => {
      res.set('Cache-Control', 'private, no-cache');
      next();
    },
  ];
}
