import * as list from './customers/list/pages.ts';
import type { Route } from './web/context.ts';

/** The customers of a company, and what they ordered and wrote. */
export const customerRoutes: readonly Route[] = [
  { method: 'GET', path: '/customers', permission: 'customers:read', handler: list.showList },
  { method: 'GET', path: '/customers/total', permission: 'customers:read', handler: list.showTotal },
];
