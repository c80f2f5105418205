import * as trouble from './outbox/trouble-pages.ts';
import type { Route } from './web/context.ts';

/** Letters that do not reach their people. */
export const letterRoutes: readonly Route[] = [
  { method: 'GET', path: '/admin/letters', permission: 'admin', handler: trouble.list },
];
