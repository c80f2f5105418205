import * as edit from './customers/edit/pages.ts';
import * as history from './customers/history/pages.ts';
import * as trash from './customers/trash/pages.ts';
import * as person from './exports/person/pages.ts';
import type { Route } from './web/context.ts';

const id = { id: 'customer' } as const;
const deleted = { id: 'deleted' } as const;

/** Adding, changing and deleting customers by hand. They stand before the customer's own pages: `new` and `deleted` are no ids. */
export const editRoutes: readonly Route[] = [
  { method: 'GET', path: '/customers/new', permission: 'customers:write', handler: edit.showNew },
  { method: 'POST', path: '/customers/new', permission: 'customers:write', handler: edit.create },
  { method: 'GET', path: '/customers/deleted', permission: 'customers:write', handler: trash.showDeleted },
  {
    method: 'GET',
    path: '/customers/:id/deletion',
    ids: id,
    permission: 'customers:write',
    handler: trash.confirmDeletion,
  },
  { method: 'POST', path: '/customers/:id/deletion', ids: id, permission: 'customers:write', handler: trash.deleteOne },
  {
    method: 'POST',
    path: '/customers/:id/restoration',
    ids: deleted,
    permission: 'customers:write',
    handler: trash.restoreOne,
  },
  {
    method: 'GET',
    path: '/customers/:id/erasure',
    ids: deleted,
    permission: 'customers:write',
    handler: trash.confirmErasure,
  },
  {
    method: 'POST',
    path: '/customers/:id/erasure',
    ids: deleted,
    permission: 'customers:write',
    handler: trash.eraseOne,
  },
  { method: 'GET', path: '/customers/:id/edit', ids: id, permission: 'customers:write', handler: edit.showEdit },
  { method: 'POST', path: '/customers/:id/edit', ids: id, permission: 'customers:write', handler: edit.save },
  { method: 'GET', path: '/customers/:id/copy', ids: id, permission: 'settings:manage', handler: person.showPerson },
  { method: 'POST', path: '/customers/:id/copy', ids: id, permission: 'settings:manage', handler: person.createPerson },
  { method: 'GET', path: '/customers/:id/history', ids: id, permission: 'customers:read', handler: history.showTab },
];
