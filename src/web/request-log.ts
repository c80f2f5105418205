import type { RequestHandler } from 'express';
import { pinoHttp } from 'pino-http';
import { newId } from '../kernel/id.ts';
import { requestLines } from '../platform/log.ts';

/** One line a request, with its id, which error pages show too. No cookies, no secrets of links, nothing that was typed. */
export function requestLog(): RequestHandler {
  return pinoHttp({
    logger: requestLines,
    genReqId: (_req, res) => {
      const id = newId();
      res.setHeader('X-Request-Id', id);
      return id;
    },
    autoLogging: { ignore: (req) => QUIET.some((path) => req.url?.startsWith(path)) },
    customLogLevel: (_req, res, error) => (error || res.statusCode >= 500 ? 'error' : 'info'),
    serializers: {
      req: (req) => ({ id: req.id, method: req.method, url: withoutSecrets(req.url), address: req.raw.ip }),
      res: (res) => ({ status: res.statusCode }),
    },
  });
}

const QUIET = ['/assets/', '/healthz', '/readyz', '/metrics'];

/** Links of letters carry a secret in their path, searches name people. */
export function withoutSecrets(url: string): string {
  return url.replace(/\?.*$/s, '?…').replace(/^(\/(?:password\/reset|invitations|u)\/)[^/?]+/, '$1…');
}
