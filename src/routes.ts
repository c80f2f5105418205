import * as api from './api/customers.ts';
import { OPENAPI_ADDRESS, sendOpenApi, showDocs } from './api/docs-page.ts';
import * as login from './auth/login-pages.ts';
import * as home from './home.ts';
import * as ingest from './ingest/endpoints.ts';
import type { ApiRoute } from './web/api.ts';
import type { Route } from './web/context.ts';

const company = '/api/v1/companies/:company';
const ids = { company: 'slug', id: 'customer' } as const;
const slug = { company: 'slug' } as const;

/** What programs call. */
const calls: readonly ApiRoute[] = [
  { method: 'POST', path: `${company}/orders`, ids: slug, permission: 'api:ingest', ...ingest.postOrders },
  { method: 'POST', path: `${company}/messages`, ids: slug, permission: 'api:ingest', ...ingest.postMessages },
  { method: 'POST', path: `${company}/feedback`, ids: slug, permission: 'api:ingest', ...ingest.postFeedback },
  { method: 'GET', path: `${company}/customers/:id`, ids, permission: 'api:read', ...api.showCustomer },
  { method: 'GET', path: `${company}/customers/:id/orders`, ids, permission: 'api:read', ...api.listOrders },
];

/** Every address of the portal, who may use it, and what answers. */
export const routes: readonly Route[] = [
  { method: 'GET', path: '/', permission: 'public', handler: home.show },

  // Signing in
  { method: 'GET', path: '/login', permission: 'public', handler: login.showLogin },
  { method: 'POST', path: '/login', permission: 'public', handler: login.postLogin },
  { method: 'POST', path: '/logout', permission: 'signed-in', handler: login.postLogout },

  // Programs
  ...calls,
  { method: 'GET', path: '/api/docs', permission: 'public', handler: showDocs(calls) },
  { method: 'GET', path: OPENAPI_ADDRESS, permission: 'public', handler: sendOpenApi(calls) },
];
