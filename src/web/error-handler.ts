import type { ErrorRequestHandler, Request, Response } from 'express';
import { log } from '../platform/log.ts';
import { isOutage } from '../platform/outage.ts';
import { contextOf } from './enter.ts';
import { ERROR_STATUSES, type ErrorStatus, HttpError } from './errors.ts';
import type { MenuEntry } from './menu.ts';
import { makeContext } from './open-context.ts';
import type { Services } from './services.ts';

/** The last word on a request that failed: a page in the person's language. */
export function answerErrors(services: Services, menu: readonly MenuEntry[]): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    const status = statusOf(error);
    if (status >= 500) log.error({ err: error, requestId: req.id }, 'a request failed');
    if (res.headersSent) return next(error);
    // Whoever went away in the middle reads no page, and a thousand who do must not keep the others waiting for theirs.
    if (req.socket.destroyed) return void res.destroy();
    const known = error instanceof HttpError ? error : new HttpError(status, undefined, status === 503 ? 5 : undefined);
    res.locals.reason = known.reason;
    if (known.retryAfter) res.set('Retry-After', String(known.retryAfter));
    return showError(req, res, known, services, menu).catch(next);
  };
}

/** Errors of Express and its parsers carry their status; anything else is a fault of ours. */
function statusOf(error: unknown): ErrorStatus {
  if (isOutage(error)) return 503;
  if (typeof error !== 'object' || error === null || !('status' in error)) return 500;
  const { status } = error;
  if (ERROR_STATUSES.some((known) => known === status)) return status as ErrorStatus;
  return typeof status === 'number' && status >= 400 && status < 500 ? 400 : 500;
}

async function showError(
  req: Request,
  res: Response,
  { status, reason, retryAfter }: HttpError,
  services: Services,
  menu: readonly MenuEntry[],
): Promise<void> {
  const ctx = contextOf(res) ?? makeContext(req, res, services, menu, services.clock(), null);
  const { t } = ctx;
  const words = reason ? `web.error.reason.${reason}` : `web.error.${status}`;
  const model = {
    status,
    title: t(`${words}.title`),
    text: t(`${words}.text`, { count: retryAfter }),
    requestId: String(req.id),
  };
  res.set('Cache-Control', 'no-store');
  await ctx.render('web/error', model, status);
}
