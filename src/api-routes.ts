import * as customers from './api/customers.ts';
import { OPENAPI_ADDRESS, sendOpenApi, showDocs } from './api/docs-page.ts';
import * as segments from './api/segments.ts';
import * as ingest from './ingest/endpoints.ts';
import * as campaigns from './sms/api/endpoints.ts';
import type { ApiRoute } from './web/api.ts';
import type { Route } from './web/context.ts';

const company = '/api/v1/companies/:company';
const slug = { company: 'slug' } as const;
const ids = { company: 'slug', id: 'customer' } as const;
const campaign = { company: 'slug', id: 'campaign' } as const;

const calls: readonly ApiRoute[] = [
  { method: 'POST', path: `${company}/orders`, ids: slug, permission: 'api:ingest', ...ingest.postOrders },
  { method: 'POST', path: `${company}/messages`, ids: slug, permission: 'api:ingest', ...ingest.postMessages },
  { method: 'POST', path: `${company}/feedback`, ids: slug, permission: 'api:ingest', ...ingest.postFeedback },
  { method: 'POST', path: `${company}/consents`, ids: slug, permission: 'api:consents', ...ingest.postConsents },
  { method: 'GET', path: `${company}/customers`, ids: slug, permission: 'api:read', ...customers.listCustomers },
  { method: 'GET', path: `${company}/customers/:id`, ids, permission: 'api:read', ...customers.showCustomer },
  { method: 'GET', path: `${company}/customers/:id/orders`, ids, permission: 'api:read', ...customers.listOrders },
  { method: 'GET', path: `${company}/segments`, ids: slug, permission: 'api:read', ...segments.listSegments },
  { method: 'POST', path: `${company}/campaigns`, ids: slug, permission: 'api:send', ...campaigns.postCampaign },
  { method: 'GET', path: `${company}/campaigns/:id`, ids: campaign, permission: 'api:send', ...campaigns.getCampaign },
];

/** What programs call, and where they are told how. */
export const apiRoutes: readonly Route[] = [
  ...calls,
  { method: 'GET', path: '/api/docs', permission: 'public', handler: showDocs(calls) },
  { method: 'GET', path: OPENAPI_ADDRESS, permission: 'public', handler: sendOpenApi(calls) },
];
