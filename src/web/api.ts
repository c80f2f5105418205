import { type NextFunction, type Request, type RequestHandler, type Response, Router } from 'express';
import type { Limit } from '../platform/limiter.ts';
import { log } from '../platform/log.ts';
import { isOutage } from '../platform/outage.ts';
import type { KeyHolder, Scope } from '../tenancy/tenancy.ts';
import { bodySize, readJson } from './api-body.ts';
import { takeRoom } from './api-room.ts';
import type { ApiContext, Method, Route } from './context.ts';
import { Problem, problem } from './problem.ts';
import type { Services } from './services.ts';

export type ApiRoute = Extract<Route, { permission: `api:${Scope}` }>;

/** What answers a call, and what its callers are told. */
export type Call = Pick<ApiRoute, 'handler' | 'doc'>;

/** So many calls of one key; per process where there is no Redis. */
export const CALLS_PER_KEY: Limit = { name: 'api', points: 100, seconds: 1 };

/**
 * Everything below /api that takes a key. No session, no cookie and no form token come near it, so it goes before them; public
 * rows of the table are let through. Whatever else is asked for below /api, and whatever fails, is answered with a problem document.
 */
export function api(routes: readonly Route[], services: Services): Router {
  const router = Router();
  for (const [path, rows] of byPath(routes)) {
    const route = router.route(path);
    for (const row of rows) {
      const method = row.method.toLowerCase() as Lowercase<Method>;
      route[method](isApiRoute(row) ? entry(row, services) : leave);
    }
    route.all(otherMethod(rows));
  }
  router.use('/api', (_req, res) => problem(res, 404, 'There is nothing at this address. See /api/docs.'));
  router.use(failed);
  return router;
}

export const isApiRoute = (row: Route): row is ApiRoute => row.permission.startsWith('api:');

function byPath(routes: readonly Route[]): Map<string, Route[]> {
  const paths = new Map<string, Route[]>();
  for (const row of routes) {
    if (row.path.startsWith('/api/')) paths.set(row.path, [...(paths.get(row.path) ?? []), row]);
  }
  return paths;
}

const leave: RequestHandler = (_req, _res, next) => next('router');

/** Who may not, or asks too often, is told so before a byte of the body is read. */
function entry(row: ApiRoute, services: Services): RequestHandler {
  return async (req, res) => {
    const now = services.clock();
    const { keyId, portal, scopes, company } = await holderOf(req, res, services);
    res.locals.keyId = keyId;
    const wait = await services.limiter.take(CALLS_PER_KEY, keyId);
    if (wait > 0) {
      res.set('Retry-After', String(wait));
      throw new Problem(429, `This key may call ${CALLS_PER_KEY.points} times a second.`);
    }
    if (!company) throw new Problem(404, 'There is no such company, or this key may not see it.');
    const scope = row.permission.slice('api:'.length) as Scope;
    if (!scopes.includes(scope)) throw new Problem(403, `This key lacks the scope "${scope}".`);
    res.set('Cache-Control', 'no-store');
    const ctx = { req, res, services, now, company, keyId, portal };
    await (row.method === 'GET' ? row.handler(ctx) : withBody(row, ctx));
  };
}

async function withBody({ handler }: ApiRoute, ctx: ApiContext): Promise<void> {
  const leave = takeRoom(ctx.company.id, bodySize(ctx.req));
  if (!leave) throw new Problem(503, 'Too much is being taken in already. Send one call after another.');
  try {
    ctx.req.body = await readJson(ctx.req);
    await handler(ctx);
  } finally {
    leave();
  }
}

async function holderOf(req: Request, res: Response, { tenancy }: Services): Promise<KeyHolder> {
  const key = /^Bearer +(\S+) *$/i.exec(req.headers.authorization ?? '')?.[1];
  const holder = key === undefined ? null : await tenancy.keyHolder(key, slugOf(req));
  if (holder) return holder;
  res.set('WWW-Authenticate', key === undefined ? 'Bearer' : 'Bearer error="invalid_token"');
  throw new Problem(
    401,
    key === undefined ? 'Send a key: Authorization: Bearer <key>.' : 'This key is unknown or revoked.',
  );
}

/** What can be no slug is never asked of the database. */
function slugOf({ params }: Request): string | null {
  const { company } = params;
  return typeof company === 'string' && /^[a-z0-9-]{1,63}$/.test(company) ? company : null;
}

function otherMethod(rows: readonly Route[]): RequestHandler {
  const methods = rows.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  const allow = [...methods, 'OPTIONS'].join(', ');
  return (req, res) => {
    res.set('Allow', allow);
    if (req.method === 'OPTIONS') return void res.status(204).end();
    problem(res, 405, `${req.method} is not possible here; ${allow} are.`);
  };
}

function failed(error: unknown, req: Request, res: Response, _next: NextFunction): void {
  if (res.headersSent) return void res.destroy();
  const { status, message, more } = error instanceof Problem ? error : explain(error, req);
  if (status === 503) res.set('Retry-After', '5');
  problem(res, status, message, more);
}

function explain(error: unknown, req: Request): Problem {
  if (error instanceof URIError) return new Problem(400, 'The address is not properly percent-encoded.');
  log.error({ err: error, requestId: req.id, path: req.path }, 'a call of the API failed');
  return isOutage(error)
    ? new Problem(503, 'Not possible at this moment. Repeat the call; that does no harm.')
    : new Problem(500, 'Something went wrong on our side. Repeat the call; that does no harm.');
}
