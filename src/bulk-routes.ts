import * as bulk from './bulk/pages.ts';
import type { Route } from './web/context.ts';

const id = { id: 'bulk' } as const;

/** One thing done to many customers. */
export const bulkRoutes: readonly Route[] = [
  { method: 'GET', path: '/bulk', permission: 'customers:read', handler: bulk.list },
  { method: 'POST', path: '/bulk', permission: 'customers:write', handler: bulk.create },
  { method: 'GET', path: '/bulk/:id', ids: id, permission: 'customers:read', handler: bulk.show },
  { method: 'POST', path: '/bulk/:id/cancellation', ids: id, permission: 'customers:write', handler: bulk.cancel },
  { method: 'POST', path: '/bulk/:id/undoing', ids: id, permission: 'customers:write', handler: bulk.undo },
];
