import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { log } from '../platform/log.ts';
import { isOutage } from '../platform/outage.ts';
import { BodyError, isPacked, readBytes } from './body.ts';
import type { Route } from './context.ts';
import type { Services } from './services.ts';

export type HookRoute = Extract<Route, { permission: 'webhook' }>;

export const isHookRoute = (row: Route): row is HookRoute => row.permission === 'webhook';

/** The longest SMS, ten links to pictures and what the provider adds fit in many times over. */
const MOST_BYTES = 64 * 1024;

/** What answers a signed call. Its handler checks the signature before anything else, and answers 403 to what has none. */
export function hook({ handler }: HookRoute, services: Services): (RequestHandler | ErrorRequestHandler)[] {
  return [
    async (req: Request, res: Response) => {
      if (isPacked(req)) throw new BodyError(415, 'providers send uncompressed');
      const body = (await readBytes(req, MOST_BYTES)).toString('utf8');
      res.set('Cache-Control', 'no-store');
      await handler({ req, res, services, now: services.clock(), body });
    },
    failed,
  ];
}

/** Programs look at the status alone: whoever gets a 503 comes again. */
const failed: ErrorRequestHandler = (error: unknown, req, res, next) => {
  if (res.headersSent) return next(error);
  const status = statusOf(error);
  if (status >= 500) log.error({ err: error, requestId: req.id, path: req.path }, 'a webhook failed');
  res.status(status).type('text/plain').send('');
};

function statusOf(error: unknown): number {
  if (isOutage(error)) return 503;
  const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500;
  return status >= 400 && status < 500 ? status : 500;
}
