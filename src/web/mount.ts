import type { Express, RequestHandler } from 'express';
import { isApiRoute } from './api.ts';
import { readForm } from './body.ts';
import type { Method, Route } from './context.ts';
import { enter } from './enter.ts';
import { hook, isHookRoute } from './hooks.ts';
import type { MenuEntry } from './menu.ts';
import type { Services } from './services.ts';
import { receiveUpload } from './upload.ts';

/** Puts the pages of the route table to work, and what programs tell us; calls of the API have their own entrance. */
export function mount(
  app: Express,
  routes: readonly Route[],
  services: Services,
  session: RequestHandler,
  menu: readonly MenuEntry[],
): void {
  const form = readForm({ bytes: 200 * 1024, fields: 2000 });
  for (const route of routes) {
    if (isApiRoute(route)) continue;
    if (isHookRoute(route)) {
      app[VERBS[route.method]](route.path, ...hook(route, services));
      continue;
    }
    const body = route.upload === undefined ? form : receiveUpload(route.upload, form);
    app[VERBS[route.method]](route.path, session, body, enter(route, services, menu));
  }
}

const VERBS = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const satisfies Record<
  Method,
  string
>;
